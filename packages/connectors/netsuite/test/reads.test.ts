import { describe, expect, test } from 'vitest';
import { connect, pagesOf, recordsOf } from './connection.ts';

const seed = { number: 7, customers: 40, items: 120, orders: 30, deleted: 10 };

describe.each(['soap'] as const)('over %s', (api) => {
  test('every record of the seed is read once, in pages that each hold a range of ids whole', async () => {
    const { erp, sandbox } = await connect({ api, seed });
    const pages = await pagesOf(erp.items.list({ pageSize: 20 }));
    const ids = pages.flatMap(({ records }) => records.map(({ internalId }) => internalId));
    expect(pages.flatMap(({ rejected }) => rejected)).toEqual([]);
    expect(new Set(ids).size).toBe(120);
    expect(ids).toHaveLength(120);
    console.log(pages.length, sandbox.requests().length, pages[0]?.records[0]);
    const customers = await recordsOf(erp.customers.model.list());
    console.log(customers[0]);
    expect(customers).toHaveLength(40);
    const orders = await recordsOf(erp.salesOrders.list());
    console.dir(orders[0], { depth: 6 });
    expect(orders).toHaveLength(30);
    const model = await pagesOf(erp.salesOrders.model.list());
    console.dir(model[0]?.rejected[0], { depth: 6 });
    console.dir(model[0]?.records[0], { depth: 6 });
  });
});
