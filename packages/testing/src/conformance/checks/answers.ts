import type { CheckRuns } from '../check.ts';
import { editBody, json } from '../format.ts';
import { findRows, rowsWithin } from '../rows.ts';
import { breach, errorOf, type Trial, type Unproved, unproved } from '../trial.ts';
import { isUnproved, keysOf, pagesOf, someRecords, wantAll } from '../walk.ts';
import type { WireAction } from '../wire.ts';

type Verdict = Promise<Unproved | undefined>;

/** Reads a list whose every answer is spoiled in one way: it must fail, since there are records. */
const wantFailure = async (trial: Trial, { action, saying }: { action: () => WireAction; saying: string }): Verdict => {
  const { wire, dialect, drive } = trial;
  const made = await someRecords(trial, 5);
  if (isUnproved(made)) return made;
  const live = trial.fresh();
  wire.rule((request) => (dialect.isTokenRequest?.(request) === true ? undefined : action()));
  const error = await errorOf(drive(pagesOf(live)));
  if (error === undefined) breach(`${saying} reads as a list that ends`);
  return undefined;
};

const reply = (status: number, body: unknown, type = 'application/json'): (() => WireAction) => {
  const headers = { 'content-type': type };
  return () => ({ kind: 'reply', reply: { status, headers, body } });
};

const html = '<!doctype html><html><body><h1>Sign in</h1></body></html>';

const unfittingValue = [['conformance']];

/** A top-level field of a row, with a value, that the schema refuses once it holds a list of lists; never the key. */
const fragileField = ({ definition }: Trial, record: object): string | undefined => {
  const given = Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return given.find(
    (name) => name !== definition.key && !definition.record.safeParse({ ...record, [name]: unfittingValue }).success,
  );
};

const badRecordAlone = async (trial: Trial): Verdict => {
  const { wire, definition, drive } = trial;
  const made = await someRecords(trial, 5);
  if (isUnproved(made)) return made;
  const live = trial.fresh();
  const clean = await drive(pagesOf(live));
  const [sample] = clean.flatMap(({ records }) => records);
  const field = typeof sample === 'object' && sample !== null ? fragileField(trial, sample) : undefined;
  if (field === undefined) return unproved('the schema refuses no value of any field');
  const spoiled = made[Math.floor(made.length / 2)] ?? '';
  let isSpoiled = false;
  wire.rule(() => ({
    kind: 'edit',
    edit: (answer) =>
      editBody(answer, {
        format: trial.dialect.format,
        change: (body) => {
          const rows = rowsWithin(body, { key: definition.key, ids: new Set([spoiled]) });
          const row = rows.find((each) => Object.hasOwn(each, field));
          if (row === undefined) return false;
          isSpoiled = true;
          row[field] = unfittingValue;
          return true;
        },
      }),
  }));
  const pages = await drive(pagesOf(trial.fresh()));
  if (!isSpoiled) return unproved('the row is not in the answer as the connector gives it');
  const others = made.filter((key) => key !== spoiled);
  wantAll(others, { found: keysOf(live, pages), where: 'beside one that does not fit its schema' });
  if (!pages.some(({ rejected }) => rejected.length > 0)) breach('a record that does not fit its schema is not told');
  return undefined;
};

const unknownFields = async (trial: Trial): Verdict => {
  const { wire, definition, drive } = trial;
  const made = await someRecords(trial, 3);
  if (isUnproved(made)) return made;
  const live = trial.fresh();
  let added = 0;
  wire.rule(() => ({
    kind: 'edit',
    edit: (answer) =>
      editBody(answer, {
        format: trial.dialect.format,
        change: (body) => {
          const rows = findRows(body, { key: definition.key, ids: new Set(made) })?.rows ?? [];
          for (const row of rows) row.fieldOfTomorrow = { value: 1 };
          added += rows.length;
          return rows.length > 0;
        },
      }),
  }));
  const pages = await drive(pagesOf(live));
  if (added === 0) return unproved('the rows are not in the answer as JSON');
  const refused = pages.reduce((sum, { rejected }) => sum + rejected.length, 0);
  if (refused > 0) breach(`${refused} records are refused for a field that is new at the vendor`);
  wantAll(made, { found: keysOf(live, pages), where: 'once the vendor has a new field' });
  return undefined;
};

/** Above 2^53, odd: a JavaScript number would be another id. */
const longDigits = '9007199254740993';

/** What an answer has of an id: the whole of it, or the longest number of one that the connector has put together. */
const partIn = (text: string, id: string): string | undefined => {
  if (text.includes(id)) return id;
  const [longest = ''] = (id.match(/\d+/g) ?? []).toSorted((one, other) => other.length - one.length);
  return longest.length > 1 && text.includes(`"${longest}"`) ? longest : undefined;
};

const longIds = async (trial: Trial): Verdict => {
  const { wire, drive } = trial;
  const made = await someRecords(trial, 3);
  if (isUnproved(made)) return made;
  const live = trial.fresh();
  const { key } = trial.definition;
  const known = new Set(made.filter((id) => /\d+$/.test(id)));
  let replaced = 0;
  wire.rule(() => ({
    kind: 'edit',
    edit: (answer) => {
      const { format = json } = trial.dialect;
      const rows = findRows(format.parse(answer.text), { key, ids: known })?.rows ?? [];
      // The last of its page: lists in the order of ids may refuse a long one that lies before shorter ones.
      const last = rows.map((row) => String(row[key])).findLast((each) => known.has(each));
      const id = last && partIn(answer.text, last);
      if (id === undefined) return answer;
      replaced += 1;
      const long = id.replace(/\d+$/, longDigits);
      const quoted = answer.text.replaceAll(`"${id}"`, `"${long}"`);
      return { ...answer, text: quoted.replace(new RegExp(`(:\\s*)${id}(?=\\s*[,}\\]])`, 'g'), `$1${long}`) };
    },
  }));
  const keys: string[] = [];
  const readFirst = async (): Promise<void> => {
    for await (const page of live.list?.() ?? []) {
      keys.push(...keysOf(live, [page]));
      if (replaced > 0) return;
    }
  };
  await errorOf(drive(readFirst()));
  if (replaced === 0) return unproved('ids do not end in digits, or are not in the answer');
  if (!keys.some((each) => each.includes(longDigits))) breach('an id above 2^53 does not come through as it is');
  return undefined;
};

const getSameAsList = async (trial: Trial): Verdict => {
  const { drive } = trial;
  const made = await someRecords(trial, 2);
  if (isUnproved(made)) return made;
  const live = trial.fresh();
  const [id = ''] = made;
  const pages = await drive(pagesOf(live));
  const listed = pages.flatMap(({ records }) => records).find((record) => live.port.keyOf(record) === id);
  const got = await drive(live.get?.(id) ?? Promise.resolve(undefined));
  const [left, right] = [live.port.decode(listed), live.port.decode(got)];
  if (JSON.stringify(sorted(left)) !== JSON.stringify(sorted(right))) {
    breach('get and list give different values for one record at rest');
  }
  return undefined;
};

/** The same value with its names in order, for comparison. */
const sorted = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
};

const getMissing = async (trial: Trial): Verdict => {
  const { drive, hands } = trial;
  const made = await someRecords(trial, 1);
  if (isUnproved(made)) return made;
  if (hands?.delete === undefined) return unproved('the world cannot delete a record');
  const [id = ''] = made;
  await hands.delete(id);
  const error = await errorOf(drive(trial.fresh().get?.(id) ?? Promise.resolve()));
  if (error?.code !== 'not-found') breach(`get of a record that is gone ends in ${error?.code ?? 'a record'}`);
  return undefined;
};

/** What an answer must not be taken for. */
export const answerChecks: CheckRuns = {
  'cut-answer-refused': (trial) => wantFailure(trial, { action: () => ({ kind: 'cut' }), saying: 'a cut answer' }),
  'html-refused': (trial) => wantFailure(trial, { action: reply(200, html, 'text/html'), saying: 'a page of HTML' }),
  'empty-body-refused': (trial) => wantFailure(trial, { action: reply(200, ''), saying: 'an empty body' }),
  'answer-without-list-refused': (trial) =>
    wantFailure(trial, { action: reply(200, {}), saying: 'an answer without a list' }),
  'failure-is-not-the-end': (trial) =>
    wantFailure(trial, { action: reply(500, { message: 'failed' }), saying: 'a failing vendor' }),
  'bad-record-alone': badRecordAlone,
  'unknown-fields-taken': unknownFields,
  'long-ids-kept': longIds,
  'get-same-as-list': getSameAsList,
  'get-of-nothing-is-not-found': getMissing,
};
