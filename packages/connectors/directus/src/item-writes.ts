import {
  type ConnectorError,
  connectorError,
  errorCodes,
  type ItemOutcome,
  isConnectorError,
  readField,
  toConnectorError,
} from '@mortise/runtime';
import { askedFields, type Collection, toFields, toRecord } from './collection.ts';
import { notUnique, rowById, rowsWith } from './item-reads.ts';
import type { Table } from './table.ts';
import { lookUpCharacters } from './vendor-facts.ts';

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

const patchItem = async (table: Table, { id, change }: ItemChange) => {
  const { body } = await table.call.transports.rest.send({
    method: 'PATCH',
    path: itemPath(table.collection),
    parameters: { id },
    query: { fields: askedFields(table.collection).join(',') },
    body: toFields(change, table.collection),
    // The fields are set, not added to.
    effect: 'idempotent',
  });
  return answered(body, table.collection);
};

const isForbidden = (thrown: unknown): boolean => isConnectorError(thrown) && thrown.code === 'forbidden';

/** Changes fields of a row. @throws ConnectorError `not-found` where Directus says FORBIDDEN and there is no such row. */
export const updateItem = async (table: Table, change: ItemChange): Promise<unknown> => {
  try {
    return await patchItem(table, change);
  } catch (thrown) {
    // An administrator is not refused: the answer to a change of nothing has no data.
    const mayBeMissing = isForbidden(thrown) || (isConnectorError(thrown) && thrown.code === 'unexpected-content');
    if (!mayBeMissing || (await rowById(table, change.id)) !== undefined) throw thrown;
    throw connectorError(
      'not-found',
      `the collection '${table.collection.name}' has no such item, or its policy hides it`,
    );
  }
};

/** Removes a row. One that is gone already counts as removed: a removal whose answer was lost is sent again. */
export const removeItem = async (table: Table, id: string): Promise<void> => {
  try {
    const path = itemPath(table.collection);
    await table.call.transports.rest.send({ method: 'DELETE', path, parameters: { id }, effect: 'idempotent' });
  } catch (thrown) {
    if (!isForbidden(thrown) || (await rowById(table, id)) !== undefined) throw thrown;
  }
};

/** Values in parts whose filter fits into a URL: node's HTTP server takes 16 KiB of headers, URL included. */
const partsOf = (values: readonly string[]): string[][] => {
  const parts: string[][] = [];
  let room = 0;
  for (const value of values) {
    const length = encodeURIComponent(JSON.stringify(value)).length + 3;
    if (length > room) {
      parts.push([]);
      room = lookUpCharacters;
    }
    parts.at(-1)?.push(value);
    room -= length;
  }
  return parts;
};

/** The ids of the rows that have these SKUs; undefined where several have the same one. */
const idsBySku = async (table: Table, skus: readonly string[]) => {
  const ids = new Map<string, string | undefined>();
  for (const values of partsOf(skus)) {
    const rows = await rowsWith(table, { field: table.collection.sku, values, limit: 2 * values.length });
    for (const { id, sku } of rows) {
      if (typeof sku === 'string' && typeof id === 'string') ids.set(sku, ids.has(sku) ? undefined : id);
    }
  }
  return ids;
};

const isDuplicate = (thrown: unknown): boolean => isConnectorError(thrown) && thrown.vendorCode === 'RECORD_NOT_UNIQUE';

const createItem = async (table: Table, change: object) => {
  const { body } = await table.call.transports.rest.send({
    method: 'POST',
    path: `items/${table.collection.name}`,
    query: { fields: askedFields(table.collection).join(',') },
    body: toFields(change, table.collection),
    // Refused as RECORD_NOT_UNIQUE only where Directus itself keeps the SKU unique: not sent again unless looked up.
    effect: 'unsafe',
  });
  return answered(body, table.collection);
};

/** A record to be written, with the key that it is found by. */
export interface WrittenItem {
  readonly sku?: string | null | undefined;
}

const upsertOne = async (
  table: Table,
  { record, ids }: { readonly record: WrittenItem; readonly ids: ReadonlyMap<string, string | undefined> },
): Promise<ItemOutcome<unknown>> => {
  const { sku } = record;
  if (sku === undefined || sku === null || sku === '') throw connectorError('invalid-request', 'an upsert needs a SKU');
  if (ids.has(sku)) {
    const id = ids.get(sku);
    if (id === undefined) throw notUnique(table.collection);
    return { ok: true, record: await patchItem(table, { id, change: record }), created: false };
  }
  try {
    return { ok: true, record: await createItem(table, record), created: true };
  } catch (thrown) {
    if (!isDuplicate(thrown)) throw thrown;
    // Somebody was faster, perhaps we ourselves in a request whose answer was lost.
    const id = (await idsBySku(table, [sku])).get(sku);
    if (id === undefined) throw thrown;
    return { ok: true, record: await patchItem(table, { id, change: record }) };
  }
};

/** Creates or updates rows by SKU: one look-up, then a request for each, with an outcome of its own. */
export const upsertItems = async (
  table: Table,
  records: readonly WrittenItem[],
): Promise<readonly ItemOutcome<unknown>[]> => {
  const skus = records.flatMap(({ sku }) => (sku ? [sku] : []));
  const ids = await idsBySku(table, [...new Set(skus)]);
  const outcomes: ItemOutcome<unknown>[] = [];
  for (const record of records) {
    try {
      const outcome = await upsertOne(table, { record, ids });
      const id = outcome.ok ? readField(outcome.record, 'id') : undefined;
      // The same SKU twice in one batch: the second one updates what the first one made.
      if (record.sku && typeof id === 'string') ids.set(record.sku, id);
      outcomes.push(outcome);
    } catch (thrown) {
      if (!isConnectorError(thrown) || stopsBatch(thrown)) throw thrown;
      outcomes.push({ ok: false, error: toConnectorError(thrown) });
    }
  }
  return outcomes;
};

/**
 * Whether the whole batch ends: the next record would fare the same, or it is not known whether this one was made. The
 * batch is then run again from its look-up on, which finds what was.
 */
const stopsBatch = ({ code }: ConnectorError): boolean =>
  code === 'cancelled' ||
  code === 'unauthenticated' ||
  code === 'unknown-outcome' ||
  errorCodes[code].retry !== 'never';
