import { readField } from '@mortise/runtime';
import { expect, test } from 'vitest';
import { connect, itemsOf, pagesOf, recordsOf, useShop } from './shop.ts';

const seeded = useShop();

const pageSize = 7;
const address =
  'addresses { company streetLine1 streetLine2 city province postalCode country { code } defaultBillingAddress }';
const line = 'lines { quantity unitPriceWithTax productVariant { sku name } }';
const level = 'stockLevels { updatedAt stockLocationId stockOnHand stockAllocated stockLocation { name } }';

const resources = [
  {
    name: 'customers',
    field: 'customers',
    selection: `{ id createdAt updatedAt firstName lastName emailAddress phoneNumber ${address} }`,
    rows: 210,
  },
  {
    name: 'variants',
    field: 'productVariants',
    selection: '{ id createdAt updatedAt sku name price currencyCode enabled product { description } }',
    rows: 220,
  },
  {
    name: 'orders',
    field: 'orders',
    selection: `{ id createdAt updatedAt code state orderPlacedAt currencyCode totalWithTax customer { id } ${line} }`,
    rows: 110,
  },
] as const;

for (const { name, field, selection, rows } of resources) {
  test(`${name}: pages of 7 hold every row once, as a plain query gives it`, async () => {
    const { shop } = connect(seeded.url());
    const pages = await pagesOf<{ id: string }>(shop[name].list({ pageSize }));
    const records = pages.flatMap((page) => page.records);
    expect(pages.every((page) => page.records.length <= pageSize && page.rejected.length === 0)).toBe(true);
    expect(pages[0]).toMatchObject({ total: rows, next: expect.any(String) });
    expect(pages.at(-1)?.next).toBeUndefined();
    expect(new Set(records.map(({ id }) => id)).size).toBe(rows);
    expect(records).toMatchObject(await itemsOf(seeded.query, { field, selection }));
  });
}

test('stock levels: pages of 7 variants hold every level once, as a plain query gives it', async () => {
  const { shop } = connect(seeded.url());
  const records = await recordsOf(shop.stockLevels.list({ pageSize }));
  const rows = await itemsOf(seeded.query, { field: 'productVariants', selection: `{ id sku ${level} }` });
  const expected = rows.flatMap((row) => {
    const levels = readField(row, 'stockLevels');
    const [id, sku] = [readField(row, 'id'), readField(row, 'sku')];
    return Array.isArray(levels)
      ? levels.map((each) => ({
          ...each,
          id: `${id}/${each.stockLocationId}`,
          key: `${sku} @ ${each.stockLocation.name}`,
          variant: { id, sku },
        }))
      : [];
  });
  expect(records).toHaveLength(440);
  expect(records).toEqual(expected);
});

test('a page size of 1 and one beyond what the shop allows both read the whole list', async () => {
  const { shop } = connect(seeded.url());
  expect(await recordsOf(shop.orders.list({ pageSize: 1 }))).toHaveLength(110);
  expect(await recordsOf(shop.orders.list({ pageSize: 5_000 }))).toHaveLength(110);
});

test('any page can be gone on from, with its `next`', async () => {
  const { shop } = connect(seeded.url());
  const pages = await pagesOf(shop.variants.list({ pageSize: 50 }));
  expect(pages).toHaveLength(5);
  for (const [index, { next }] of pages.slice(0, -1).entries()) {
    const rest = await recordsOf(shop.variants.list({ pageSize: 50, cursor: next }));
    expect(rest).toEqual(pages.slice(index + 1).flatMap(({ records }) => records));
  }
});

test('a customer reads as a contact, with the billing address', async () => {
  const { shop } = connect(seeded.url());
  const [wire] = await recordsOf(shop.customers.list({ pageSize: 1 }));
  const [contact] = await recordsOf(shop.customers.model.list({ pageSize: 1 }));
  const billing = wire?.addresses?.find(({ defaultBillingAddress }) => defaultBillingAddress === true);
  expect(contact).toEqual({
    id: '1',
    email: wire?.emailAddress,
    firstName: wire?.firstName,
    lastName: wire?.lastName,
    phone: wire?.phoneNumber,
    company: null,
    street: billing?.streetLine1,
    city: billing?.city,
    region: null,
    postalCode: billing?.postalCode,
    country: billing?.country?.code,
    createdAt: new Date(wire?.createdAt ?? ''),
    updatedAt: new Date(wire?.updatedAt ?? ''),
  });
  expect(contact?.street).toMatch(/\d/);
});

test('a customer without phone number and address has nulls there', async () => {
  const { shop } = connect(seeded.url());
  const contacts = await recordsOf(shop.customers.model.list());
  expect(contacts[9]).toMatchObject({ id: '10', phone: expect.anything(), street: null, city: null, country: null });
  expect(contacts[1]).toMatchObject({ id: '2', phone: null, street: expect.any(String) });
});

test('a variant reads as a product, with the price in minor units', async () => {
  const { shop } = connect(seeded.url());
  const [wire] = await recordsOf(shop.variants.list());
  const [product] = await recordsOf(shop.variants.model.list());
  const price = { amountMinor: wire?.price, currency: 'EUR' };
  expect(product).toMatchObject({ id: '1', sku: wire?.sku, name: wire?.name, price, active: true });
  expect(product?.price?.amountMinor).toBeGreaterThan(99);
});

test('an order reads with its lines, its total and the state of the model', async () => {
  const { shop } = connect(seeded.url());
  const wires = await recordsOf(shop.orders.list());
  const orders = await recordsOf(shop.orders.model.list());
  const at = wires.findIndex(({ state }) => state === 'Delivered');
  const [wire, order] = [wires[at], orders[at]];
  expect(order).toMatchObject({ number: wire?.code, state: 'fulfilled', customerId: wire?.customer?.id });
  expect(order?.total).toEqual({ amountMinor: wire?.totalWithTax, currency: 'EUR' });
  expect(order?.placedAt).toEqual(new Date(wire?.orderPlacedAt ?? ''));
  expect(order?.lines).toEqual(
    wire?.lines.map(({ quantity, unitPriceWithTax, productVariant }) => ({
      ...productVariant,
      quantity,
      unitPrice: { amountMinor: unitPriceWithTax, currency: 'EUR' },
    })),
  );
});

test('the states of the shop become the states of the model', async () => {
  const { shop } = connect(seeded.url());
  const wires = await recordsOf(shop.orders.list());
  const orders = await recordsOf(shop.orders.model.list());
  const pairs = wires.map(({ state }, index) => `${state}: ${orders[index]?.state}`);
  expect([...new Set(pairs)].sort()).toEqual([
    'AddingItems: draft',
    'ArrangingPayment: open',
    'Cancelled: cancelled',
    'Delivered: fulfilled',
    'Draft: draft',
    'PaymentAuthorized: open',
    'PaymentSettled: paid',
    'Shipped: fulfilled',
  ]);
});

test('a stock level reads with its location', async () => {
  const { shop } = connect(seeded.url());
  const [wire] = await recordsOf(shop.stockLevels.list());
  const [stock] = await recordsOf(shop.stockLevels.model.list());
  expect(stock).toEqual({
    id: '1/1',
    key: `${wire?.variant.sku} @ Central warehouse`,
    sku: wire?.variant.sku,
    productId: '1',
    locationId: '1',
    locationName: 'Central warehouse',
    onHand: wire?.stockOnHand,
    allocated: wire?.stockAllocated,
    updatedAt: new Date(wire?.updatedAt ?? ''),
  });
});
