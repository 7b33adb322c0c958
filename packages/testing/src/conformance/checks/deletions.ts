import type { CheckRuns } from '../check.ts';
import { breach, errorOf, type Trial, type Unproved, unproved } from '../trial.ts';
import { isUnproved, pagesOf, putAt, recentStamp } from '../walk.ts';

type Verdict = Promise<Unproved | undefined>;

const deletionKeys = async (trial: Trial, since: Date): Promise<readonly string[]> => {
  const ids: string[] = [];
  const read = async (): Promise<void> => {
    for await (const page of trial.fresh().deletions?.({ since }) ?? []) ids.push(...page.ids);
  };
  await trial.drive(read());
  return ids;
};

const deletedOne = async (trial: Trial): Promise<{ gone: string; kept: readonly string[]; since: Date } | Unproved> => {
  const { hands, clock } = trial;
  if (hands?.delete === undefined) return unproved('the world cannot delete a record');
  const made = await putAt(trial, { count: 4, at: recentStamp(trial) });
  if (isUnproved(made)) return made;
  const [gone = '', ...kept] = made;
  const since = new Date(clock.now() - 1_000);
  await hands.delete(gone);
  await clock.advance(hands.lagMs ?? 0);
  return { gone, kept, since };
};

const deletionsTold = async (trial: Trial): Verdict => {
  const deleted = await deletedOne(trial);
  if (isUnproved(deleted)) return deleted;
  if (!(await deletionKeys(trial, deleted.since)).includes(deleted.gone)) breach('a deleted record is not told');
  return undefined;
};

const deletionsTrue = async (trial: Trial): Verdict => {
  const deleted = await deletedOne(trial);
  if (isUnproved(deleted)) return deleted;
  const told = new Set(await deletionKeys(trial, deleted.since));
  const alive = deleted.kept.filter((key) => told.has(key)).length;
  if (alive > 0) breach(`${alive} records that are alive are told as deleted`);
  return undefined;
};

const deletionsCut = async (trial: Trial): Verdict => {
  const { wire, dialect, drive } = trial;
  const deleted = await deletedOne(trial);
  if (isUnproved(deleted)) return deleted;
  wire.rule((request) => (dialect.isTokenRequest?.(request) === true ? undefined : { kind: 'cut' }));
  const error = await errorOf(drive(deletionKeys({ ...trial, drive: (promise) => promise }, deleted.since)));
  if (error === undefined) breach('a cut answer reads as all deletions that there are');
  return undefined;
};

const deletedNotListed = async (trial: Trial): Verdict => {
  const deleted = await deletedOne(trial);
  if (isUnproved(deleted)) return deleted;
  const live = trial.fresh();
  const pages = await trial.drive(pagesOf(live));
  const keys = pages.flatMap(({ records }) => records.map((record) => live.port.keyOf(record)));
  if (keys.includes(deleted.gone)) breach('a deleted record is still listed');
  return undefined;
};

/** What must be told of deletions, and of nothing else. */
export const deletionChecks: CheckRuns = {
  'deletions-told': deletionsTold,
  'deletions-truthful': deletionsTrue,
  'cut-deletions-refused': deletionsCut,
  'deleted-not-listed': deletedNotListed,
};
