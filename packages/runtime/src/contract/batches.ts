import { type ConnectorError, connectorError, type RecordIssue } from '../errors/connector-error.ts';
import { type BatchResult, type BatchRun, type Outcome, sendBatch } from './batch-request.ts';
import { settled } from './unknown-outcome.ts';
import { errorOf } from './wire-operations.ts';
import { unwritable } from './writable.ts';

/** Records that go into one request: from `start` up to `end`. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Writes the records that can be written; the outcome of one that JSON cannot say is its issue, and the others go on.
 * @throws ConnectorError of the first request, where nothing has been written yet.
 */
export const writeRecords = async (run: BatchRun): Promise<readonly Outcome[]> => {
  const issues = run.records.map((record) => unwritable(record));
  if (issues.every((issue) => issue === undefined)) return writeInBatches(run);
  const records = run.records.filter((_record, index) => issues[index] === undefined);
  const written = (records.length === 0 ? [] : await writeInBatches({ ...run, records })).values();
  return issues.map((issue): Outcome => {
    const next = issue === undefined ? written.next() : undefined;
    if (next !== undefined && !next.done) return next.value;
    return { ok: false, error: errorOf(unwritableError(issue), run) };
  });
};

/** The error of a record that JSON cannot say. */
const unwritableError = (issue: RecordIssue | undefined): ConnectorError =>
  connectorError('invalid-record', 'the record holds a value that cannot be written', { issues: issue ? [issue] : [] });

/** @throws ConnectorError `invalid-record` for a change that JSON cannot say. */
export const refuseUnwritable = (change: object): void => {
  const issue = unwritable(change);
  if (issue !== undefined) throw unwritableError(issue);
};

/**
 * Cuts the records into requests of the vendor's size. A request that the vendor finds too large is halved until the
 * record at fault is alone. What was written before a request fails stays reported.
 * @throws ConnectorError of the first request, where nothing has been written yet.
 */
const writeInBatches = async (run: BatchRun): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = [];
  const pending = ranges(run);
  for (let range = pending.shift(); range !== undefined; range = pending.shift()) {
    const { start, end } = range;
    const result = await written(run, range);
    if ('outcomes' in result) outcomes.push(...result.outcomes);
    else if (!isTooLarge(result.error)) {
      const { error } = result;
      if (outcomes.length === 0) throw error;
      return [...outcomes, ...failed(end - start, error), ...failed(run.records.length - end, notSent(error))];
    } else if (end - start > 1) pending.unshift(...halves(range));
    else outcomes.push({ ok: false, error: result.error });
  }
  return outcomes;
};

const ranges = ({ records, write }: BatchRun): Range[] =>
  Array.from({ length: Math.ceil(records.length / write.max) }, (_, index) => {
    return { start: index * write.max, end: Math.min(records.length, (index + 1) * write.max) };
  });

const halves = ({ start, end }: Range): readonly Range[] => {
  const middle = Math.ceil((start + end) / 2);
  return [
    { start, end: middle },
    { start: middle, end },
  ];
};

/** The vendor's refusal of a request. An answer that is too large for us has no such status, and its write is done. */
const isTooLarge = ({ code, status }: ConnectorError): boolean =>
  code === 'too-large' && status !== undefined && status >= 400;

const written = async (run: BatchRun, { start, end }: Range): Promise<BatchResult> => {
  const records = run.records.slice(start, end);
  // The same records under the same key of the caller give the same key again, and other records another.
  const key = `${run.key}-${start}-${end - start}`;
  try {
    return { outcomes: await sendBatch(run, { records, key }) };
  } catch (thrown) {
    const error = errorOf(thrown, run);
    return error.code === 'unknown-outcome' ? settled(run, { records, key, error }) : { error };
  }
};

const failed = (count: number, error: ConnectorError): Outcome[] =>
  Array.from({ length: count }, () => ({ ok: false, error }));

/** The error of records that come behind a request that failed. Whatever became of that one, these were not written. */
const notSent = (error: ConnectorError): ConnectorError => {
  const code = error.code === 'unknown-outcome' ? 'unavailable' : error.code;
  const { connector, connection, operation, resumeAt } = error;
  const message = 'the record was not sent, because the request before it failed';
  return connectorError(code, message, { connector, connection, operation, resumeAt });
};
