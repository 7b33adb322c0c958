import { startFaultProxy } from '@mortise/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect, errorOf, useServer } from './server.ts';

const server = useServer();

const level = (sku: string, onHand: number) => ({ sku, onHand, locationName: null, allocated: null });

/** How many rows have the SKU, by the server itself. */
const countOf = async (sku: string): Promise<number> => {
  const rows = await server.ask('GET', `/items/stock_levels?filter[sku][_eq]=${sku}`);
  return Array.isArray(rows) ? rows.length : -1;
};

describe('vendors.md 8, upsert by a unique field', () => {
  test('records come and change by SKU, with an outcome for each', async () => {
    const { live } = connect(server.url());
    const outcomes = await live.stockLevels.model.upsert([level('W-001', 5), level('U-1', 6), level('U-1', 7)]);
    expect(outcomes).toMatchObject([
      { ok: true, created: false, record: { id: '1', onHand: 5 } },
      { ok: true, created: true, record: { sku: 'U-1', onHand: 6 } },
      { ok: true, created: false, record: { sku: 'U-1', onHand: 7 } },
    ]);
    expect(await countOf('U-1')).toBe(1);
  });

  test('a value that the server refuses fails its own record alone', async () => {
    const { live } = connect(server.url());
    const outcomes = await live.stockLevels.upsert([
      { sku: 'U-2', on_hand: 1, location: 'x'.repeat(300), allocated: null },
      { sku: 'U-3', on_hand: 1, location: null, allocated: null },
    ] as never);
    expect(outcomes).toMatchObject([
      { ok: false, error: { code: 'invalid-request' } },
      { ok: true, created: true },
    ]);
  });

  test('ten at once make one row: RECORD_NOT_UNIQUE becomes an update', async () => {
    const { live } = connect(server.url());
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, index) => live.stockLevels.model.upsert([level('RACE', index)])),
    );
    expect(all.flat().every(({ ok }) => ok)).toBe(true);
    expect(await countOf('RACE')).toBe(1);
  });

  test('a row whose answer is lost is not made twice', async () => {
    const proxy = await startFaultProxy({ target: server.url() });
    onTestFinished(() => proxy.close());
    const { live, events } = connect(proxy.url, {
      events: ({ type }) => {
        if (type === 'attempt-failed') proxy.clear();
      },
    });
    await live.stockLevels.get('1');
    proxy.set({ kind: 'drop-after-request' });
    const [outcome] = await live.stockLevels.model.upsert([level('LOST', 9)]);
    expect(outcome).toMatchObject({ ok: true, record: { sku: 'LOST', onHand: 9 } });
    expect(events.filter(({ type }) => type === 'attempt-failed').length).toBeGreaterThan(0);
    expect(await countOf('LOST')).toBe(1);
  });

  test('nor where Directus does not keep the SKU unique: what was made is looked up first', async () => {
    const proxy = await startFaultProxy({ target: server.url() });
    onTestFinished(() => proxy.close());
    const settings = { items: { collection: 'items', fields: { sku: 'name', name: 'sku' } } };
    const { live } = connect(proxy.url, {
      settings,
      events: ({ type }) => {
        if (type === 'attempt-failed') proxy.clear();
      },
    });
    await live.items.get('1');
    proxy.set({ kind: 'drop-after-request' });
    const item = { sku: 'Twice?', name: 'T-1', description: null, price: null, active: null };
    const [outcome] = await live.items.model.upsert([item]);
    expect(outcome).toMatchObject({ ok: true, record: { sku: 'Twice?' } });
    expect(await server.ask('GET', '/items/items?filter[name][_eq]=Twice?')).toHaveLength(1);
  });
});

test('an update sets the given fields and gives the row as it is then', async () => {
  const { live } = connect(server.url());
  const changed = await live.stockLevels.model.update('9', { onHand: 123 });
  expect(changed).toMatchObject({ id: '9', sku: 'W-009', onHand: 123 });
  expect(await live.stockLevels.get('9')).toMatchObject({ on_hand: 123, date_updated: expect.any(String) });
});

test('a price in another currency than that of the settings is refused, not converted', async () => {
  const { live } = connect(server.url());
  const price = { amountMinor: 100, currency: 'USD' };
  expect(await errorOf(live.items.model.update('1', { price }))).toMatchObject({ code: 'invalid-request' });
  expect(await live.items.get('1')).toMatchObject({ price: '10.95' });
});
