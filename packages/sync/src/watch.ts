import { type Clock, connectorError, systemClock } from '@mortise/runtime';
import type { Sync } from './definition.ts';
import type { RunOptions } from './execution.ts';
import type { Hints, WaitingHint } from './hints.ts';
import type { RunResult } from './progress.ts';
import { runRecords } from './record-run.ts';
import { runSync } from './run.ts';

/** How a watch polls. */
export interface WatchOptions extends RunOptions {
  /** Time between the end of a round and the next, milliseconds; a minute unless given. */
  readonly pollMs?: number;
  /** Records that are carried as soon as they are named here, between two rounds or two syncs of a round. */
  readonly hints?: Hints;
  /** Told of every run that changed something, or after which more or fewer records are kept back than before. */
  readonly onChange?: (result: RunResult) => void;
}

const defaultPollMs = 60_000;

/**
 * Runs the syncs in turn, again and again, until the signal comes. Runs never overlap: an older state of a record is
 * not written over a newer one that a hint brought.
 * @throws ConnectorError as {@link runSync} does: whether to go on is the host's decision.
 */
export const watch = async (syncs: readonly Sync[], options: WatchOptions): Promise<void> => {
  const { pollMs = defaultPollMs, signal, clock = systemClock } = options;
  const tell = teller(options);
  const isEnded = () => signal?.aborted === true;
  while (!isEnded()) {
    for (const sync of syncs) {
      await followHints(options, tell);
      const result = await runSync(sync, options);
      tell(result);
      if (result.stopped) break;
    }
    const nextRound = clock.monotonic() + pollMs;
    while (!isEnded() && clock.monotonic() < nextRound) {
      await followHints(options, tell);
      await waitUntil(nextRound, { clock, signal, hints: options.hints });
    }
  }
  for (const { failed } of options.hints?.take() ?? []) failed(connectorError('cancelled', 'the watch has ended'));
};

const changedSomething = ({ created, updated }: RunResult): boolean => created + updated > 0;

const teller = ({ onChange }: WatchOptions): ((result: RunResult) => void) => {
  const keptBack = new Map<string, string>();
  return (result) => {
    const { sync, parked, deadLetters } = result;
    const kept = `${parked} ${deadLetters}`;
    if (changedSomething(result) || kept !== (keptBack.get(sync) ?? '0 0')) onChange?.(result);
    keptBack.set(sync, kept);
  };
};

/** Carries what was hinted at by now, one run for each sync. */
const followHints = async (options: WatchOptions, tell: (result: RunResult) => void): Promise<void> => {
  const bySync = Map.groupBy(options.hints?.take() ?? [], ({ sync }) => sync);
  const groups = [...bySync];
  for (const [index, [sync, hints]] of groups.entries()) {
    try {
      const result = await runRecords(
        sync,
        hints.map(({ key }) => key),
        options,
      );
      if (result.stopped) throw options.signal?.reason;
      tell(result);
      for (const { carried } of hints) carried();
    } catch (thrown) {
      // Nobody will come back to the groups behind it: whoever waits for them hears of it too.
      failAll(groups.slice(index), thrown);
      if (options.signal?.aborted === true) return;
      throw thrown;
    }
  }
};

const failAll = (groups: readonly (readonly [Sync, readonly WaitingHint[]])[], reason: unknown): void => {
  for (const [, hints] of groups) for (const { failed } of hints) failed(reason);
};

/** Waits for the next round, a hint or the end, whichever comes first. */
const waitUntil = (
  nextRound: number,
  { clock, signal, hints }: { clock: Clock; signal: AbortSignal | undefined; hints: Hints | undefined },
): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      cancelTimer();
      stopListening?.();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancelTimer = clock.schedule(end, Math.max(0, nextRound - clock.monotonic()));
    const stopListening = hints?.onAdded(end);
    signal?.addEventListener('abort', end, { once: true });
    // A hint that came while others were followed has told nobody.
    if (signal?.aborted === true || hints?.isEmpty() === false) end();
  });
