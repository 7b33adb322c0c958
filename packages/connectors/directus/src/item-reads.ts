import { connectorError, type FindRequest } from '@mortise/runtime';
import { rowsOf } from './changed-items.ts';
import { askedFields, type Collection, toRecord } from './collection.ts';
import type { Table } from './table.ts';

/**
 * Rows in which a field has one of the values. By filter, also for the id: `GET /items/{collection}/{id}` answers 403
 * both for a row that is not there and for a permission that is missing, a filtered list 403 for the permission alone.
 */
export const rowsWith = async (
  table: Table,
  { field, values, limit }: { readonly field: string; readonly values: readonly string[]; readonly limit: number },
): Promise<Record<string, unknown>[]> => {
  const query = {
    fields: askedFields(table.collection).join(','),
    filter: JSON.stringify({ [field]: { _in: values } }),
    // A greater one is refused; rows beyond it are missing, so that callers must bear that.
    limit: Math.min(limit, table.call.settings.largestPage),
  };
  const { body } = await table.call.transports.rest.send({
    method: 'GET',
    path: `items/${table.collection.name}`,
    query,
  });
  return rowsOf(body).map((row) => toRecord(row, table.collection));
};

/** One row by its id, or undefined: also where a rule of the policy hides it. */
export const rowById = async (table: Table, id: string) => {
  // Another text makes the database refuse the comparison.
  if (!/^[\w-]{1,64}$/.test(id)) return undefined;
  const [row] = await rowsWith(table, { field: table.collection.id, values: [id], limit: 1 });
  return row;
};

/** One row by its id. @throws ConnectorError `not-found`. */
export const getItem = async (table: Table, id: string): Promise<unknown> => {
  const row = await rowById(table, id);
  if (row !== undefined) return row;
  throw connectorError(
    'not-found',
    `the collection '${table.collection.name}' has no such item, or its policy hides it`,
  );
};

/** One row by its SKU or id, or undefined. @throws ConnectorError `conflict` where several have it. */
export const findItem = async (table: Table, { field, value }: FindRequest): Promise<unknown> => {
  if (field === 'id') return rowById(table, value);
  if (field !== 'sku') throw connectorError('invalid-request', `items are found by 'id' or 'sku', not by '${field}'`);
  const rows = await rowsWith(table, { field: table.collection.sku, values: [value], limit: 2 });
  if (rows.length > 1) throw notUnique(table.collection);
  return rows[0];
};

/** The error of a SKU that several rows have. */
export const notUnique = ({ name, sku }: Collection) =>
  connectorError('conflict', `several items of '${name}' have the same '${sku}': make that field unique in Directus`);
