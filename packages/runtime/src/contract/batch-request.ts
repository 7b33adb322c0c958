import { type ConnectorError, connectorError } from '../errors/connector-error.ts';
import type { BatchWrite, ItemOutcome, WriteOptions } from './operations.ts';
import { withinStep } from './step-limit.ts';
import { callFor, errorOf, type OperationPlace, type WriteParts } from './wire-operations.ts';

/** What became of a record, its types gone. */
export type Outcome = ItemOutcome<unknown>;

/** One batch write of a caller: any number of records, in requests of the vendor's size. */
export interface BatchRun extends WriteParts, OperationPlace {
  readonly write: BatchWrite<unknown, unknown, unknown>;
  readonly records: readonly unknown[];
  readonly options: WriteOptions | undefined;
  /** Idempotency key of the whole; each request's is made from it. */
  readonly key: string;
}

/** What became of one request. */
export type BatchResult = { readonly outcomes: readonly Outcome[] } | { readonly error: ConnectorError };

/** Sends one request. @throws whatever the operation throws. */
export const sendBatch = async (
  run: BatchRun,
  { records, key }: { readonly records: readonly unknown[]; readonly key: string },
): Promise<readonly Outcome[]> => {
  const call = callFor(run.binding, run.operation, { ...run.options, idempotencyKey: key });
  const step = run.write.run({ ...call, idempotencyKey: key }, records);
  const answered = await withinStep(step, run.binding, 'unknown-outcome');
  if (answered.length === records.length) return answered.map((outcome) => parsedOutcome(outcome, run));
  throw connectorError('internal', `${records.length} records were written and ${answered.length} outcomes came back`);
};

/** An outcome whose record has passed the schema. */
export const parsedOutcome = (outcome: Outcome, run: BatchRun): Outcome => {
  if (!outcome.ok) return { ok: false, error: errorOf(outcome.error, run) };
  const parsed = run.parse(outcome.record);
  if (parsed.ok) return { ...outcome, record: parsed.value };
  const { issues } = parsed;
  const error = connectorError('invalid-record', 'the record written came back unlike its schema', { issues });
  return { ok: false, error: errorOf(error, run) };
};
