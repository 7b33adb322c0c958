import { describe, expect, test } from 'vitest';
import { apis, connect, drive, errorOf, pagesOf, recordsOf } from './connection.ts';

const seed = { number: 7, customers: 40, items: 120, orders: 30, deleted: 10 };

describe.each(apis)('over %s', (api) => {
  test('every record of the seed is read once, page by page', async () => {
    const { erp, sandbox } = await connect({ api, seed });
    const pages = await pagesOf(erp.items.list({ pageSize: 20 }));
    const ids = pages.flatMap(({ records }) => records.map(({ internalId }) => internalId));
    expect(pages.flatMap(({ rejected }) => rejected)).toEqual([]);
    expect(new Set(ids).size).toBe(120);
    expect(ids).toHaveLength(120);
    expect(ids.some((id) => BigInt(id) > 2n ** 53n)).toBe(true);
    expect(sandbox.requests().length).toBeLessThan(15);
  });

  test('customers and orders read as models, amounts to the cent', async () => {
    const { erp } = await connect({ api, seed });
    const customers = await recordsOf(erp.customers.model.list());
    expect(customers).toHaveLength(40);
    expect(customers.every(({ updatedAt }) => updatedAt.getUTCFullYear() === 2026)).toBe(true);
    const orders = await pagesOf(erp.salesOrders.model.list());
    expect(orders.flatMap(({ rejected }) => rejected)).toEqual([]);
    expect(orders.flatMap(({ records }) => records)).toHaveLength(30);
  });

  test('stock is read by item and location, and one level by its id', async () => {
    const { erp } = await connect({ api, seed });
    const levels = await recordsOf(erp.stockLevels.model.list());
    expect(levels.length).toBeGreaterThan(100);
    const [level] = levels;
    expect(level).toMatchObject({ sku: expect.stringMatching(/^\d{6}$/), locationName: expect.any(String) });
    expect(await erp.stockLevels.model.get(level?.id ?? '')).toEqual(level);
  });

  test('deleted records are told by their ids', async () => {
    const { erp } = await connect({ api, seed });
    const ids: string[] = [];
    for (const resource of [erp.items, erp.customers, erp.salesOrders]) {
      for await (const page of resource.deletions()) ids.push(...page.ids);
    }
    expect(new Set(ids).size).toBe(10);
  });

  test('one record is read by its id, found by its external id and its name, and absent otherwise', async () => {
    const { erp, clock } = await connect({ api, seed });
    const [first] = await recordsOf(erp.items.list());
    const { internalId = '', externalId = '', itemId = '' } = first ?? {};
    expect(await erp.items.get(internalId)).toEqual(first);
    expect(await erp.items.find({ field: 'externalId', value: externalId })).toEqual(first);
    expect(await erp.items.find({ field: 'itemId', value: itemId ?? '' })).toEqual(first);
    const [customer] = await recordsOf(erp.customers.list());
    const email = customer?.email?.toUpperCase() ?? '';
    expect(await erp.customers.find({ field: 'email', value: email })).toEqual(customer);
    expect(await erp.items.find({ field: 'externalId', value: "it's not there" })).toBeUndefined();
    expect(await drive(clock, errorOf(erp.items.get('999999999')))).toMatchObject({ code: 'not-found' });
    expect(await drive(clock, errorOf(erp.items.get('abc')))).toMatchObject({ code: 'not-found' });
    const wrong = await errorOf(erp.items.find({ field: 'displayName', value: 'x' }));
    expect(wrong.message).toContain("'itemId', not by 'displayName'");
  });
});

test('both transports give the same records, field by field', async () => {
  const [soap, rest] = await Promise.all(apis.map((api) => connect({ api, seed })));
  if (soap === undefined || rest === undefined) throw new Error('two transports are needed');
  expect(await recordsOf(rest.erp.items.model.list())).toEqual(await recordsOf(soap.erp.items.model.list()));
  expect(await recordsOf(rest.erp.customers.model.list())).toEqual(await recordsOf(soap.erp.customers.model.list()));
  expect(await recordsOf(rest.erp.salesOrders.model.list())).toEqual(
    await recordsOf(soap.erp.salesOrders.model.list()),
  );
  const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);
  const levels = await Promise.all([rest, soap].map(({ erp }) => recordsOf(erp.stockLevels.model.list())));
  expect(levels[0]?.toSorted(byId)).toEqual(levels[1]?.toSorted(byId));
});
