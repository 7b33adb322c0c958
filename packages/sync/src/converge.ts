import type { Sync } from './definition.ts';
import type { RunOptions } from './execution.ts';
import type { RunResult } from './progress.ts';
import { runSync } from './run.ts';

/** What a convergence came to: the runs of each sync added up, in the order of the syncs. */
export interface Convergence {
  readonly results: readonly RunResult[];
  /** A whole round changed nothing, and no record waits that could go on. */
  readonly converged: boolean;
}

const mostRounds = 10;

const changedSomething = ({ created, updated }: RunResult): boolean => created + updated > 0;

/**
 * Runs the syncs in turn until a whole round changes nothing: a record that waited for its parent has then followed
 * it, whatever the order of the syncs.
 * @throws ConnectorError as {@link runSync} does.
 */
export const converge = async (syncs: readonly Sync[], options: RunOptions): Promise<Convergence> => {
  let results: RunResult[] = [];
  for (let round = 0; round < mostRounds; round += 1) {
    const latest: RunResult[] = [];
    for (const sync of syncs) {
      const result = await runSync(sync, options);
      latest.push(result);
      if (result.stopped) return { results: merge(results, latest), converged: false };
    }
    results = merge(results, latest);
    if (!latest.some(changedSomething)) return { results, converged: true };
  }
  return { results, converged: false };
};

/** Adds a round to the sums. A round that only confirmed what is there adds nothing to the counts. */
const merge = (sums: readonly RunResult[], round: readonly RunResult[]): RunResult[] => {
  const bySync = new Map(sums.map((sum) => [sum.sync, sum]));
  for (const result of round) {
    const sum = bySync.get(result.sync);
    bySync.set(result.sync, sum === undefined ? result : added(sum, result));
  }
  return [...bySync.values()];
};

const added = (sum: RunResult, next: RunResult): RunResult => {
  const { parked, deadLetters, stopped } = next;
  const seconds = sum.seconds + next.seconds;
  if (!changedSomething(next)) return { ...sum, parked, deadLetters, stopped, seconds };
  const { read, created, updated, unchanged } = sum;
  return {
    ...next,
    read: read + next.read,
    created: created + next.created,
    updated: updated + next.updated,
    unchanged: unchanged + next.unchanged,
    seconds,
  };
};
