import type { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { readField } from '@mortise/runtime';
import { expect, test } from 'vitest';
import { connect, idsOf, itemsOf, pagesOf, recordsAround, recordsOf, useShop } from './shop.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const hourAgo = () => new Date(Date.now() - dayMs / 24);
const pageSize = 7;

/** Stamps that run against the ids, and all variants of one second. */
const age = (database: DatabaseSync) => {
  database.exec(`UPDATE customer SET updatedAt = datetime('2026-01-01', '-' || id || ' minutes')`);
  database.exec(`UPDATE product_variant SET updatedAt = '2026-01-01 00:00:00'`);
  database.exec(`UPDATE "order" SET updatedAt = datetime('now', '-' || id || ' days', '+12 hours')`);
  database.exec(`UPDATE stock_level SET updatedAt = '2026-01-01 00:00:00'`);
};

const seeded = useShop(age);

const rename = (id: string) =>
  seeded.query('mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { __typename } }', {
    input: { id, lastName: `Changed ${id}` },
  });
const createCustomer = async (emailAddress: string) => {
  const input = { firstName: 'New', lastName: 'Person', emailAddress };
  const document = `mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { ... on Customer { id } } }`;
  return String(readField(await seeded.query(document, { input }), 'createCustomer.id'));
};
const deleteCustomer = (id: string) => seeded.query(`mutation { deleteCustomer(id: ${id}) { result } }`);
const customerIds = async () =>
  (await itemsOf(seeded.query, { field: 'customers', selection: '{ id }' })).map((row) => Number(readField(row, 'id')));

test('a window gives the rows between its ends, and both ends', async () => {
  const { shop } = connect(seeded.url());
  const since = new Date('2025-12-31T23:35:00Z');
  const until = new Date('2025-12-31T23:50:00Z');
  const expected = Array.from({ length: 16 }, (_, index) => 10 + index);
  expect(await idsOf(shop.customers.list({ since, until, pageSize }))).toEqual(expected);
});

test('220 rows of one second are all read, in pages of 7', async () => {
  const { shop } = connect(seeded.url());
  const stamp = new Date('2026-01-01T00:00:00Z');
  const ids = await idsOf(shop.variants.list({ since: stamp, until: stamp, pageSize }));
  expect(ids).toEqual(Array.from({ length: 220 }, (_, index) => index + 1));
});

test('nothing is missed when rows change, come and go during the walk', async () => {
  const { shop } = connect(seeded.url());
  const until = new Date();
  const created: string[] = [];
  const first = await recordsAround(shop.customers.list({ until, pageSize }), async () => {
    await rename('2');
    await rename('100');
    created.push(await createCustomer('new.person@example.com'));
    await deleteCustomer('3');
  });
  // Stamps of the shop are whole seconds: a change may look a little older than it is.
  const second = await recordsOf(shop.customers.list({ since: new Date(until.getTime() - 1_000), pageSize }));
  const seen = new Map([...first, ...second].map((record) => [record.id, record.lastName]));
  expect([...seen.keys()].map(Number).sort((left, right) => left - right)).toEqual(
    [3, ...(await customerIds())].sort((left, right) => left - right),
  );
  expect(['2', '100'].map((id) => seen.get(id))).toEqual(['Changed 2', 'Changed 100']);
  expect(await idsOf(shop.customers.list({ since: hourAgo() }))).toEqual([2, 100, Number(created[0])]);
});

test("what changes during the walk is left to the next window, also where the shop's clock is behind ours", async () => {
  const { shop } = connect(seeded.url());
  const until = new Date(Date.now() + 60_000);
  const begun = Date.now();
  const change = async () => {
    // Stamps are whole seconds.
    await setTimeout(1_100);
    await rename('5');
    await rename('120');
  };
  const records = await recordsAround(shop.customers.list({ until, pageSize }), change);
  expect(records.map(({ id }) => id)).not.toContain('120');
  const highest = Math.max(...records.map(({ updatedAt }) => Date.parse(updatedAt)));
  expect(highest).toBeLessThanOrEqual(begun + 1_000);
  const next = await idsOf(shop.customers.list({ since: new Date(highest), until: new Date(), pageSize }));
  expect(next).toEqual(expect.arrayContaining([5, 120]));
});

test('the walk goes on where the last row of a page is deleted behind it', async () => {
  const { shop } = connect(seeded.url());
  const ids = await customerIds();
  const pages = shop.customers.list({ pageSize });
  const records = await recordsAround(pages, () => deleteCustomer(String(ids[pageSize - 1])));
  expect([...new Set(records.map(({ id }) => Number(id)))].sort((left, right) => left - right)).toEqual(ids);
});

test('a page can be gone on from after rows before it have been deleted', async () => {
  const { shop } = connect(seeded.url());
  const ids = await customerIds();
  const pages = await pagesOf(shop.customers.list({ pageSize: 40 }));
  for (const id of ids.slice(10, 20)) await deleteCustomer(String(id));
  expect(await idsOf(shop.customers.list({ pageSize: 40, cursor: pages[1]?.next }))).toEqual(ids.slice(80));
});

test('a new price alone is a change of the variant', async () => {
  const { shop } = connect(seeded.url());
  const document = 'mutation ($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }';
  const since = hourAgo();
  expect(await recordsOf(shop.variants.list({ since }))).toEqual([]);
  await seeded.query(document, { input: [{ id: '150', price: 4_711 }] });
  const changed = await recordsOf(shop.variants.model.list({ since }));
  expect(changed).toMatchObject([{ id: '150', price: { amountMinor: 4_711, currency: 'EUR' } }]);
});

test("an address edited alone comes with the customer's next change", async () => {
  const { shop } = connect(seeded.url());
  const customer = (await recordsOf(shop.customers.list()))[50];
  const id = customer?.id ?? '';
  const input = { streetLine1: 'New Street 7', countryCode: 'IE', defaultBillingAddress: true };
  const document = `mutation ($input: CreateAddressInput!) { createCustomerAddress(customerId: ${id}, input: $input) { id } }`;
  await seeded.query(document, { input });
  const listed = async () =>
    (await recordsOf(shop.customers.model.list({ since: hourAgo() }))).find((contact) => contact.id === id);
  expect(await listed()).toBeUndefined();
  await rename(id);
  expect(await listed()).toMatchObject({ lastName: `Changed ${id}`, street: 'New Street 7' });
});

const orderInState = async (state: string) => {
  const rows = await itemsOf(seeded.query, { field: 'orders', selection: '{ id state updatedAt }' });
  const row = rows.find((candidate) => readField(candidate, 'state') === state);
  return { id: String(readField(row, 'id')), updatedAt: String(readField(row, 'updatedAt')) };
};
const pay = (orderId: string) =>
  seeded.query(`mutation ($input: ManualPaymentInput!) { addManualPaymentToOrder(input: $input) { __typename } }`, {
    input: { orderId, method: 'pay-later', transactionId: 'bank', metadata: {} },
  });

test('an order that was paid is read again and its stock is listed, though its updatedAt has not moved', async () => {
  const { shop } = connect(seeded.url());
  const { id, updatedAt } = await orderInState('ArrangingPayment');
  const since = hourAgo();
  expect(await recordsOf(shop.stockLevels.list({ since }))).toEqual([]);
  await pay(id);
  const paid = (await recordsOf(shop.orders.list({ since, pageSize }))).find((order) => order.id === id);
  expect(paid).toMatchObject({ state: 'PaymentSettled', updatedAt });
  const levels = await recordsOf(shop.stockLevels.model.list({ since, pageSize }));
  expect(levels.map(({ sku }) => sku).sort()).toEqual(
    paid?.lines.map(({ productVariant }) => productVariant.sku).sort(),
  );
  expect(levels.every(({ allocated }) => (allocated ?? 0) > 0)).toBe(true);
});

test('orderLookbackDays bounds how far back orders are read again', async () => {
  const { shop } = connect(seeded.url(), { orderLookbackDays: 30 });
  const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
  expect(await idsOf(shop.orders.list({ since: hourAgo(), pageSize }))).toEqual(upTo(30));
  expect(await idsOf(shop.orders.list({ since: new Date(Date.now() - 60 * dayMs), pageSize }))).toEqual(upTo(60));
  expect(await idsOf(shop.orders.list({ pageSize }))).toEqual(upTo(110));
});

test('an order keeps its line after the variant has been deleted', async () => {
  const { shop } = connect(seeded.url());
  const before = (await recordsOf(shop.orders.list())).find(({ state }) => state === 'Delivered');
  const sku = before?.lines[0]?.productVariant.sku;
  const variant = (await recordsOf(shop.variants.list())).find((candidate) => candidate.sku === sku);
  await seeded.query(`mutation { deleteProductVariant(id: ${variant?.id}) { result } }`);
  expect((await recordsOf(shop.orders.list())).find(({ id }) => id === before?.id)).toMatchObject({
    lines: before?.lines,
  });
});

test('stock that is written can be read back and is listed as changed', async () => {
  const { shop } = connect(seeded.url());
  const written = await shop.stockLevels.model.update('200/2', { onHand: 41 });
  expect(written).toMatchObject({ id: '200/2', onHand: 41, locationName: 'Harbour shop' });
  const document = '{ productVariant(id: 200) { stockLevels { stockLocationId stockOnHand } } }';
  const levels = readField(await seeded.query(document), 'productVariant.stockLevels');
  expect(levels).toContainEqual({ stockLocationId: '2', stockOnHand: 41 });
  const changed = await recordsOf(shop.stockLevels.model.list({ since: hourAgo() }));
  expect(changed.filter(({ productId }) => productId === '200')).toEqual([written]);
});

test('a stock reading that shifts under it still gives every level', async () => {
  const { shop } = connect(seeded.url());
  const ids = (await recordsOf(shop.variants.list())).map(({ id }) => id);
  const records = await recordsAround(shop.stockLevels.list({ pageSize }), async () => {
    // One before the place that the reading has reached, and the row at that place.
    for (const id of [ids[2], ids[pageSize - 1]])
      await seeded.query(`mutation { deleteProductVariant(id: ${id}) { result } }`);
  });
  expect(new Set(records.map(({ id }) => id))).toEqual(new Set(ids.flatMap((id) => [`${id}/1`, `${id}/2`])));
});
