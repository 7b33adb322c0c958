import { connectorError, type FindRequest } from '@mortise/runtime';
import { rowsOf } from './changed-items.ts';
import { askedFields, type Collection, toRecord } from './collection.ts';
import type { DirectusCall } from './vendor.ts';

/**
 * Rows in which a field has one of the values. By filter, also for the id: `GET /items/{collection}/{id}` answers 403
 * both for a row that is not there and for a permission that is missing, a filtered list 403 for the permission alone.
 */
export const rowsWith = async (
  call: DirectusCall,
  collection: Collection,
  { field, values, limit }: { readonly field: string; readonly values: readonly string[]; readonly limit: number },
): Promise<Record<string, unknown>[]> => {
  const query = {
    fields: askedFields(collection).join(','),
    filter: JSON.stringify({ [field]: { _in: values } }),
    limit,
  };
  const { body } = await call.transports.rest.send({ method: 'GET', path: `items/${collection.name}`, query });
  return rowsOf(body).map((row) => toRecord(row, collection));
};

/** One row by its id, or undefined: also where a rule of the policy hides it. */
export const rowById = async (call: DirectusCall, collection: Collection, id: string) => {
  // Another text makes the database refuse the comparison.
  if (!/^[\w-]{1,64}$/.test(id)) return undefined;
  const [row] = await rowsWith(call, collection, { field: collection.id, values: [id], limit: 1 });
  return row;
};

/** One row by its id. @throws ConnectorError `not-found`. */
export const getItem = async (call: DirectusCall, collection: Collection, id: string): Promise<unknown> => {
  const row = await rowById(call, collection, id);
  if (row !== undefined) return row;
  throw connectorError('not-found', `the collection '${collection.name}' has no such item, or its policy hides it`);
};

/** One row by its SKU or id, or undefined. @throws ConnectorError `conflict` where several have it. */
export const findItem = async (
  call: DirectusCall,
  collection: Collection,
  { field, value }: FindRequest,
): Promise<unknown> => {
  if (field === 'id') return rowById(call, collection, value);
  if (field !== 'sku') throw connectorError('invalid-request', `items are found by 'id' or 'sku', not by '${field}'`);
  const rows = await rowsWith(call, collection, { field: collection.sku, values: [value], limit: 2 });
  if (rows.length > 1) throw notUnique(collection);
  return rows[0];
};

/** The error of a SKU that several rows have. */
export const notUnique = ({ name, sku }: Collection) =>
  connectorError('conflict', `several items of '${name}' have the same '${sku}': make that field unique in Directus`);
