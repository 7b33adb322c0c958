import { connectorError } from '../errors/connector-error.ts';
import { isFields } from '../mapping/key-path.ts';
import type {
  CallOptions,
  FindRequest,
  ItemOutcome,
  ListRequest,
  SubscribeRequest,
  WriteOptions,
} from './operations.ts';
import type { ResourcePort } from './port.ts';
import { readChanges, readPages } from './reads.ts';
import type { Parsed } from './schema.ts';
import type { ReadOptions, WireOperations } from './wire-operations.ts';

/** The same operations in model terms: decoded on the way out, encoded on the way in. */
export const modelOperations = (wire: WireOperations, port: ResourcePort): object => {
  const decoded = (record: unknown): unknown => fittingValue(port.decode(record));
  const decodedOrNone = (record: unknown) => (record === undefined ? undefined : decoded(record));
  /** A default was given in model terms already. */
  const one = (answer: unknown, options: ReadOptions | undefined) => {
    if (options?.fallback === undefined || !isFields(answer)) return decodedOrNone(answer);
    return answer.source === 'default' ? answer : { ...answer, value: decodedOrNone(answer.value) };
  };
  const reader = { parse: port.decode, keyOf: port.keyOf };
  const { list, backfill, subscribe, get, find, create, update, upsert, ...rest } = wire;
  return {
    ...rest,
    ...(list && { list: (request?: ListRequest & CallOptions) => readPages(list(request), reader) }),
    ...(backfill && { backfill: (request?: ListRequest & CallOptions) => readPages(backfill(request), reader) }),
    ...(subscribe && {
      subscribe: (request?: SubscribeRequest & CallOptions) => readChanges(subscribe(request), reader),
    }),
    ...(get && { get: async (id: string, options?: ReadOptions) => one(await get(id, options), options) }),
    ...(find && {
      find: async (request: FindRequest, options?: ReadOptions) => one(await find(request, options), options),
    }),
    ...(create && { create: batchOfModels(create, port) }),
    ...(upsert && { upsert: batchOfModels(upsert, port) }),
    ...(update && {
      update: async (id: string, change: object, options?: WriteOptions) =>
        decoded(await update(id, fittingValue(port.encodeChange(change)) ?? {}, options)),
    }),
  };
};

const misfit = (issues: Extract<Parsed<unknown>, { ok: false }>['issues']) =>
  connectorError('invalid-record', 'the record does not fit its mapping', { issues });

const fittingValue = (parsed: Parsed<unknown>): unknown => {
  if (parsed.ok) return parsed.value;
  throw misfit(parsed.issues);
};

/** Writes the models that fit their mapping; the outcome of one that does not is its issues, and the others go on. */
const batchOfModels =
  (write: NonNullable<WireOperations['upsert']>, port: ResourcePort) =>
  async (models: readonly unknown[], options?: WriteOptions): Promise<readonly ItemOutcome<unknown>[]> => {
    const encoded = models.map(port.encode);
    const fitting = encoded.flatMap((each) => (each.ok ? [each.value] : []));
    const written = (await write(fitting, options)).values();
    return encoded.map((each): ItemOutcome<unknown> => {
      if (!each.ok) return { ok: false, error: misfit(each.issues) };
      const next = written.next();
      if (next.done) throw connectorError('internal', 'fewer outcomes came back than records were written');
      return decodedOutcome(next.value, port);
    });
  };

const decodedOutcome = (outcome: ItemOutcome<unknown>, port: ResourcePort): ItemOutcome<unknown> => {
  if (!outcome.ok) return outcome;
  const result = port.decode(outcome.record);
  return result.ok ? { ...outcome, record: result.value } : { ok: false, error: misfit(result.issues) };
};
