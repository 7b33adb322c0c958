import { connectorError, type ItemOutcome, isConnectorError, readField, toConnectorError } from '@mortise/runtime';
import { askedFields, type Collection, toFields, toRecord } from './collection.ts';
import { notUnique, rowById, rowsWith } from './item-reads.ts';
import type { DirectusCall } from './vendor.ts';

const itemPath = ({ name }: Collection) => `items/${name}/{id}`;

const answered = (body: unknown, collection: Collection): Record<string, unknown> => {
  const row = readField(body, 'data');
  if (typeof row === 'object' && row !== null) return toRecord(row, collection);
  throw connectorError('unexpected-content', 'the answer to a write has no item: it needs the permission to read, too');
};

/** What a write of one row needs. */
interface ItemChange {
  readonly id: string;
  readonly change: object;
}

const patchItem = async (call: DirectusCall, collection: Collection, { id, change }: ItemChange) => {
  const { body } = await call.transports.rest.send({
    method: 'PATCH',
    path: itemPath(collection),
    parameters: { id },
    query: { fields: askedFields(collection).join(',') },
    body: toFields(change, collection),
    // The fields are set, not added to.
    effect: 'idempotent',
  });
  return answered(body, collection);
};

const isForbidden = (thrown: unknown): boolean => isConnectorError(thrown) && thrown.code === 'forbidden';

/** Changes fields of a row. @throws ConnectorError `not-found` where Directus says FORBIDDEN and there is no such row. */
export const updateItem = async (call: DirectusCall, collection: Collection, change: ItemChange): Promise<unknown> => {
  try {
    return await patchItem(call, collection, change);
  } catch (thrown) {
    // An administrator is not refused: the answer to a change of nothing has no data.
    const mayBeMissing = isForbidden(thrown) || (isConnectorError(thrown) && thrown.code === 'unexpected-content');
    if (!mayBeMissing || (await rowById(call, collection, change.id)) !== undefined) throw thrown;
    throw connectorError('not-found', `the collection '${collection.name}' has no such item, or its policy hides it`);
  }
};

/** Removes a row. One that is gone already counts as removed: a removal whose answer was lost is sent again. */
export const removeItem = async (call: DirectusCall, collection: Collection, id: string): Promise<void> => {
  try {
    const path = itemPath(collection);
    await call.transports.rest.send({ method: 'DELETE', path, parameters: { id }, effect: 'idempotent' });
  } catch (thrown) {
    if (!isForbidden(thrown) || (await rowById(call, collection, id)) !== undefined) throw thrown;
  }
};

/** The ids of the rows that have these SKUs; undefined where several have the same one. */
const idsBySku = async (call: DirectusCall, collection: Collection, skus: readonly string[]) => {
  const ids = new Map<string, string | undefined>();
  if (skus.length === 0) return ids;
  const rows = await rowsWith(call, collection, { field: collection.sku, values: skus, limit: 2 * skus.length });
  for (const { id, sku } of rows) {
    if (typeof sku === 'string' && typeof id === 'string') ids.set(sku, ids.has(sku) ? undefined : id);
  }
  return ids;
};

const isDuplicate = (thrown: unknown): boolean => isConnectorError(thrown) && thrown.vendorCode === 'RECORD_NOT_UNIQUE';

const createItem = async (call: DirectusCall, collection: Collection, change: object) => {
  const { body } = await call.transports.rest.send({
    method: 'POST',
    path: `items/${collection.name}`,
    query: { fields: askedFields(collection).join(',') },
    body: toFields(change, collection),
    // A second one is refused as RECORD_NOT_UNIQUE, and becomes an update of the first.
    effect: 'external-id',
  });
  return answered(body, collection);
};

/** A record to be written, with the key that it is found by. */
export interface WrittenItem {
  readonly sku?: string | null | undefined;
}

const upsertOne = async (
  call: DirectusCall,
  collection: Collection,
  { record, ids }: { readonly record: WrittenItem; readonly ids: ReadonlyMap<string, string | undefined> },
): Promise<ItemOutcome<unknown>> => {
  const { sku } = record;
  if (sku === undefined || sku === null || sku === '') throw connectorError('invalid-request', 'an upsert needs a SKU');
  if (ids.has(sku)) {
    const id = ids.get(sku);
    if (id === undefined) throw notUnique(collection);
    return { ok: true, record: await patchItem(call, collection, { id, change: record }), created: false };
  }
  try {
    return { ok: true, record: await createItem(call, collection, record), created: true };
  } catch (thrown) {
    if (!isDuplicate(thrown)) throw thrown;
    // Somebody was faster, perhaps we ourselves in a request whose answer was lost.
    const id = (await idsBySku(call, collection, [sku])).get(sku);
    if (id === undefined) throw thrown;
    return { ok: true, record: await patchItem(call, collection, { id, change: record }) };
  }
};

/** Creates or updates rows by SKU: one look-up, then a request for each, with an outcome of its own. */
export const upsertItems = async (
  call: DirectusCall,
  collection: Collection,
  records: readonly WrittenItem[],
): Promise<readonly ItemOutcome<unknown>[]> => {
  const skus = records.flatMap(({ sku }) => (sku ? [sku] : []));
  const ids = await idsBySku(call, collection, [...new Set(skus)]);
  const outcomes: ItemOutcome<unknown>[] = [];
  for (const record of records) {
    try {
      const outcome = await upsertOne(call, collection, { record, ids });
      const id = outcome.ok ? readField(outcome.record, 'id') : undefined;
      // The same SKU twice in one batch: the second one updates what the first one made.
      if (record.sku && typeof id === 'string') ids.set(record.sku, id);
      outcomes.push(outcome);
    } catch (thrown) {
      if (!isConnectorError(thrown) || stopsBatch.has(thrown.code)) throw thrown;
      outcomes.push({ ok: false, error: toConnectorError(thrown) });
    }
  }
  return outcomes;
};

/** What ends the whole batch: the next record would fare the same. */
const stopsBatch: ReadonlySet<string> = new Set(['cancelled', 'unauthenticated', 'forbidden']);
