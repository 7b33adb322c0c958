import { describe, expect, test } from 'vitest';
import { documents } from '../src/documents.ts';
import { type Asked, type Choice, errorOf, scriptedShop, type Told } from './scripted-shop.ts';

const id = 'gid://shopify/InventoryLevel/7?inventory_item_id=5';

/** A level of a shop, and the writes to it as Shopify holds them: by key, and over the quantity that was there. */
const levelOf = (start: number) => {
  let onHand = start;
  const done = new Map<string, string>();
  const read = (): Told => ({
    body: {
      data: {
        inventoryLevel: {
          id,
          updatedAt: '2026-11-01T00:00:00Z',
          location: { id: 'gid://shopify/Location/3', name: 'Berlin' },
          item: { id: 'gid://shopify/InventoryItem/5', sku: 'A-1', variants: { nodes: [] } },
          quantities: [
            { name: 'on_hand', quantity: onHand },
            { name: 'committed', quantity: 2 },
            { name: 'available', quantity: onHand - 2 },
          ],
        },
      },
    },
  });
  const refuse = (code: string): Told => ({
    body: {
      data: { inventorySetQuantities: { userErrors: [{ field: ['input', 'quantities', '0'], code, message: '5' }] } },
    },
  });
  const write = ({ variables }: Asked): Told => {
    const { key, input } = variables as {
      key: string;
      input: { quantities: { quantity: number; changeFromQuantity: number | null }[] };
    };
    const [change] = input.quantities;
    const text = JSON.stringify(input);
    const before = done.get(key);
    if (before !== undefined && before !== text) return refuse('IDEMPOTENCY_KEY_PARAMETER_MISMATCH');
    if (before === undefined) {
      if (change === undefined) return refuse('INVALID_QUANTITY_TOO_LOW');
      if (change.changeFromQuantity !== null && change.changeFromQuantity !== onHand)
        return refuse('CHANGE_FROM_QUANTITY_STALE');
      onHand = change.quantity;
      done.set(key, text);
    }
    return { body: { data: { inventorySetQuantities: { userErrors: [] } } } };
  };
  return {
    script: (asked: Asked): Told => (asked.operation === 'SetStock' ? write(asked) : read()),
    sell: (units: number) => {
      onHand -= units;
    },
    onHand: () => onHand,
  };
};

const connected = async (start: number, settings: Choice = {}) => {
  const level = levelOf(start);
  const shop = await scriptedShop(level.script, settings);
  const writes = () => shop.asked.filter(({ operation }) => operation === 'SetStock');
  return { ...shop, level, writes };
};

describe('vendors.md 3, idempotent stock writes', () => {
  test('the stock on hand is set over the quantity that was read, under a key', async () => {
    const { shop, writes, level } = await connected(10);
    const written = await shop.stockLevels.model.update(id, { onHand: 40 }, { idempotencyKey: 'import-7' });
    expect(written).toMatchObject({ onHand: 40, allocated: 2, locationName: 'Berlin', sku: 'A-1' });
    expect(level.onHand()).toBe(40);
    const quantities = [
      {
        inventoryItemId: 'gid://shopify/InventoryItem/5',
        locationId: 'gid://shopify/Location/3',
        quantity: 40,
        changeFromQuantity: 10,
      },
    ];
    expect(writes().map(({ variables }) => variables)).toEqual([
      { input: { name: 'on_hand', reason: 'correction', quantities }, key: 'import-7-10-40' },
    ]);
    expect(writes()[0]?.body).toContain('@idempotent(key: $key)');
    expect(documents.setStock).toContain('@idempotent');
  });

  test('a sale between our look and our write makes it a conflict, and is not undone by it', async () => {
    const level = levelOf(10);
    const { shop, asked } = await scriptedShop((each) => {
      if (each.operation === 'SetStock') level.sell(1);
      return level.script(each);
    });
    const error = await errorOf(shop.stockLevels.model.update(id, { onHand: 12 }));
    const facts = { code: 'conflict', vendorCode: 'CHANGE_FROM_QUANTITY_STALE', operation: 'stockLevels.update' };
    expect(error).toMatchObject(facts);
    expect(error.issues).toEqual([{ path: 'input.quantities.0', reason: 'CHANGE_FROM_QUANTITY_STALE' }]);
    expect([level.onHand(), asked.map(({ operation }) => operation)]).toEqual([9, ['StockLevel', 'SetStock']]);
  });

  test('a setting gives the comparison up, and says so to Shopify', async () => {
    const { shop, level, writes } = await connected(10, { compareStock: false });
    await shop.stockLevels.model.update(id, { onHand: 3 });
    expect(writes()[0]?.variables).toMatchObject({ input: { quantities: [{ changeFromQuantity: null }] } });
    expect(level.onHand()).toBe(3);
  });

  test('the same write run again under its name finds it done, and writes nothing', async () => {
    const { shop, writes } = await connected(10);
    for (let run = 0; run < 2; run += 1) {
      await shop.stockLevels.model.update(id, { onHand: 40 }, { idempotencyKey: 'import-7' });
    }
    expect(writes()).toHaveLength(1);
  });

  test('run again after somebody changed the stock it is another write, with another key', async () => {
    const { shop, writes, level } = await connected(10);
    await shop.stockLevels.model.update(id, { onHand: 40 }, { idempotencyKey: 'import-7' });
    level.sell(5);
    await shop.stockLevels.model.update(id, { onHand: 40 }, { idempotencyKey: 'import-7' });
    expect(writes().map(({ variables }) => variables.key)).toEqual(['import-7-10-40', 'import-7-35-40']);
    expect(level.onHand()).toBe(40);
  });

  test('while the first sending is under way the same write is asked again under the same key', async () => {
    const level = levelOf(10);
    const busy = { userErrors: [{ field: null, code: 'IDEMPOTENCY_CONCURRENT_REQUEST', message: 'x' }] };
    let refused = false;
    const { shop, asked, clock } = await scriptedShop((each) => {
      if (each.operation !== 'SetStock' || refused) return level.script(each);
      refused = true;
      return { body: { data: { inventorySetQuantities: busy } } };
    });
    const update = shop.stockLevels.model.update(id, { onHand: 40 });
    const writes = () => asked.filter(({ operation }) => operation === 'SetStock');
    while (writes().length < 2) await clock.advance(100);
    expect(await update).toMatchObject({ onHand: 40 });
    expect(new Set(writes().map(({ variables }) => variables.key)).size).toBe(1);
  });

  test('a change without units on hand is refused before anything is sent', async () => {
    const { shop, asked } = await connected(10);
    expect((await errorOf(shop.stockLevels.update(id, {}))).code).toBe('invalid-request');
    expect(asked).toEqual([]);
  });
});
