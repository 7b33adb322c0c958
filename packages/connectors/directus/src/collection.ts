import { connectorError, readField } from '@mortise/runtime';

/** A collection as the settings name it: our names of the fields, and the server's. Null: the collection has none. */
export interface Collection {
  readonly name: string;
  readonly fields: Readonly<Record<string, string | null>>;
  readonly id: string;
  readonly created: string;
  readonly updated: string;
  readonly sku: string;
  /** Currency of its prices. */
  readonly currency: string;
}

/** What the settings of a collection have in common. */
interface Named {
  readonly collection: string;
  readonly fields: { readonly id: string; readonly date_created: string; readonly date_updated: string } & {
    readonly sku: string;
    readonly [other: string]: string | null;
  };
}

/** The collection of a setting. */
export const collectionOf = ({ collection, fields }: Named, currency: string): Collection => ({
  name: collection,
  fields,
  id: fields.id,
  created: fields.date_created,
  updated: fields.date_updated,
  sku: fields.sku,
  currency,
});

/** Fields to ask for. */
export const askedFields = ({ fields }: Collection): string[] =>
  Object.values(fields).filter((field) => field !== null);

/**
 * A row under our names. Ids and decimals are texts: REST gives an id as a number, GraphQL as a text, and a decimal the
 * other way round. `changed_at` is the stamp of the last change: `date_updated` is null until the first update.
 */
export const toRecord = (row: unknown, collection: Collection): Record<string, unknown> => {
  const record: Record<string, unknown> = {};
  for (const [ours, theirs] of Object.entries(collection.fields)) {
    record[ours] = theirs === null ? null : (readField(row, theirs) ?? null);
  }
  for (const name of ['id', 'price']) {
    if (typeof record[name] === 'number') record[name] = String(record[name]);
  }
  if ('price' in record) record.currency = collection.currency;
  return { ...record, changed_at: record.date_updated ?? record.date_created ?? null };
};

/** Never written: the server sets them. */
const givenByServer = new Set(['id', 'date_created', 'date_updated', 'changed_at']);

/**
 * Changed fields under the server's names. What the collection has no field for is left out.
 * @throws ConnectorError `invalid-request` for a price in another currency.
 */
export const toFields = (change: object, { fields, currency }: Collection): Record<string, unknown> => {
  const given = readField(change, 'currency');
  if (given !== undefined && given !== null && given !== currency) {
    throw connectorError('invalid-request', `the prices of this connection are in ${currency}: money is not converted`);
  }
  const row: Record<string, unknown> = {};
  for (const [ours, value] of Object.entries(change)) {
    const theirs = fields[ours];
    if (theirs !== null && theirs !== undefined && !givenByServer.has(ours)) row[theirs] = value;
  }
  return row;
};
