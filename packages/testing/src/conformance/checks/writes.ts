import { readField } from '@mortise/runtime';
import type { CheckRuns } from '../check.ts';
import { breach, errorOf, type Trial, type Unproved, unproved } from '../trial.ts';
import { isUnproved } from '../walk.ts';
import type { WireAction } from '../wire.ts';
import type { WireRequest } from '../world.ts';
import { newKeys, type Outcomes, runCreate, samples, type Writer, wantNew, wantWritten, writerOf } from '../writer.ts';

type Verdict = Promise<Unproved | undefined>;

const writtenOnce = async (trial: Trial): Verdict => {
  const { drive, definition } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  const live = trial.fresh();
  const records = samples(writer, 3);
  const before = await writer.hands.ids();
  wantWritten(await drive(writer.run(live, records)), 3);
  if (definition.operations.upsert !== undefined) wantWritten(await drive(writer.run(live, records)), 3);
  await wantNew(writer, { count: 3, before, saying: 'three keys were written twice' });
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
  const records = [writer.sample(0), writer.hands.refused(1), writer.sample(2)];
  const before = await writer.hands.ids();
  const outcomes = await drive(writer.run(trial.fresh(), records));
  const states = outcomes.map(({ ok }) => (ok ? 'written' : 'failed')).join(', ');
  if (states !== 'written, failed, written') breach(`of three records the second was refused, and told is: ${states}`);
  await wantNew(writer, { count: 2, before, saying: 'two of three records are written' });
  return undefined;
};

/** Whether a request names the record that is written: in its body, or in its path as `PUT …/key` does. */
const names = ({ method, path, body }: WireRequest, mark: string): boolean =>
  method !== 'GET' && (body.includes(mark) || path.includes(encodeURIComponent(mark)));

const dropWrites = (trial: Trial, { times, mark }: { times: number; mark: string }) => {
  let dropped = 0;
  trial.wire.rule((request: WireRequest): WireAction | undefined => {
    if (!names(request, mark) || dropped >= times) return undefined;
    dropped += 1;
    return { kind: 'drop' };
  });
  return () => dropped;
};

/** The text by which a request that writes the record is known: the value of its key. */
const markOf = ({ declared, hands }: Writer, record: object): string => {
  if (hands.mark !== undefined) return hands.mark(record);
  const value = declared.key === undefined ? undefined : readField(record, declared.key);
  if (typeof value === 'string') return value;
  const texts = JSON.stringify(record).match(/"[^"]{4,}"(?!:)/g) ?? [];
  return (texts[0] ?? '').replaceAll('"', '');
};

const droppedAnswer = async (trial: Trial): Verdict => {
  const { drive } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  const record = writer.sample(0);
  const before = await writer.hands.ids();
  const live = trial.fresh();
  const dropped = dropWrites(trial, { times: 1, mark: markOf(writer, record) });
  const error = await errorOf(drive(writer.run(live, [record]).then((outcomes) => settled(outcomes))));
  if (dropped() === 0) return unproved('no request of the write could be told apart');
  await wantNew(writer, { count: 1, before, saying: 'the answer to one write was lost' });
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
    if (!names(request, mark)) return undefined;
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

/** What a record is told by: its key, or all of it where the write declares none. */
const keyText = ({ declared }: Writer, record: unknown): string =>
  JSON.stringify(declared.key === undefined ? record : readField(record, declared.key));

const batchesCut = async (trial: Trial): Verdict => {
  const { drive } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  const { max } = writer.declared;
  if (max > 300) return unproved(`a batch takes ${max} records, more than are written here`);
  const records = samples(writer, max + 1);
  if (new Set(records.map((record) => keyText(writer, record))).size <= max) {
    return unproved(`the world has fewer than ${max + 1} different records to write`);
  }
  const outcomes = await drive(writer.run(trial.fresh(), records));
  wantWritten(outcomes, max + 1);
  return undefined;
};

/** What writes must do, and do once. */
export const writeChecks: CheckRuns = {
  'written-once': writtenOnce,
  'outcomes-in-order': outcomesInOrder,
  'partial-failure-per-record': partialFailure,
  'lost-answer-makes-no-duplicate': droppedAnswer,
  'unknown-outcome-resolved': unknownResolved,
  'batches-cut-to-size': batchesCut,
};
