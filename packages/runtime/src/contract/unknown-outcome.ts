import { type ConnectorError, connectorError } from '../errors/connector-error.ts';
import { sleep } from '../resilience/clock.ts';
import { type BatchResult, type BatchRun, type Outcome, parsedOutcome, sendBatch } from './batch-request.ts';
import { keyText, readField } from './field.ts';
import { withinStep } from './step-limit.ts';
import { callFor, errorOf } from './wire-operations.ts';

/** A request of whose records nobody knows whether they were written. */
interface OpenRequest {
  readonly records: readonly unknown[];
  readonly key: string;
  /** `unknown-outcome` */
  readonly error: ConnectorError;
}

/** What a look-up came to: an outcome, a record that must be sent, or no answer. */
type LookedUp = Outcome | 'send' | 'unknown';

/**
 * Settles a request whose answer never came: waits until the vendor's index must show what was written, looks each
 * record up by its key, and sends those once more that are not there. Without a key or `find` the error stays.
 */
export const settled = async (run: BatchRun, request: OpenRequest): Promise<BatchResult> => {
  const { binding, given, write, settleMs, options } = run;
  const { error, records } = request;
  if (write.key === undefined || given.find === undefined) return { error };
  if (settleMs > binding.longestWaitMs) {
    const resumeAt = Math.ceil(binding.clock.now() + settleMs);
    return { error: connectorError(error.code, error.message, { ...error, resumeAt, cause: error.cause }) };
  }
  const isOver = await sleep(binding.clock, settleMs, options?.signal).then(
    () => false,
    () => true,
  );
  // The caller has given up: that the outcome is unknown says more than that he did.
  if (isOver) return { error };
  const found: LookedUp[] = [];
  for (const record of records) found.push(await lookUp(run, record));
  if (found.every((each) => each === 'unknown')) return { error };
  return { outcomes: await withMissingSent(run, { request, found }) };
};

const lookUp = async (run: BatchRun, record: unknown): Promise<LookedUp> => {
  const { binding, write, options, operation } = run;
  const { find } = run.given;
  const field = write.key ?? '';
  const value = keyText(readField(record, field));
  if (value === undefined || find === undefined) return 'unknown';
  // What an upsert finds may be older than it: sent again, it changes the record once more and makes no second one.
  if (operation === 'upsert') return 'send';
  try {
    const call = callFor(binding, 'find', options);
    const found = await withinStep(find(call, { field, value }), binding);
    if (found === undefined || found === null) return 'send';
    return parsedOutcome({ ok: true, record: found, resolved: true }, run);
  } catch {
    return 'unknown';
  }
};

/** Sends what is not there once more, all in one request. */
const withMissingSent = async (
  run: BatchRun,
  { request, found }: { request: OpenRequest; found: readonly LookedUp[] },
): Promise<readonly Outcome[]> => {
  const missing = request.records.filter((_record, index) => found[index] === 'send');
  const again = (await sentAgain(run, { records: missing, key: `${request.key}-again` })).values();
  return found.map((each): Outcome => {
    if (each === 'unknown') return { ok: false, error: request.error };
    return each === 'send' ? (again.next().value ?? { ok: false, error: request.error }) : each;
  });
};

const sentAgain = async (
  run: BatchRun,
  batch: { readonly records: readonly unknown[]; readonly key: string },
): Promise<readonly Outcome[]> => {
  if (batch.records.length === 0) return [];
  try {
    return await sendBatch(run, batch);
  } catch (thrown) {
    const error = errorOf(thrown, run);
    return batch.records.map(() => ({ ok: false, error }));
  }
};
