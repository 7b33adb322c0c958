import { gidOf } from '../records/gid.ts';
import { findRecord, nextId, putRecord, recordsOf, removeRecord } from '../records/table.ts';
import type { RecordType, ShopifyState, StoredRecord } from '../types.ts';
import { webhookBody } from '../webhooks/payload.ts';

const topics: Partial<Record<RecordType, string>> = {
  Product: 'PRODUCTS',
  Customer: 'CUSTOMERS',
  Order: 'ORDERS',
  InventoryItem: 'INVENTORY_ITEMS',
  InventoryLevel: 'INVENTORY_LEVELS',
  Location: 'LOCATIONS',
};

/** The vendor's own words: an order is "updated", and a level that goes is "disconnected". */
function wordOf(topic: string, what: 'CREATE' | 'UPDATE' | 'DELETE'): string {
  if (topic === 'ORDERS' && what === 'UPDATE') return 'UPDATED';
  return topic === 'INVENTORY_LEVELS' && what === 'DELETE' ? 'DISCONNECT' : what;
}

function tell(state: ShopifyState, record: StoredRecord, { what }: { what: 'CREATE' | 'UPDATE' | 'DELETE' }): void {
  const topic = topics[record.type];
  if (topic === undefined) return;
  const body = webhookBody(state, record, { isDeletion: what === 'DELETE' });
  state.webhooks.emit(`${topic}_${wordOf(topic, what)}`, body);
}

/** What a new record is made of. */
export type NewRecord = Pick<StoredRecord, 'type' | 'body'> & { parent?: string | null; other?: string | null };

/** Makes a record, stamped now. Its webhook is sent by {@link announce}, when its children are there too. */
export function create(state: ShopifyState, { type, body, parent = null, other = null }: NewRecord): StoredRecord {
  const now = state.clock.now();
  const record = { type, id: nextId(state.database, type), parent, other, body, createdAt: now, updatedAt: now };
  putRecord(state, record);
  return record;
}

/** Sends the webhook of a record that was made or changed. */
export function announce(state: ShopifyState, record: StoredRecord, { what }: { what: 'CREATE' | 'UPDATE' }): void {
  tell(state, record, { what });
}

/** Changes fields of a record and stamps it now. */
export function change(
  state: ShopifyState,
  record: StoredRecord,
  { body = {} }: { body?: StoredRecord['body'] } = {},
): StoredRecord {
  const changed = { ...record, body: { ...record.body, ...body }, updatedAt: state.clock.now() };
  putRecord(state, changed);
  return changed;
}

/** Takes a record away with its children; of a product a deletion event stays. */
export function remove(state: ShopifyState, record: StoredRecord): void {
  const { database } = state;
  const below = { by: 'parent', id: record.id } as const;
  if (record.type === 'Product') {
    for (const variant of recordsOf(database, 'ProductVariant', below)) removeVariant(state, variant);
    create(state, { type: 'DeletionEvent', body: { subjectId: gidOf(record), subjectType: 'PRODUCT' } });
  }
  if (record.type === 'ProductVariant') {
    removeVariant(state, record);
    return;
  }
  if (record.type === 'Order') for (const line of recordsOf(database, 'LineItem', below)) removeRecord(database, line);
  removeRecord(database, record);
  tell(state, record, { what: 'DELETE' });
}

/** Takes a variant away with its inventory item and levels. */
export function removeVariant({ database }: ShopifyState, variant: StoredRecord): void {
  removeRecord(database, variant);
  if (variant.other === null) return;
  for (const level of recordsOf(database, 'InventoryLevel', { by: 'parent', id: variant.other })) {
    removeRecord(database, level);
  }
  removeRecord(database, { type: 'InventoryItem', id: variant.other });
}

/** The record of a type, or a TypeError that says that there is none. */
export function existing(state: ShopifyState, { type, id }: Pick<StoredRecord, 'type' | 'id'>): StoredRecord {
  const found = /^\d{1,18}$/.test(id) ? findRecord(state.database, { type, id }) : undefined;
  if (found === undefined) throw new TypeError(`There is no ${type} ${id}.`);
  return found;
}
