import { isRecord } from '@mortise/testing';
import type { NetSuiteState } from '../types.ts';
import { lists } from './lists.ts';
import { putStock } from './stock.ts';
import { findRecord } from './table.ts';

/** What lies at a location, as somebody counted it. */
export type StockCount = {
  /** The item's number or external id. */
  item: string;
  /** Name of the location. */
  location: string;
  onHand: number;
};

/** Takes counts that came from outside as JSON. Throws a TypeError with one sentence. */
export function parseStockCounts(value: unknown): StockCount[] {
  if (!Array.isArray(value)) throw new TypeError('Stock counts must be a JSON array.');
  return value.map((each: unknown) => {
    const { item, location, onHand } = isRecord(each) ? each : {};
    if (typeof item === 'string' && typeof location === 'string' && Number.isInteger(onHand))
      return { item, location, onHand: Number(onHand) };
    throw new TypeError('A stock count needs "item", "location" and a whole number "onHand".');
  });
}

/** Enters counts, as people do in the vendor's own pages. Throws a TypeError for an item or a location that is not there. */
export function countStock({ database, clock }: NetSuiteState, counts: readonly StockCount[]): void {
  for (const { item, location, onHand } of counts) {
    const record =
      findRecord(database, 'inventoryItem', { key: { externalId: item } }) ??
      findRecord(database, 'inventoryItem', { key: { name: item } });
    const place = lists.location.find(({ name }) => name === location);
    if (record === undefined) throw new TypeError('There is no item of this number or external id.');
    if (place === undefined)
      throw new TypeError(`There is no such location; use ${lists.location.map(({ name }) => name).join(', ')}.`);
    const none = { committed: 0, onOrder: 0, backOrdered: 0 };
    putStock(database, {
      itemId: record.id,
      locationId: place.id,
      onHand,
      available: onHand,
      ...none,
      modifiedAt: clock.now(),
    });
  }
}
