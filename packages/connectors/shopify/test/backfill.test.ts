import { describe, expect, test } from 'vitest';
import { type Asked, errorOf, scriptedShop, type Told } from './scripted-shop.ts';

const money = { shopMoney: { amount: '10.00', currencyCode: 'EUR' } };
const order = (number: number) => ({
  id: `gid://shopify/Order/${number}`,
  name: `#${number}`,
  createdAt: '2026-11-01T00:00:00Z',
  updatedAt: '2026-11-01T00:00:00Z',
  processedAt: '2026-11-01T00:00:00Z',
  cancelledAt: null,
  displayFinancialStatus: 'PAID',
  displayFulfillmentStatus: 'UNFULFILLED',
  customer: null,
  totalPriceSet: money,
});
const line = (number: number, parent: number) => ({
  id: `gid://shopify/LineItem/${number}`,
  name: 'Lamp',
  sku: '電球-1',
  quantity: 2,
  originalUnitPriceSet: money,
  __parentId: `gid://shopify/Order/${parent}`,
});

const lines = [order(1), line(11, 1), line(12, 1), order(2), order(3), line(31, 3)];
const whole = `${lines.map((each) => JSON.stringify(each)).join('\n')}\n`;
const operation = 'gid://shopify/BulkOperation/1';

/** What the shop says of its bulk operation, state by state; the last one stays. */
const bulkShop = async (states: readonly object[], file = whole) => {
  let asks = 0;
  const script = ({ operation: name, path }: Asked): Told => {
    if (path === '/files/1.jsonl') return { headers: { 'content-type': 'application/jsonl' }, body: file };
    if (name === 'StartBulk') {
      return { body: { data: { bulkOperationRunQuery: { bulkOperation: { id: operation }, userErrors: [] } } } };
    }
    const state = states[Math.min(asks, states.length - 1)];
    asks += 1;
    return { body: { data: { bulkOperation: { id: operation, errorCode: null, url: null, ...state } } } };
  };
  const shop = await scriptedShop(script);
  const url = `${shop.origin}/files/1.jsonl`;
  return { ...shop, url };
};

const done = (url: string, objectCount = String(lines.length)) => ({ status: 'COMPLETED', objectCount, url });

const read = async (shop: Awaited<ReturnType<typeof bulkShop>>['shop'], request: { since?: Date } = {}) => {
  const found: { id: string; lines: number }[] = [];
  for await (const { records } of shop.orders.backfill(request)) {
    for (const { id, lineItems } of records) found.push({ id, lines: lineItems.nodes.length });
  }
  return found;
};

/** Connects once more, to a shop that knows the address of its own file. */
const finished = async (objectCount?: string, file?: string) => {
  const states: object[] = [];
  const shop = await bulkShop(states, file);
  states.push(done(shop.url, objectCount));
  return shop;
};

describe('vendors.md 3, bulk operations', () => {
  test('a backfill starts an operation, waits for it, and reads whole orders from its file', async () => {
    const states: object[] = [{ status: 'CREATED' }, { status: 'RUNNING' }];
    const { shop, asked, clock, url } = await bulkShop(states);
    states.push(done(url));
    const reading = read(shop, { since: new Date('2026-11-01T00:00:00Z') });
    while (!asked.some(({ path }) => path === '/files/1.jsonl')) await clock.advance(1_000);
    expect(await reading).toEqual([
      { id: 'gid://shopify/Order/1', lines: 2 },
      { id: 'gid://shopify/Order/2', lines: 0 },
      { id: 'gid://shopify/Order/3', lines: 1 },
    ]);
    expect(asked.map(({ operation: name }) => name)).toEqual(['StartBulk', 'BulkState', 'BulkState', 'BulkState', '']);
    expect(asked[0]?.body).toContain('groupObjects: true');
    expect(asked[0]?.variables.query).toContain(`query: "updated_at:>='2026-11-01T00:00:00Z'"`);
  });

  test('a file with fewer lines than Shopify counted is truncated, and gives no last page', async () => {
    const short = `${lines
      .slice(0, -1)
      .map((each) => JSON.stringify(each))
      .join('\n')}\n`;
    const { shop, clock } = await finished(undefined, short);
    let settled = false;
    const error = errorOf(read(shop)).finally(() => {
      settled = true;
    });
    while (!settled) await clock.advance(1_000);
    expect((await error).code).toBe('truncated');
  });

  test('a file that was cut within a line is truncated', async () => {
    const { shop, clock } = await finished('6', whole.slice(0, -40));
    let settled = false;
    const error = errorOf(read(shop)).finally(() => {
      settled = true;
    });
    while (!settled) await clock.advance(1_000);
    expect((await error).code).toBe('truncated');
  });

  test('an operation that found nothing has no file', async () => {
    const { shop } = await bulkShop([{ status: 'COMPLETED', objectCount: '0' }]);
    expect(await read(shop)).toEqual([]);
  });

  test.each([
    ['ACCESS_DENIED', 'forbidden'],
    ['INTERNAL_SERVER_ERROR', 'unavailable'],
    ['TIMEOUT', 'unavailable'],
  ])('an operation that failed with %s is %s, and its part of a file is left alone', async (errorCode, code) => {
    const { shop, asked } = await bulkShop([{ status: 'FAILED', errorCode, partialDataUrl: 'https://x.example/1' }]);
    expect(await errorOf(read(shop))).toMatchObject({ code, vendorCode: errorCode, operation: 'orders.backfill' });
    expect(asked).toHaveLength(2);
  });

  test.each([{ status: 'EXPIRED' }, { status: 'CANCELED' }])(
    'an operation that is $status gives no records',
    async (state) => {
      const { shop } = await bulkShop([state]);
      const { code } = await errorOf(read(shop));
      expect(code).toBe(state.status === 'EXPIRED' ? 'expired-cursor' : 'unavailable');
    },
  );

  test('a shop whose places for operations are taken is asked later', async () => {
    const userErrors = [{ field: null, code: 'OPERATION_IN_PROGRESS', message: 'x' }];
    const { shop } = await scriptedShop(() => ({
      body: { data: { bulkOperationRunQuery: { bulkOperation: null, userErrors } } },
    }));
    const { code, vendorCode } = await errorOf(read(shop));
    expect([code, vendorCode]).toEqual(['unavailable', 'OPERATION_IN_PROGRESS']);
  });

  test('a file on a host that is not listed is not fetched', async () => {
    const { shop, asked } = await bulkShop([done('https://files.evil.example/1.jsonl')]);
    expect((await errorOf(read(shop))).code).toBe('unsafe-url');
    expect(asked).toHaveLength(2);
  });
});
