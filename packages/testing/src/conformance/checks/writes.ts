import type { BatchWrite, ItemOutcome } from '@mortise/runtime';
import { readField } from '@mortise/runtime';
import type { CheckRuns } from '../check.ts';
import { type AnyLive, breach, errorOf, type Trial, type Unproved, unproved } from '../trial.ts';
import { isUnproved, missingOf, pagesOf, putAt, recentStamp, someRecords } from '../walk.ts';
import type { WireAction } from '../wire.ts';
import type { ResourceWorld, WireRequest } from '../world.ts';

type Verdict = Promise<Unproved | undefined>;

type Outcomes = readonly ItemOutcome<unknown>[];

/** The batch write of a resource: its upsert, or else its create. */
interface Writer {
  readonly declared: BatchWrite<unknown, unknown, unknown>;
  readonly run: (live: AnyLive, records: readonly object[]) => Promise<Outcomes>;
  readonly sample: (index: number) => object;
  readonly hands: ResourceWorld;
}

const runCreate: Writer['run'] = async (live, records) => (await live.create?.(records)) ?? [];
const runUpsert: Writer['run'] = async (live, records) => (await live.upsert?.(records)) ?? [];

const writerOf = ({ definition, hands }: Trial): Writer | Unproved => {
  const { upsert, create } = definition.operations;
  const declared = upsert ?? create;
  if (hands?.sample === undefined || declared === undefined) return unproved('the world has no written records');
  return {
    declared,
    run: upsert === undefined ? runCreate : runUpsert,
    sample: hands.sample,
    hands,
  };
};

const samples = ({ sample }: Writer, count: number, from = 0): readonly object[] =>
  Array.from({ length: count }, (_, index) => sample(from + index));

const wantWritten = (outcomes: Outcomes, count: number): void => {
  if (outcomes.length !== count) breach(`${count} records were written, and there are ${outcomes.length} outcomes`);
  const failed = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error.code]));
  if (failed.length > 0) breach(`${failed.length} of ${count} records fail: ${failed[0]}`);
};

/** Keys that are new at the vendor. */
const newKeys = async ({ hands }: Writer, before: readonly string[]): Promise<readonly string[]> =>
  missingOf(await hands.ids(), before);

const writtenOnce = async (trial: Trial): Verdict => {
  const { drive, definition } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  const live = trial.fresh();
  const before = await writer.hands.ids();
  wantWritten(await drive(writer.run(live, samples(writer, 3))), 3);
  if (definition.operations.upsert !== undefined) wantWritten(await drive(writer.run(live, samples(writer, 3))), 3);
  const made = (await newKeys(writer, before)).length;
  if (made !== 3) breach(`three keys were written twice, and the vendor has ${made} new records`);
  return undefined;
};

const outcomesInOrder = async (trial: Trial): Verdict => {
  const { drive } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  const { key } = writer.declared;
  if (key === undefined) return unproved('the write declares no key to tell its records by');
  const records = samples(writer, 4).toReversed();
  const outcomes = await drive(writer.run(trial.fresh(), records));
  wantWritten(outcomes, 4);
  const strays = records.filter((record, index) => {
    const outcome = outcomes[index];
    const answered = outcome?.ok === true ? readField(outcome.record, key) : undefined;
    return String(answered).toLowerCase() !== String(readField(record, key)).toLowerCase();
  });
  if (strays.length > 0) breach(`${strays.length} of 4 outcomes are those of other records`);
  return undefined;
};

const partialFailure = async (trial: Trial): Verdict => {
  const { drive } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  if (writer.hands.refused === undefined) return unproved('the world knows no record that the vendor refuses');
  const before = await writer.hands.ids();
  const records = [writer.sample(0), writer.hands.refused(1), writer.sample(2)];
  const outcomes = await drive(writer.run(trial.fresh(), records));
  const states = outcomes.map(({ ok }) => (ok ? 'written' : 'failed')).join(', ');
  if (states !== 'written, failed, written') breach(`of three records the second was refused, and told is: ${states}`);
  const made = (await newKeys(writer, before)).length;
  if (made !== 2) breach(`two of three records are new, and the vendor has ${made}`);
  return undefined;
};

/** Whether a request has made something at the vendor: there are more records behind it than before. */
const dropWrites = (trial: Trial, { times, body }: { times: number; body: string }) => {
  let dropped = 0;
  trial.wire.rule((request: WireRequest): WireAction | undefined => {
    const isWrite = request.method !== 'GET' && request.body.includes(body);
    if (!isWrite || dropped >= times) return undefined;
    dropped += 1;
    return { kind: 'drop' };
  });
  return () => dropped;
};

/** The text by which a request that writes the record is known: the value of its key. */
const markOf = ({ declared }: Writer, record: object): string => {
  const value = declared.key === undefined ? undefined : readField(record, declared.key);
  if (typeof value === 'string') return value;
  const texts = JSON.stringify(record).match(/"[^"]{4,}"(?!:)/g) ?? [];
  return (texts[0] ?? '').replaceAll('"', '');
};

const droppedAnswer = async (trial: Trial): Verdict => {
  const { drive } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  const before = await writer.hands.ids();
  const record = writer.sample(0);
  const live = trial.fresh();
  const dropped = dropWrites(trial, { times: 1, body: markOf(writer, record) });
  const error = await errorOf(drive(writer.run(live, [record]).then((outcomes) => settled(outcomes))));
  if (dropped() === 0) return unproved('no request of the write could be told apart');
  const made = (await newKeys(writer, before)).length;
  if (made !== 1) breach(`the answer to one write was lost, and the vendor has ${made} new records`);
  const mayRepeat = writer.declared.effect !== 'unsafe';
  if (mayRepeat && error !== undefined) breach(`a write that may be repeated is given up as ${error.code}`);
  if (error !== undefined && error.code !== 'unknown-outcome') breach(`a lost answer is told as ${error.code}`);
  return undefined;
};

/** Failed outcomes as the error of the whole, so that both ways of telling are one. */
const settled = (outcomes: Outcomes): void => {
  for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
};

/** How a write begins, the same for each sending of it, and other than a look-up of the same key. */
const beginOf = ({ method, path, body }: WireRequest): string => `${method} ${path} ${body.slice(0, 40)}`;

const unknownResolved = async (trial: Trial): Verdict => {
  const { drive, definition, hands } = trial;
  const { create } = definition.operations;
  if (hands?.sample === undefined || create === undefined) return unproved('the world has no written records');
  if (create.key === undefined) return unproved('the creation names no key to be looked up by');
  const writer: Writer = { declared: create, hands, sample: hands.sample, run: runCreate };
  const before = await hands.ids();
  const record = hands.sample(0);
  const mark = markOf(writer, record);
  let write: string | undefined;
  trial.wire.rule((request) => {
    if (request.method === 'GET' || !request.body.includes(mark)) return undefined;
    write ??= beginOf(request);
    return beginOf(request) === write ? { kind: 'drop' } : undefined;
  });
  const outcomes = await drive(writer.run(trial.fresh(), [record]));
  if (write === undefined) return unproved('no request of the creation could be told apart');
  const made = (await newKeys(writer, before)).length;
  if (made !== 1) breach(`the answer to one creation was lost, and the vendor has ${made} new records`);
  wantWritten(outcomes, 1);
  return undefined;
};

const batchesCut = async (trial: Trial): Verdict => {
  const { drive } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  const { max } = writer.declared;
  if (max > 300) return unproved(`a batch takes ${max} records, more than are written here`);
  const outcomes = await drive(writer.run(trial.fresh(), samples(writer, max + 1)));
  wantWritten(outcomes, max + 1);
  return undefined;
};

const answersAsRead = async (trial: Trial): Verdict => {
  const { drive, definition } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  const live = trial.fresh();
  const [outcome] = await drive(writer.run(live, [writer.sample(0)]));
  if (outcome?.ok !== true) return breach('the written record fails');
  const id = live.port.keyOf(outcome.record);
  if (id === undefined) return breach('the outcome of a write has no key');
  const read = await drive(live.get?.(id) ?? Promise.resolve(undefined));
  const written = ownFields(writer.sample(0));
  const differing = written.filter(
    (path) => JSON.stringify(readField(read, path)) !== JSON.stringify(readField(outcome.record, path)),
  );
  if (differing.length > 0) breach(`the outcome of a write differs from what is read: ${differing.join(', ')}`);
  return definition.operations.get === undefined ? unproved('there is no get') : undefined;
};

/** Paths of the values of a record. */
const ownFields = (record: object, before = ''): readonly string[] =>
  Object.entries(record).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? ownFields(value, `${before}${name}.`)
      : [`${before}${name}`],
  );

const findByKey = async (trial: Trial): Verdict => {
  const { drive, definition } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  const { key } = writer.declared;
  if (key === undefined) return unproved('the write declares no key');
  const live = trial.fresh();
  const record = writer.sample(0);
  wantWritten(await drive(writer.run(live, [record])), 1);
  await trial.clock.advance(definition.changes === 'none' ? 0 : definition.changes.lagMs);
  const value = String(readField(record, key));
  const found = await drive(live.find?.({ field: key, value }) ?? Promise.resolve());
  if (found === undefined) breach('find does not find what was written under that key');
  return undefined;
};

const findExact = async (trial: Trial): Verdict => {
  const { drive } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  const { key } = writer.declared;
  if (key === undefined) return unproved('the write declares no key');
  const live = trial.fresh();
  const record = writer.sample(0);
  wantWritten(await drive(writer.run(live, [record])), 1);
  const value = String(readField(record, key));
  for (const near of [value.slice(0, -1), `${value}x`, 'nobody-has-this-key']) {
    const found = await drive(live.find?.({ field: key, value: near }) ?? Promise.resolve());
    if (found !== undefined) breach('find gives a record whose key is another one');
  }
  return undefined;
};

const updateNamed = async (trial: Trial): Verdict => {
  const { drive, hands } = trial;
  if (hands?.change === undefined) return unproved('the world has no change to write');
  const made = await someRecords(trial, 1);
  if (isUnproved(made)) return made;
  const [id = ''] = made;
  const change = hands.change();
  const live = trial.fresh();
  const before = await drive(live.get?.(id) ?? Promise.resolve(undefined));
  await drive(live.update?.(id, change) ?? Promise.resolve());
  const after = await drive(live.get?.(id) ?? Promise.resolve(undefined));
  const changed = ownFields(change);
  if (changed.some((path) => JSON.stringify(readField(after, path)) !== JSON.stringify(readField(change, path)))) {
    breach('an update does not change what it names');
  }
  const { changes } = trial.definition;
  const own = new Set([...changed, ...(changes === 'none' ? [] : [changes.field])]);
  const paths = typeof before === 'object' && before !== null ? ownFields(before) : [];
  const moved = paths.filter(
    (path) => !own.has(path) && JSON.stringify(readField(after, path)) !== JSON.stringify(readField(before, path)),
  );
  if (moved.length > 0) breach(`an update changes what it does not name: ${moved.join(', ')}`);
  return undefined;
};

const removed = async (trial: Trial): Verdict => {
  const { drive, hands } = trial;
  const made = await someRecords(trial, 2);
  if (isUnproved(made) || hands === undefined) return isUnproved(made) ? made : unproved('no hand in the resource');
  const [gone = '', kept = ''] = made;
  await drive(trial.fresh().remove?.(gone) ?? Promise.resolve());
  const left = await hands.ids();
  if (left.includes(gone)) breach('a removed record is still at the vendor');
  if (!left.includes(kept)) breach('a record that nobody removed is gone');
  return undefined;
};

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
  const made = await putAt(trial, 4, recentStamp(trial));
  if (isUnproved(made)) return made;
  const [gone = '', ...kept] = made;
  const since = new Date(clock.now() - 1_000);
  await hands.delete(gone);
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

/** What writes must do once, and deletions tell truly. */
export const writeChecks: CheckRuns = {
  'written-once': writtenOnce,
  'outcomes-in-order': outcomesInOrder,
  'partial-failure-per-record': partialFailure,
  'lost-answer-makes-no-duplicate': droppedAnswer,
  'unknown-outcome-resolved': unknownResolved,
  'batches-cut-to-size': batchesCut,
  'outcome-is-what-is-read': answersAsRead,
  'find-by-key': findByKey,
  'find-is-exact': findExact,
  'update-changes-what-it-names': updateNamed,
  'remove-removes': removed,
  'deletions-told': deletionsTold,
  'deletions-truthful': deletionsTrue,
  'cut-deletions-refused': deletionsCut,
  'deleted-not-listed': deletedNotListed,
};
