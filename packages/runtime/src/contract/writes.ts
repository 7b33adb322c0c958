import { type ConnectorError, connectorError } from '../errors/connector-error.ts';
import type { BatchWrite, CallOptions, ItemOutcome } from './operations.ts';
import type { ErasedOperations } from './resource.ts';
import {
  type AnyCall,
  errorOf,
  explainedErrorOf,
  type OperationPlace,
  type Parse,
  type Perform,
  parsedOrThrown,
  type ResourceBinding,
  type WireOperations,
} from './wire-operations.ts';

/** What the writes of a resource are made of. */
export interface WriteParts {
  readonly given: ErasedOperations;
  readonly parse: Parse;
  readonly perform: Perform;
  readonly binding: ResourceBinding;
}

type Outcome = ItemOutcome<unknown>;
type Writes = Pick<WireOperations, 'create' | 'update' | 'upsert' | 'remove'>;
type AnyBatchWrite = BatchWrite<unknown, unknown, unknown>;

/** The writes that a resource has: cut into requests of the vendor's size, their answers parsed. */
export const writeOperations = (parts: WriteParts): Writes => {
  const { given, parse, perform } = parts;
  const { create, upsert, update, remove } = given;
  const batched = (operation: string, write: AnyBatchWrite) => (records: readonly unknown[], options?: CallOptions) =>
    perform(operation, (call) => writeInBatches(write, { ...parts, operation, call, records }), options);
  return {
    ...(create && { create: batched('create', create) }),
    ...(upsert && { upsert: batched('upsert', upsert) }),
    ...(update && {
      update: (id: string, change: object, options?: CallOptions) =>
        perform('update', async (call) => parsedOrThrown(parse, await update.run(call, { id, change })), options),
    }),
    ...(remove && {
      remove: (id: string, options?: CallOptions) => perform('remove', (call) => remove.run(call, id), options),
    }),
  };
};

interface BatchRun extends WriteParts, OperationPlace {
  readonly call: AnyCall;
  readonly records: readonly unknown[];
}

/** Cuts the records into requests of the vendor's size. What was written before a request fails stays reported. */
const writeInBatches = async (write: AnyBatchWrite, run: BatchRun): Promise<readonly Outcome[]> => {
  const { call, records } = run;
  const outcomes: Outcome[] = [];
  for (let start = 0; start < records.length; start += write.max) {
    const batch = records.slice(start, start + write.max);
    try {
      const answered = await write.run(call, batch);
      for (const outcome of checkedOutcomes(answered, batch.length)) outcomes.push(parsedOutcome(outcome, run));
    } catch (thrown) {
      // Nothing has been written yet: the call as a whole has failed.
      if (start === 0) throw thrown;
      const error = await explainedErrorOf(thrown, run);
      const unsent = records.length - start - batch.length;
      return [...outcomes, ...failed(batch.length, error), ...failed(unsent, notSent(error))];
    }
  }
  return outcomes;
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

const checkedOutcomes = (answered: readonly Outcome[], written: number): readonly Outcome[] => {
  if (answered.length === written) return answered;
  throw connectorError('internal', `${written} records were written and ${answered.length} outcomes came back`);
};

const parsedOutcome = (outcome: Outcome, run: BatchRun): Outcome => {
  if (!outcome.ok) return { ok: false, error: errorOf(outcome.error, run) };
  const parsed = run.parse(outcome.record);
  if (parsed.ok) return { ...outcome, record: parsed.value };
  const { issues } = parsed;
  const error = connectorError('invalid-record', 'the record written came back unlike its schema', { issues });
  return { ok: false, error: errorOf(error, run) };
};
