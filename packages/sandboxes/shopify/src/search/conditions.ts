import { readGid } from '../records/gid.ts';
import type { RecordType, ShopifyState } from '../types.ts';
import { type SearchTerm, UnreadableSearch } from './terms.ts';

/** A piece of SQL with its values. */
export type Condition = { sql: string; values: (string | number | bigint | null)[] };

/** The stamp that searches see, which lags behind the record's own. */
function stampColumn({ settings }: ShopifyState): string {
  if (settings.searchLagMs === 0) return 'updated_at';
  return 'CASE WHEN changed_at > lag_since() THEN indexed_at ELSE updated_at END';
}

const bodyFields: Readonly<Record<string, string>> = {
  sku: 'sku',
  handle: 'handle',
  email: 'email',
  phone: 'phone',
  status: 'status',
  title: 'title',
  name: 'name',
  vendor: 'vendor',
  first_name: 'firstName',
  last_name: 'lastName',
  financial_status: 'displayFinancialStatus',
  fulfillment_status: 'displayFulfillmentStatus',
  customer_id: 'customerId',
  topic: 'topic',
};

const parents = new Set(['product_id', 'order_id', 'inventory_item_id']);
const others = new Set(['location_id']);

const digits = /^\d{1,18}$/;

function idValue(value: string): bigint {
  const id = readGid(value)?.id ?? value;
  if (digits.test(id)) return BigInt(id);
  throw new UnreadableSearch('The sandbox searches ids by their digits or as gid.');
}

function timeValue(value: string): number {
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw new UnreadableSearch('The sandbox searches stamps by ISO 8601 instants.');
  return time;
}

/** The condition of a term; undefined for a field that is not known, which the vendor passes over too. */
export function conditionOf(state: ShopifyState, { field, operator, value }: SearchTerm): Condition | undefined {
  const compared = (sql: string, given: string | number | bigint): Condition => ({
    sql: `${sql} ${operator} ?`,
    values: [given],
  });
  if (field === 'id') return compared('id', idValue(value));
  if (field === 'updated_at') return compared(`(${stampColumn(state)})`, timeValue(value));
  if (field === 'created_at' || field === 'processed_at' || field === 'occurred_at') {
    return compared('created_at', timeValue(value));
  }
  if (parents.has(field)) return compared('parent', idValue(value));
  if (others.has(field)) return compared('other', idValue(value));
  const name = bodyFields[field];
  if (name === undefined) return undefined;
  return { sql: `json_extract(body, '$.${name}') ${operator} ? COLLATE NOCASE`, values: [value] };
}

/** The column that a sort key stands for; all keys that are not kept sort by id. */
export function sortColumn(state: ShopifyState, { type, key }: { type: RecordType; key: unknown }): string {
  if (key === 'UPDATED_AT') return stampColumn(state);
  if (key === 'CREATED_AT' || key === 'PROCESSED_AT') return 'created_at';
  if (key === 'POSITION' && type === 'ProductVariant') return "json_extract(body, '$.position')";
  return 'id';
}
