import { type Clock, type ConnectorError, exitStatus } from '@mortise/runtime';
import type { Checkpoint, Commit, DeadLetter, LinkChange, Parked, Store } from '@mortise/store';
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
  /** Pages since the last commit that changed nothing. */
  readonly quiet: { pages: number };
}

/** A page whose writes have come back. */
export interface WrittenPage {
  readonly decision: PageDecision;
  readonly results: readonly WriteResult[];
  readonly checkpoint: Checkpoint | undefined;
}

/** Pages that changed nothing are worth a checkpoint only now and then: an idle poll writes nothing to the disk. */
const quietPages = 25;

/**
 * Commits pages that follow each other: links, journal, dead letters, parked records and the last checkpoint in one
 * transaction. Until then the pages count as not read, and are read and written again by the next run.
 * @throws ConnectorError when the store fails, or when the destination could not take some record just now: what it
 * did take is committed then, and the checkpoint stays before that record's page.
 */
export const commitPages = async (context: RunContext, pages: readonly WrittenPage[]): Promise<void> => {
  const { sync, store, run, clock, tally } = context;
  const { links, deadLetters, parked, unchanged, created, checkpoint, notNow } = mergePages(sync, pages);
  const base = { sync: sync.name, connection: sync.to.connection, run, at: clock.now() };
  // Whatever was kept back of these records before is answered by these pages.
  const settled = [...unchanged, ...[...deadLetters, ...parked, ...links].map(({ sourceKey }) => sourceKey)];
  const commit: Commit = { ...base, links, deadLetters, parked, settled, ...(checkpoint && { checkpoint }) };
  if (isWorthIt(context, { commit, pages: pages.length })) await store.commit(commit);
  tally.created += created;
  tally.updated += links.length - created;
  tally.unchanged += unchanged.length;
  tally.parked += parked.length;
  tally.deadLetters += deadLetters.length;
  if (notNow !== undefined) throw notNow;
};

const emptyCommit = (): { links: LinkChange[]; deadLetters: DeadLetter[]; parked: Parked[]; unchanged: string[] } => ({
  ...{ links: [], deadLetters: [], parked: [], unchanged: [] },
});

/** Adds up what became of the pages, as far as the first that the destination could not take whole. */
const mergePages = (sync: Sync, pages: readonly WrittenPage[]) => {
  const merged = emptyCommit();
  let created = 0;
  let checkpoint: Checkpoint | undefined;
  let notNow: ConnectorError | undefined;
  for (const { decision, results, checkpoint: behind } of pages) {
    const judged = judge(sync, results);
    merged.links.push(...judged.links);
    merged.deadLetters.push(...decision.deadLetters, ...judged.refused);
    merged.parked.push(...decision.parked);
    merged.unchanged.push(...decision.unchanged);
    created += judged.created;
    notNow = judged.notNow;
    if (notNow !== undefined) break;
    checkpoint = behind ?? checkpoint;
  }
  return { ...merged, created, checkpoint, notNow };
};

/** Whether anything changes by it. Records that were kept back can be settled only where there are any. */
const isWorthIt = ({ tally, quiet }: RunContext, { commit, pages }: { commit: Commit; pages: number }): boolean => {
  const { links, deadLetters, parked, settled, checkpoint } = commit;
  const keptBack = tally.parked + tally.deadLetters > 0;
  const changes = links.length + deadLetters.length + parked.length > 0 || (keptBack && settled.length > 0);
  quiet.pages += pages;
  const isWorth = changes || (checkpoint !== undefined && quiet.pages >= quietPages);
  if (isWorth) quiet.pages = 0;
  return isWorth;
};

/** Failures that say nothing about the record: the same write may pass later. */
const isOfTheMoment = (error: ConnectorError): boolean => exitStatus(error) === 75 || error.code === 'unauthenticated';

const judge = (sync: Sync, results: readonly WriteResult[]) => {
  const links: LinkChange[] = [];
  const refused: DeadLetter[] = [];
  let created = 0;
  let notNow: ConnectorError | undefined;
  for (const { write, outcome } of results) {
    const { sourceKey, fingerprint, link, source } = write;
    if (!outcome.ok) {
      const { code, message, issues } = outcome.error;
      if (isOfTheMoment(outcome.error)) notNow ??= outcome.error;
      else
        refused.push({
          sourceKey,
          stage: 'write',
          code,
          issues: issues ?? [{ path: '', reason: message }],
          payload: source,
        });
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
  return { links, refused, created, notNow };
};
