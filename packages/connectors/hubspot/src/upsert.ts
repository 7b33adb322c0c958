import { type ConnectorError, connectorError, type ItemOutcome, isConnectorError } from '@mortise/runtime';
import { type BatchError, ObjectBatch, parseAnswer, type Row } from './answers.ts';
import { batchErrorFacts } from './batch-error.ts';
import { type ObjectKind, objectPath } from './object-kind.ts';
import type { HubSpotCall } from './vendor.ts';

/** A record to write, as the mappings encode it. */
export interface WrittenRecord {
  readonly properties: Readonly<Record<string, string | null | undefined>>;
}

interface Input {
  readonly index: number;
  readonly id: string;
  readonly properties: WrittenRecord['properties'];
}

/** By which unique property objects of a kind are found. */
export interface UpsertTarget {
  readonly kind: ObjectKind;
  /** Name of the resource, for errors. */
  readonly operation: string;
  readonly property: string;
}

/** Records to write, and by which unique property. */
export interface UpsertRequest<Written> extends UpsertTarget {
  readonly records: readonly Written[];
}

/** Upserts at most 100 records by a unique property; outcomes in the order given. @throws ConnectorError */
export const upsertObjects = async (
  call: HubSpotCall,
  { kind, operation, property, records }: UpsertRequest<WrittenRecord>,
): Promise<readonly ItemOutcome<Row>[]> => {
  const outcomes = new Map<number, ItemOutcome<Row>>();
  for (const inputs of rounds(records, property)) {
    const answered = await send(call, { kind, operation, property, inputs });
    for (const [index, outcome] of answered) outcomes.set(index, outcome);
  }
  const context = contextOf(call, operation);
  return records.map((_record, index) => outcomes.get(index) ?? { ok: false, error: withoutKey(property, context) });
};

type Context = ReturnType<typeof contextOf>;

const contextOf = ({ connection }: HubSpotCall, operation: string) => ({
  connector: 'hubspot',
  connection,
  operation: `${operation}.upsert`,
});

const withoutKey = (property: string, context: Context): ConnectorError => {
  const issues = [{ path: `properties.${property}`, reason: 'is empty' }];
  return connectorError('invalid-record', `the record has no '${property}' to be found by`, { ...context, issues });
};

// HubSpot compares addresses without regard to case.
const comparable = (property: string, value: string): string =>
  property === 'email' ? value.trim().toLowerCase() : value;

/** HubSpot refuses a batch that names one record twice, so the second naming goes into a request of its own. */
const rounds = (records: readonly WrittenRecord[], property: string): readonly (readonly Input[])[] => {
  const found: Input[][] = [];
  const times = new Map<string, number>();
  for (const [index, { properties }] of records.entries()) {
    const id = properties[property];
    if (id === undefined || id === null || id.trim() === '') continue;
    const key = comparable(property, id);
    const round = times.get(key) ?? 0;
    times.set(key, round + 1);
    found[round] = [...(found[round] ?? []), { index, id, properties }];
  }
  return found;
};

const send = async (
  call: HubSpotCall,
  { kind, operation, property, inputs }: UpsertTarget & { readonly inputs: readonly Input[] },
): Promise<ReadonlyMap<number, ItemOutcome<Row>>> => {
  const body = {
    inputs: inputs.map(({ index, id, properties }) => ({
      idProperty: property,
      id,
      // By this the vendor's answer is told apart: it promises no order.
      objectWriteTraceId: String(index),
      properties,
    })),
  };
  const path = objectPath(kind, '/batch/upsert');
  const request = { method: 'POST', path, body, effect: 'external-id' } as const;
  const answer = await call.transports.rest.send(request).catch((thrown: unknown) => {
    throw withAdvice(thrown, { kind, property });
  });
  const batch = parseAnswer(ObjectBatch, answer.body);
  const traced = new Map(inputs.map(({ index, id }) => [comparable(property, id), index]));
  const outcomes = new Map<number, ItemOutcome<Row>>();
  for (const row of batch.results) {
    const index = indexOf(row, { property, traced });
    if (index !== undefined) {
      outcomes.set(index, { ok: true, record: withUnset(row, call.fields), created: createdOf(row) });
    }
  }
  const failed = failures(batch.errors ?? [], contextOf(call, operation));
  for (const { index } of inputs) {
    if (!outcomes.has(index)) outcomes.set(index, { ok: false, error: failed(String(index)) });
  }
  return outcomes;
};

/** HubSpot refuses the whole batch where the key is no unique property, and does not say so in its code. */
const withAdvice = (thrown: unknown, { kind, property }: Omit<UpsertTarget, 'operation'>): unknown => {
  if (!isConnectorError(thrown) || thrown.code !== 'invalid-request' || property === 'email') return thrown;
  const advice = `upserts need '${property}' of ${kind.type} with unique values, which prepare creates`;
  return connectorError(thrown.code, `${thrown.message}: ${advice}`, { ...thrown, cause: thrown.cause });
};

/** The answer to a write leaves out properties without a value, where a read gives null. */
const withUnset = (row: Row, fields: readonly string[]): Row => {
  if (fields.length === 0) return row;
  const unset = Object.fromEntries(fields.map((name) => [name, null]));
  return { ...row, properties: { ...unset, ...row.properties } };
};

const createdOf = (row: Row): boolean | undefined => (typeof row.new === 'boolean' ? row.new : undefined);

/** The trace id is optional in HubSpot's own schema; where it is left out the key tells the rows apart. */
const indexOf = (row: Row, { property, traced }: { property: string; traced: ReadonlyMap<string, number> }) => {
  const { objectWriteTraceId: trace } = row;
  if (typeof trace === 'string' && /^\d+$/.test(trace)) return Number(trace);
  const value = row.properties[property];
  return typeof value === 'string' ? traced.get(comparable(property, value)) : undefined;
};

/** Finds the error of an input. One that names no input stands for all that have no result. */
const failures = (errors: readonly BatchError[], context: Context) => {
  const general = errors.find((error) => error.context?.objectWriteTraceId === undefined);
  return (trace: string): ConnectorError => {
    const error = errors.find((candidate) => candidate.context?.objectWriteTraceId?.includes(trace)) ?? general;
    if (error === undefined) {
      return connectorError('unknown-outcome', 'HubSpot answered nothing about the record', context);
    }
    const { code, ...facts } = batchErrorFacts(error);
    return connectorError(code, 'HubSpot refused the record', { ...context, ...facts });
  };
};
