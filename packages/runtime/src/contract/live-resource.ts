import { connectorError, toConnectorError } from '../errors/connector-error.ts';
import type { Clock } from '../resilience/clock.ts';
import { fieldReader, keyText, stampMilliseconds } from './field.ts';
import type { BindTransports } from './open.ts';
import type { BatchWrite, Call, CallOptions, ItemOutcome, ListRequest, Page, RejectedRecord } from './operations.ts';
import type { ResourcePort } from './port.ts';
import type { ErasedOperations, ResourceDefinition } from './resource.ts';
import { type Parsed, recordParser } from './schema.ts';

/** What a resource is bound to. */
export interface ResourceBinding {
  readonly name: string;
  readonly connector: string;
  readonly connection: string;
  readonly settings: unknown;
  readonly clock: Clock;
  readonly bindTransports: BindTransports;
}

type Parse = (record: unknown) => Parsed<unknown>;
type Perform = <Value>(operation: string, options: CallOptions | undefined, run: (call: AnyCall) => Promise<Value>) => Promise<Value>;
type AnyCall = Call<unknown, unknown>;

/** Binds a resource definition to its connection: parses what is read, cuts batches, completes errors. */
export const liveResource = (definition: ResourceDefinition, binding: ResourceBinding): object => {
  const wire = wireOperations(definition, binding);
  const port = resourcePort(definition, { binding, wire });
  return { ...wire, port, model: definition.mapping === undefined ? wire : modelOperations(wire, port) };
};

/** Operations on wire records; only those that the definition has. */
interface WireOperations {
  list?: (request?: ListRequest & CallOptions) => AsyncIterable<Page<unknown>>;
  get?: (id: string, options?: CallOptions) => Promise<unknown>;
  find?: (request: { field: string; value: string }, options?: CallOptions) => Promise<unknown>;
  deletions?: (request?: ListRequest & CallOptions) => AsyncIterable<unknown>;
  create?: (records: readonly unknown[], options?: CallOptions) => Promise<readonly ItemOutcome<unknown>[]>;
  update?: (id: string, change: object, options?: CallOptions) => Promise<unknown>;
  upsert?: (records: readonly unknown[], options?: CallOptions) => Promise<readonly ItemOutcome<unknown>[]>;
  remove?: (id: string, options?: CallOptions) => Promise<void>;
}

const callFor = (binding: ResourceBinding, operation: string, options: CallOptions | undefined): AnyCall => {
  const signal = options?.signal;
  const { settings, connection, clock, name } = binding;
  const transports = binding.bindTransports({ operation: `${name}.${operation}`, signal });
  return { transports, settings, connection, now: clock.now, signal };
};

const errorOf = (thrown: unknown, { connector, connection, name }: ResourceBinding, operation: string) =>
  toConnectorError(thrown, { connector, connection, operation: `${name}.${operation}` });

const wireOperations = (definition: ResourceDefinition, binding: ResourceBinding): WireOperations => {
  const given = definition.operations;
  const parse: Parse = recordParser(definition.record);
  const perform: Perform = async (operation, options, run) => {
    try {
      return await run(callFor(binding, operation, options));
    } catch (thrown) {
      throw errorOf(thrown, binding, operation);
    }
  };
  const operations: WireOperations = {};
  addReads(operations, { given, parse, perform, binding, keyOf: keyReader(definition) });
  addWrites(operations, { given, parse, perform });
  return operations;
};

const keyReader = ({ key }: ResourceDefinition) => {
  const read = fieldReader(key);
  return (record: unknown) => keyText(read(record));
};

const parsedOrThrown = (parse: Parse, record: unknown): unknown => {
  const parsed = parse(record);
  if (parsed.ok) return parsed.value;
  throw connectorError('invalid-record', 'the record is not what its schema says', { issues: parsed.issues });
};

interface Parts {
  readonly given: ErasedOperations;
  readonly parse: Parse;
  readonly perform: Perform;
  readonly binding: ResourceBinding;
  readonly keyOf: (record: unknown) => string | undefined;
}

const addReads = (operations: WireOperations, { given, parse, perform, binding, keyOf }: Parts): void => {
  const { list, get, find, deletions } = given;
  if (list !== undefined) {
    operations.list = (request = {}) =>
      completeErrors(binding, 'list', () => parsedPages(list(callFor(binding, 'list', request), request), { parse, keyOf }));
  }
  if (deletions !== undefined) {
    operations.deletions = (request = {}) =>
      completeErrors(binding, 'deletions', () => deletions(callFor(binding, 'deletions', request), request));
  }
  if (get !== undefined) {
    operations.get = (id, options) => perform('get', options, async (call) => parsedOrThrown(parse, await get(call, id)));
  }
  if (find !== undefined) {
    operations.find = (request, options) =>
      perform('find', options, async (call) => {
        const found = await find(call, request);
        return found === undefined || found === null ? undefined : parsedOrThrown(parse, found);
      });
  }
};

const addWrites = (operations: WireOperations, { given, parse, perform }: Pick<Parts, 'given' | 'parse' | 'perform'>): void => {
  const { create, upsert, update, remove } = given;
  if (create !== undefined) {
    operations.create = (records, options) => perform('create', options, (call) => writeInBatches(create, { call, records, parse }));
  }
  if (upsert !== undefined) {
    operations.upsert = (records, options) => perform('upsert', options, (call) => writeInBatches(upsert, { call, records, parse }));
  }
  if (update !== undefined) {
    operations.update = (id, change, options) =>
      perform('update', options, async (call) => parsedOrThrown(parse, await update.run(call, { id, change })));
  }
  if (remove !== undefined) {
    operations.remove = (id, options) => perform('remove', options, (call) => remove.run(call, id));
  }
};

/** Runs a generator and completes what it throws, as `perform` does for promises. */
async function* completeErrors<Item>(
  binding: ResourceBinding,
  operation: string,
  start: () => AsyncIterable<Item>,
): AsyncGenerator<Item> {
  try {
    yield* start();
  } catch (thrown) {
    throw errorOf(thrown, binding, operation);
  }
}

async function* parsedPages(
  pages: AsyncIterable<{ readonly records: readonly unknown[]; readonly next?: string | undefined }>,
  { parse, keyOf }: { parse: Parse; keyOf: (record: unknown) => string | undefined },
): AsyncGenerator<Page<unknown>> {
  for await (const page of pages) {
    const records: unknown[] = [];
    const rejected: RejectedRecord[] = [];
    for (const record of page.records) {
      const parsed = parse(record);
      if (parsed.ok) records.push(parsed.value);
      else rejected.push({ key: keyOf(record), issues: parsed.issues, record });
    }
    yield { records, rejected, next: page.next };
  }
}

/** Cuts the records into requests of the vendor's size. What was written before a request fails stays reported. */
const writeInBatches = async (
  write: BatchWrite<unknown, unknown, unknown>,
  { call, records, parse }: { call: AnyCall; records: readonly unknown[]; parse: Parse },
): Promise<readonly ItemOutcome<unknown>[]> => {
  const outcomes: ItemOutcome<unknown>[] = [];
  for (let start = 0; start < records.length; start += write.max) {
    const batch = records.slice(start, start + write.max);
    const answered = await write.run(call, batch);
    if (answered.length !== batch.length) {
      throw connectorError('internal', `${batch.length} records were written and ${answered.length} outcomes came back`);
    }
    for (const outcome of answered) outcomes.push(parsedOutcome(outcome, parse));
  }
  return outcomes;
};

const parsedOutcome = (outcome: ItemOutcome<unknown>, parse: Parse): ItemOutcome<unknown> => {
  if (!outcome.ok) return outcome;
  const parsed = parse(outcome.record);
  if (parsed.ok) return { ...outcome, record: parsed.value };
  const { issues } = parsed;
  return { ok: false, error: connectorError('invalid-record', 'the record written came back unlike its schema', { issues }) };
};

const resourcePort = (
  definition: ResourceDefinition,
  { binding, wire }: { binding: ResourceBinding; wire: WireOperations },
): ResourcePort => {
  const { changes, mapping, record, operations } = definition;
  const stamp = changes === 'none' ? undefined : fieldReader(changes.field);
  const same: Parse = (value) => ({ ok: true, value });
  const { upsert } = operations;
  return {
    id: `${binding.connection}.${binding.name}`,
    connection: binding.connection,
    record,
    changes,
    hasMapping: mapping !== undefined,
    keyOf: keyReader(definition),
    changedAt: (value) => (stamp === undefined ? undefined : stampMilliseconds(stamp(value))),
    // Only records that the resource's own schema or mapping made come here.
    decode: mapping === undefined ? same : (value) => mapping.tryDecode(value as never),
    encode: mapping === undefined ? same : (value) => mapping.tryEncode(value as never),
    encodeChange: mapping === undefined ? same : (value) => mapping.tryEncodeChange(value as never),
    ...(wire.list && { list: wire.list }),
    ...(wire.find && { find: wire.find }),
    ...(upsert?.key !== undefined &&
      wire.upsert && { upsert: { effect: upsert.effect, key: upsert.key, max: upsert.max, run: wire.upsert } }),
  };
};

/** The same operations in model terms: decoded on the way out, encoded on the way in. */
const modelOperations = (wire: WireOperations, port: ResourcePort): object => {
  const decoded = (record: unknown): unknown => valueOf(port.decode(record));
  const encodedOrFailed = (models: readonly unknown[]) => models.map((model) => valueOf(port.encode(model)));
  const { list, get, find, create, update, upsert, ...rest } = wire;
  return {
    ...rest,
    ...(list && { list: (request?: ListRequest & CallOptions) => decodedPages(list(request), port) }),
    ...(get && { get: async (id: string, options?: CallOptions) => decoded(await get(id, options)) }),
    ...(find && {
      find: async (request: { field: string; value: string }, options?: CallOptions) => {
        const found = await find(request, options);
        return found === undefined ? undefined : decoded(found);
      },
    }),
    ...(create && { create: async (models: readonly unknown[], options?: CallOptions) =>
      (await create(encodedOrFailed(models), options)).map((outcome) => decodedOutcome(outcome, port)) }),
    ...(upsert && { upsert: async (models: readonly unknown[], options?: CallOptions) =>
      (await upsert(encodedOrFailed(models), options)).map((outcome) => decodedOutcome(outcome, port)) }),
    ...(update && { update: async (id: string, change: object, options?: CallOptions) =>
      decoded(await update(id, valueOf(port.encodeChange(change)) ?? {}, options)) }),
  };
};

const valueOf = (parsed: Parsed<unknown>): unknown => {
  if (parsed.ok) return parsed.value;
  throw connectorError('invalid-record', 'the record does not fit its mapping', { issues: parsed.issues });
};

async function* decodedPages(pages: AsyncIterable<Page<unknown>>, port: ResourcePort): AsyncGenerator<Page<unknown>> {
  for await (const page of pages) {
    const records: unknown[] = [];
    const rejected = [...page.rejected];
    for (const record of page.records) {
      const result = port.decode(record);
      if (result.ok) records.push(result.value);
      else rejected.push({ key: port.keyOf(record), issues: result.issues, record });
    }
    yield { records, rejected, next: page.next };
  }
}

const decodedOutcome = (outcome: ItemOutcome<unknown>, port: ResourcePort): ItemOutcome<unknown> => {
  if (!outcome.ok) return outcome;
  const result = port.decode(outcome.record);
  if (result.ok) return { ...outcome, record: result.value };
  return { ok: false, error: connectorError('invalid-record', 'the record written does not fit its mapping', { issues: result.issues }) };
};
