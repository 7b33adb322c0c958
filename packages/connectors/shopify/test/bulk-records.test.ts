import { isConnectorError } from '@mortise/runtime';
import { describe, expect, test } from 'vitest';
import { joinedRecords, startsRecord } from '../src/bulk-records.ts';

const places = { LineItem: 'lineItems' };
const order = (number: number) => ({ id: `gid://shopify/Order/${number}` });
const line = (number: number, parent: number) => ({
  id: `gid://shopify/LineItem/${number}`,
  sku: `S-${number}`,
  __parentId: `gid://shopify/Order/${parent}`,
});
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (thrown) {
    if (isConnectorError(thrown)) return thrown.code;
  }
  return 'nothing';
};

describe('vendors.md 3, bulk files', () => {
  test('children are joined to the record before them, without the name of their parent', () => {
    const records = joinedRecords([order(1), line(5, 1), line(6, 1), order(2)], places);
    expect(records).toEqual([
      {
        ...order(1),
        lineItems: {
          nodes: [
            { id: 'gid://shopify/LineItem/5', sku: 'S-5' },
            { id: 'gid://shopify/LineItem/6', sku: 'S-6' },
          ],
        },
      },
      // No line says that an order has no lines.
      { ...order(2), lineItems: { nodes: [] } },
    ]);
  });

  test('a record begins at a line without a parent', () => {
    expect([order(1), line(5, 1)].map(startsRecord)).toEqual([true, false]);
  });

  test('children of several types go to their places, by the type in their ids', () => {
    const level = {
      id: 'gid://shopify/InventoryLevel/7?inventory_item_id=1',
      __parentId: 'gid://shopify/InventoryItem/1',
    };
    const variant = { id: 'gid://shopify/ProductVariant/8', __parentId: 'gid://shopify/InventoryItem/1' };
    const both = { ProductVariant: 'variants', InventoryLevel: 'inventoryLevels' };
    expect(joinedRecords([{ id: 'gid://shopify/InventoryItem/1' }, variant, level], both)).toEqual([
      {
        id: 'gid://shopify/InventoryItem/1',
        variants: { nodes: [{ id: variant.id }] },
        inventoryLevels: { nodes: [{ id: level.id }] },
      },
    ]);
  });

  test.each([
    ['a child before any record', [line(5, 1)]],
    ['a child of another record', [order(1), line(5, 2)]],
    ['a child whose record is over', [order(1), order(2), line(5, 1)]],
    ['a child of a type that was not asked for', [order(1), { ...line(5, 1), id: 'gid://shopify/Refund/5' }]],
    ['a child without an id', [order(1), { __parentId: order(1).id }]],
    ['a line that is no record', [5]],
    ['a list', [[order(1)]]],
  ])('%s fails the file', (_name, lines) => {
    expect(codeOf(() => joinedRecords(lines, places))).toBe('unexpected-content');
  });
});
