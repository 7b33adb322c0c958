import type { Clock } from '@mortise/runtime';
import type { Checkpoint, Commit, DeadLetter, LinkChange, Store } from '@mortise/store';
import type { PageDecision } from './decision.ts';
import type { Sync } from './definition.ts';
import type { WriteResult } from './page-writer.ts';
import type { Tally } from './progress.ts';

/** What all pages of a run share. */
export interface RunContext {
  readonly sync: Sync;
  readonly store: Store;
  readonly run: string;
  readonly clock: Clock;
  readonly tally: Tally;
  /** Aborted when even writes under way must end. */
  readonly writeSignal: AbortSignal | undefined;
}

/** A page whose writes have come back. */
export interface WrittenPage {
  readonly decision: PageDecision;
  readonly results: readonly WriteResult[];
  readonly checkpoint: Checkpoint | undefined;
}

/**
 * Commits a page: links, journal, dead letters, parked records and the checkpoint in one transaction. Until then the
 * page counts as not read, and is read and written again by the next run.
 */
export const commitPage = async (context: RunContext, page: WrittenPage): Promise<void> => {
  const { sync, store, run, clock, tally } = context;
  const { links, refused, created } = judge(sync, page.results);
  const { decision, checkpoint } = page;
  const deadLetters = [...decision.deadLetters, ...refused];
  const commit: Commit = {
    sync: sync.name,
    connection: sync.to.connection,
    run,
    at: clock.now(),
    links,
    deadLetters,
    parked: decision.parked,
    // Whatever was kept back of these records before is answered by this page.
    settled: keysOf(page),
    ...(checkpoint !== undefined && { checkpoint }),
  };
  const isEmpty = commit.settled.length === 0 && checkpoint === undefined;
  if (!isEmpty) await store.commit(commit);
  tally.created += created;
  tally.updated += links.length - created;
  tally.unchanged += decision.unchanged.length;
};

const keysOf = ({ decision, results }: WrittenPage): string[] => [
  ...decision.unchanged,
  ...decision.deadLetters.map(({ sourceKey }) => sourceKey),
  ...decision.parked.map(({ sourceKey }) => sourceKey),
  ...results.map(({ write }) => write.sourceKey),
];

const judge = (sync: Sync, results: readonly WriteResult[]) => {
  const links: LinkChange[] = [];
  const refused: DeadLetter[] = [];
  let created = 0;
  for (const { write, outcome } of results) {
    const { sourceKey, fingerprint, link, source } = write;
    if (!outcome.ok) {
      const { code, message, issues } = outcome.error;
      refused.push({ sourceKey, stage: 'write', code, issues: issues ?? [{ path: '', reason: message }], payload: source });
      continue;
    }
    const destinationKey = sync.to.keyOf(outcome.record);
    if (destinationKey === undefined) {
      const issues = [{ path: '', reason: 'the destination answered without an id' }];
      refused.push({ sourceKey, stage: 'write', code: 'invalid-record', issues, payload: source });
      continue;
    }
    const isNew = outcome.created ?? link === undefined;
    if (isNew) created += 1;
    links.push({ sourceKey, destinationKey, fingerprint, base: outcome.record, action: isNew ? 'create' : 'update' });
  }
  return { links, refused, created };
};
