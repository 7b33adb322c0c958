import type { Page } from '@mortise/runtime';
import { describe, expect, test } from 'vitest';
import { connect, drive, errorOf, recordsOf } from './connection.ts';

const empty = { number: 1, customers: 0, items: 0, orders: 0, deleted: 0 };
const recordPath = '/services/rest/record/v1';
const lag = { searchLagMs: 5_000 };

const product = (sku: string, name = `Lamp ${sku}`) => ({ sku, name, description: null, active: true });
const buyer = { email: 'zoe@example.com', firstName: 'Zoë', lastName: 'Müller', phone: null, company: null };
const line = (sku: string, quantity: number) => ({
  ...{ sku, name: `Line ${sku}`, quantity, unitPrice: { amountMinor: 1999, currency: 'EUR' } },
});

interface Readable<Wire> {
  readonly list: () => AsyncIterable<Page<Wire>>;
  readonly get: (id: string) => Promise<Wire>;
}

/** Records as SuiteQL tells them, and the same ones as the record API does. */
const bothWays = async <Wire extends { readonly internalId: string }>({ list, get }: Readable<Wire>) => {
  const listed = await recordsOf(list());
  return { listed, read: await Promise.all(listed.map(({ internalId }) => get(internalId))) };
};

test('the record API and SuiteQL tell the same record, field by field', async () => {
  const { erp } = await connect({ api: 'rest', seed: { number: 4, customers: 20, items: 20, orders: 20, deleted: 0 } });
  const all = await Promise.all([bothWays(erp.items), bothWays(erp.customers), bothWays(erp.salesOrders)]);
  for (const { listed, read } of all) {
    expect(listed).toHaveLength(20);
    expect(read).toEqual(listed);
  }
});

describe('where SuiteQL lags behind the saves', () => {
  test('what was written is answered as it is, new or changed', async () => {
    const { erp, clock } = await connect({ api: 'rest', seed: empty, sandbox: lag });
    const [made] = await erp.items.model.upsert([product('A')]);
    await clock.advance(lag.searchLagMs);
    const [changed] = await erp.items.model.upsert([product('A', 'Renamed')]);
    const id = made?.ok === true ? made.record.id : '';
    expect(made).toMatchObject({ ok: true, record: { sku: 'A', name: 'Lamp A' } });
    expect(changed).toMatchObject({ ok: true, record: { id, name: 'Renamed' } });
    expect(await erp.items.model.update(id, { active: false })).toMatchObject({ name: 'Renamed', active: false });
    expect(await erp.items.model.get(id)).toMatchObject({ name: 'Renamed', active: false });
    expect(await recordsOf(erp.items.model.list())).toEqual([]);
  });

  test('an order is answered with its lines, as a list tells it later', async () => {
    const { erp, clock } = await connect({ api: 'rest', seed: empty, sandbox: lag });
    await erp.items.model.upsert([product('A'), product('B')]);
    const [customer] = await erp.customers.model.upsert([buyer]);
    const customerId = customer?.ok === true ? customer.record.id : '';
    const order = { number: '#1', customerId, lines: [line('A', 2), line('B', 1)] };
    const [written] = await erp.salesOrders.model.upsert([order]);
    expect(written).toMatchObject({ ok: true, record: { ...order, total: { amountMinor: 5997, currency: 'EUR' } } });
    await clock.advance(lag.searchLagMs);
    expect(await recordsOf(erp.salesOrders.model.list())).toEqual([written?.ok === true && written.record]);
  });
});

test('a batch is read back once for each key, by its external id, and not by SuiteQL', async () => {
  const { erp, sandbox } = await connect({ api: 'rest', seed: empty });
  const outcomes = await erp.items.model.upsert([product('A', 'first'), product('B'), product('A', 'last')]);
  expect(outcomes.map((each) => each.ok && each.record.name)).toEqual(['last', 'Lamp B', 'last']);
  const asked = sandbox.requests().filter(({ path }) => !path.endsWith('/token'));
  expect(asked.filter(({ method }) => method === 'PUT')).toHaveLength(3);
  const read = asked.filter(({ method }) => method === 'GET');
  expect(read.map(({ path }) => path).toSorted()).toEqual(
    ['A', 'B'].map((sku) => `${recordPath}/inventoryItem/eid%3A${sku}`),
  );
  expect(asked).toHaveLength(5);
});

test("a batch keeps within the account's concurrent requests, readings too", async () => {
  const limit = { concurrentRequests: 2 };
  const { erp, sandbox } = await connect({ api: 'rest', seed: empty, sandbox: limit, settings: limit, isReal: true });
  sandbox.inject({ kind: 'latency', milliseconds: 10, count: 'always' });
  const outcomes = await erp.items.model.upsert(['A', 'B', 'C', 'D', 'E', 'F'].map((sku) => product(sku)));
  expect(outcomes.every(({ ok }) => ok)).toBe(true);
  expect(sandbox.requests().filter(({ status }) => status >= 400)).toEqual([]);
});

test('of a batch, a record that could not be read back is written and of unknown form, and the others are told', async () => {
  const { erp, clock, sandbox } = await connect({ api: 'rest', seed: empty });
  const match = { method: 'GET', path: `${recordPath}/inventoryItem/eid%3AB` };
  sandbox.inject({ kind: 'status', status: 500, match, count: 'always' });
  const outcomes = await drive(clock, erp.items.model.upsert([product('A'), product('B'), product('C')]));
  expect(outcomes).toMatchObject([{ ok: true }, { ok: false, error: { code: 'unknown-outcome' } }, { ok: true }]);
  expect(sandbox.writes().map(({ key }) => key)).toEqual(['A', 'B', 'C']);
});

test.each([
  ['without its lines', {}, 'unexpected-content'],
  ['with fewer lines than it counts', { item: { items: [], totalResults: 2 } }, 'truncated'],
  ['with more lines behind', { item: { items: [], hasMore: true } }, 'truncated'],
])('an order that is answered %s is not read as one that lost them', async (_case, part, code) => {
  const { erp, clock, sandbox } = await connect({ api: 'rest', seed: empty });
  const stamps = { createdDate: '2026-01-01T00:00:00Z', lastModifiedDate: '2026-01-01T00:00:00Z' };
  const body = { id: '7', tranId: 'SO7', ...stamps, ...part };
  const match = { path: `${recordPath}/salesOrder/*` };
  sandbox.inject({ kind: 'status', status: 200, headers: { 'content-type': 'application/json' }, body, match });
  expect(await drive(clock, errorOf(erp.salesOrders.get('7')))).toMatchObject({ code });
});
