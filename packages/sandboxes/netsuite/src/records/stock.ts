import type { SandboxDatabase } from '@mortise/testing';
import type { NetSuiteState, StockRow } from '../types.ts';
import { lists } from './lists.ts';
import { stampNow } from './stamp.ts';
import { type Condition, findRecord } from './table.ts';

/** Quantities of items by location. */
export const stockSchema = `
CREATE TABLE IF NOT EXISTS stock (item INTEGER NOT NULL, location INTEGER NOT NULL, on_hand INTEGER NOT NULL,
  available INTEGER NOT NULL, committed INTEGER NOT NULL, on_order INTEGER NOT NULL, back_ordered INTEGER NOT NULL,
  modified_at INTEGER NOT NULL, PRIMARY KEY (item, location)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stock_by_stamp ON stock (modified_at, item, location);`;

const columns = `CAST(item AS TEXT) AS text_item, CAST(location AS TEXT) AS text_location, on_hand, available, committed,
  on_order, back_ordered, modified_at`;

function stockRow(row: Record<string, unknown>): StockRow {
  return {
    itemId: String(row.text_item),
    locationId: String(row.text_location),
    onHand: Number(row.on_hand),
    available: Number(row.available),
    committed: Number(row.committed),
    onOrder: Number(row.on_order),
    backOrdered: Number(row.back_ordered),
    modifiedAt: Number(row.modified_at),
  };
}

/** Writes the quantities of one item at one location. */
export function putStock(database: SandboxDatabase, row: StockRow): void {
  const { onHand, available, committed, onOrder, backOrdered, modifiedAt } = row;
  database
    .statement('INSERT OR REPLACE INTO stock VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(BigInt(row.itemId), BigInt(row.locationId), onHand, available, committed, onOrder, backOrdered, modifiedAt);
}

/** The quantities that fulfil a condition, by item and location. */
export function selectStock(database: SandboxDatabase, { sql, values }: Condition): StockRow[] {
  const text = `SELECT ${columns} FROM stock WHERE ${sql} ORDER BY item, location`;
  return database
    .statement(text)
    .all(...values)
    .map(stockRow);
}

/** What lies of one item at one location. */
export type StockChange = {
  /** The item by its internal id or number. */
  item: { id: string } | { name: string };
  /** The location by its internal id or name. */
  location: { id: string } | { name: string };
  /** Units that lie there. */
  onHand: number;
  /** Units of these that are promised to orders; as before unless given. */
  committed?: number;
};

/**
 * Sets the stock of an item at a location, as people do in the vendor's own pages; no call of the API that this stand-in
 * keeps changes stock. Throws a TypeError for an item or location that is unknown and for units that are not whole.
 */
export function setStock(state: NetSuiteState, change: StockChange): void {
  const { onHand } = change;
  const item = findRecord(state.database, 'inventoryItem', { key: change.item });
  const [field, named] =
    'id' in change.location ? (['id', change.location.id] as const) : (['name', change.location.name] as const);
  const location = lists.location.find((each) => each[field] === named);
  if (item === undefined || location === undefined) throw new TypeError('There is no such item or location.');
  const where = { sql: 'item = ? AND location = ?', values: [item.id, location.id] };
  const [before] = selectStock(state.database, where);
  const committed = change.committed ?? before?.committed ?? 0;
  if (!Number.isSafeInteger(onHand) || !Number.isSafeInteger(committed))
    throw new TypeError('Units are whole numbers.');
  putStock(state.database, {
    ...{ itemId: item.id, locationId: location.id, onHand, committed },
    available: Math.max(onHand - committed, 0),
    ...{ onOrder: before?.onOrder ?? 0, backOrdered: before?.backOrdered ?? 0, modifiedAt: stampNow(state) },
  });
}
