import { describe, expect, test } from 'vitest';
import { type Asked, scriptedShop, type Told } from './scripted-shop.ts';

interface Quantity {
  readonly inventoryItemId: string;
  readonly quantity: number;
  readonly changeFromQuantity: number | null;
}

const skuOf = (id: string) => `SKU-${id.split('/').at(-1)}`;

/** Three items at one shelf, whose quantities are given; `undefined` is a level that Shopify gives without one. */
const shelf = (start: readonly (number | undefined)[]) => {
  const onHand = new Map(start.map((quantity, index) => [`gid://shopify/InventoryItem/${index + 1}`, quantity]));
  const itemOf = ([id, quantity]: [string, number | undefined]) => ({
    id,
    sku: skuOf(id),
    variants: { nodes: [] },
    inventoryLevels: {
      nodes: [
        {
          id: id.replace('Item', 'Level'),
          updatedAt: '2026-11-01T00:00:00Z',
          location: { id: 'gid://shopify/Location/1', name: 'Shelf' },
          quantities: ['on_hand', 'committed', 'available'].flatMap((name) =>
            quantity === undefined ? [] : [{ name, quantity }],
          ),
        },
      ],
      pageInfo: { hasNextPage: false, endCursor: null },
    },
  });
  const read = (): Told => ({
    body: {
      data: {
        inventoryItems: {
          nodes: [...onHand].map(itemOf),
          pageInfo: { hasNextPage: false, endCursor: null },
        },
      },
    },
  });
  const refuse = (userErrors: readonly object[]): Told => ({
    body: { data: { inventorySetQuantities: { userErrors } } },
  });
  /** All or none, as Shopify takes them. */
  const set = ({ variables }: Asked, refusals: readonly object[] = []): Told => {
    const { input } = variables as { input: { quantities: Quantity[] } };
    const stale = input.quantities.flatMap(({ inventoryItemId, changeFromQuantity }, place) =>
      changeFromQuantity === null || changeFromQuantity === onHand.get(inventoryItemId)
        ? []
        : [refusal(place, 'CHANGE_FROM_QUANTITY_STALE', 'changeFromQuantity')],
    );
    if (stale.length + refusals.length > 0) return refuse([...stale, ...refusals]);
    for (const { inventoryItemId, quantity } of input.quantities) onHand.set(inventoryItemId, quantity);
    return refuse([]);
  };
  return { onHand, read, set };
};

const refusal = (place: number, code: string, field = 'quantity') => ({
  field: ['input', 'quantities', String(place), field],
  code,
  message: 'a message that quotes 4711',
});

const levels = (...quantities: number[]) =>
  quantities.map((onHand, index) => ({ key: `SKU-${index + 1} @ Shelf`, onHand }));

const isWrite = ({ operation }: Asked) => operation === 'SetStock';

describe('stock set by SKU and location, where something is in its way', () => {
  test('a level that somebody changes in between is looked at again, and set', async () => {
    const { onHand, read, set } = shelf([1, 2]);
    let writes = 0;
    const { shop } = await scriptedShop((asked) => {
      if (!isWrite(asked)) return read();
      writes += 1;
      // A sale between our look and our write.
      if (writes === 1) onHand.set('gid://shopify/InventoryItem/2', 1);
      return set(asked);
    });
    const outcomes = await shop.stockLevels.model.upsert(levels(10, 20));
    expect(outcomes.map((outcome) => outcome.ok && outcome.record.onHand)).toEqual([10, 20]);
    expect([...onHand.values()]).toEqual([10, 20]);
  });

  test('a level that is changed before every write of ours ends as a conflict, and the other is set', async () => {
    const { onHand, read, set } = shelf([1, 2]);
    const { shop, asked } = await scriptedShop((each) => {
      if (!isWrite(each)) return read();
      onHand.set('gid://shopify/InventoryItem/2', (onHand.get('gid://shopify/InventoryItem/2') ?? 0) + 1);
      return set(each);
    });
    const outcomes = await shop.stockLevels.model.upsert(levels(10, 20));
    expect(outcomes).toMatchObject([
      { ok: true, record: { onHand: 10 } },
      { ok: false, error: { code: 'conflict' } },
    ]);
    expect(asked.filter(isWrite).length).toBeLessThan(6);
  });

  test('records that are refused for different reasons are each told their own', async () => {
    const { read, set } = shelf([1, 2, 3]);
    let writes = 0;
    const { shop } = await scriptedShop((each) => {
      if (!isWrite(each)) return read();
      writes += 1;
      const refusals = [refusal(0, 'INVALID_QUANTITY_TOO_HIGH'), refusal(1, 'INVALID_LOCATION', 'locationId')];
      return set(each, writes === 1 ? refusals : []);
    });
    const outcomes = await shop.stockLevels.model.upsert(levels(10, 20, 30));
    expect(outcomes).toMatchObject([
      {
        ok: false,
        error: {
          code: 'invalid-request',
          vendorCode: 'INVALID_QUANTITY_TOO_HIGH',
          issues: [{ path: 'quantity', reason: 'INVALID_QUANTITY_TOO_HIGH' }],
        },
      },
      { ok: false, error: { code: 'not-found', issues: [{ path: 'locationId', reason: 'INVALID_LOCATION' }] } },
      { ok: true, record: { onHand: 30 } },
    ]);
    expect(JSON.stringify(outcomes)).not.toContain('4711');
  });

  test('an error that names no record of ours refuses all, and is never taken for success', async () => {
    const { onHand, read, set } = shelf([1, 2]);
    const { shop } = await scriptedShop((each) =>
      isWrite(each) ? set(each, [refusal(9, 'INVALID_QUANTITY_TOO_HIGH')]) : read(),
    );
    const outcomes = await shop.stockLevels.model.upsert(levels(10, 20));
    expect(outcomes).toMatchObject([
      { ok: false, error: { code: 'invalid-request' } },
      { ok: false, error: { code: 'invalid-request' } },
    ]);
    expect([...onHand.values()]).toEqual([1, 2]);
  });

  test('a level that is named twice is set once, and the second is told so', async () => {
    const { read, set } = shelf([1]);
    const { shop, asked } = await scriptedShop((each) => (isWrite(each) ? set(each) : read()));
    const outcomes = await shop.stockLevels.model.upsert([...levels(5), ...levels(9)]);
    expect(outcomes).toMatchObject([
      { ok: true, record: { onHand: 5 } },
      { ok: false, error: { code: 'invalid-request' } },
    ]);
    expect(asked.filter(isWrite)).toHaveLength(1);
  });

  test('a level that Shopify gives without its quantity fails alone', async () => {
    const { read, set } = shelf([1, undefined]);
    const { shop } = await scriptedShop((each) => (isWrite(each) ? set(each) : read()));
    const outcomes = await shop.stockLevels.model.upsert(levels(5, 6));
    expect(outcomes).toMatchObject([{ ok: true }, { ok: false, error: { code: 'unexpected-content' } }]);
  });

  test('stock that was set and cannot be read afterwards is neither told as the old one nor as refused', async () => {
    const { onHand, read, set } = shelf([1]);
    let isSet = false;
    const { shop } = await scriptedShop((each) => {
      if (!isWrite(each)) return isSet ? { status: 403, body: {} } : read();
      isSet = true;
      return set(each);
    });
    const outcomes = await shop.stockLevels.model.upsert(levels(5));
    expect(outcomes).toMatchObject([{ ok: false, error: { code: 'unknown-outcome' } }]);
    expect([...onHand.values()]).toEqual([5]);
  });

  test('a key whose former attempt failed is a failure of the moment', async () => {
    const { read, set } = shelf([1]);
    const failed = [{ field: null, code: 'IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED', message: '' }];
    const { shop } = await scriptedShop((each) => (isWrite(each) ? set(each, failed) : read()));
    const outcomes = await shop.stockLevels.model.upsert(levels(5));
    expect(outcomes).toMatchObject([{ ok: false, error: { code: 'unavailable' } }]);
  });
});
