import { describe, expect, test } from 'vitest';
import { type Asked, errorOf, scriptedShop, type Told } from './scripted-shop.ts';

const end = { hasNextPage: false, endCursor: null };
const more = (endCursor: string) => ({ hasNextPage: true, endCursor });
const data = (value: unknown): Told => ({ body: { data: value } });
const stamps = { createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-02T00:00:00Z' };

const all = async <Item>(pages: AsyncIterable<{ readonly records: readonly Item[] }>): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const { records } of pages) items.push(...records);
  return items;
};

const pagesOf = async <Page>(pages: AsyncIterable<Page>): Promise<Page[]> => {
  const read: Page[] = [];
  for await (const page of pages) read.push(page);
  return read;
};

const money = { shopMoney: { amount: '10.00', currencyCode: 'EUR' } };
const line = (number: number) => ({
  id: `gid://shopify/LineItem/${number}`,
  name: 'x',
  sku: null,
  quantity: 1,
  originalUnitPriceSet: money,
});
const orderWith = (nodes: readonly object[], pageInfo: object) => ({
  ...stamps,
  id: 'gid://shopify/Order/1',
  name: '#1001',
  processedAt: '2026-01-01T00:00:00Z',
  cancelledAt: null,
  displayFinancialStatus: 'PAID',
  displayFulfillmentStatus: 'UNFULFILLED',
  customer: { id: 'gid://shopify/Customer/2' },
  totalPriceSet: money,
  lineItems: { nodes, pageInfo },
});

describe('vendors.md 3, orders with their lines', () => {
  const script = ({ operation, variables }: Asked): Told => {
    if (operation === 'OrderLines') {
      const isLast = variables.after === 'b';
      return data({ order: { lineItems: { nodes: [line(isLast ? 3 : 2)], pageInfo: isLast ? end : more('b') } } });
    }
    const order = orderWith([line(1)], more('a'));
    return data(operation === 'Order' ? { order } : { orders: { nodes: [order], pageInfo: end } });
  };

  test.each(['list', 'get', 'find'] as const)('%s reads the lines of an order to their end', async (operation) => {
    const { shop, asked } = await scriptedShop(script);
    const { orders } = shop;
    const [order] =
      operation === 'list'
        ? await all(orders.model.list())
        : [
            await (operation === 'get'
              ? orders.model.get('gid://shopify/Order/1')
              : orders.model.find({ field: 'name', value: '#1001' })),
          ];
    expect(order).toMatchObject({ number: '#1001', state: 'paid', customerId: 'gid://shopify/Customer/2' });
    expect(order?.lines).toHaveLength(3);
    expect(asked.slice(1).map(({ variables }) => variables.after)).toEqual(['a', 'b']);
  });
});

const level = (number: number, location: number) => ({
  id: `gid://shopify/InventoryLevel/${location}?inventory_item_id=${number}`,
  updatedAt: '2026-11-01T00:00:01Z',
  location: { id: `gid://shopify/Location/${location}`, name: `L${location}` },
  quantities: [
    { name: 'on_hand', quantity: number },
    { name: 'committed', quantity: 1 },
    { name: 'available', quantity: number - 1 },
  ],
});
const itemOf = (number: number) => ({
  id: `gid://shopify/InventoryItem/${number}`,
  sku: `S-${number}`,
  variants: { nodes: [{ id: `gid://shopify/ProductVariant/${number}` }] },
});

describe('vendors.md 3, stock levels', () => {
  test('all of them are read item by item, and the levels of each item to their end', async () => {
    const { shop, asked } = await scriptedShop(({ operation }) => {
      if (operation === 'LevelsOfItem') {
        return data({ inventoryItem: { inventoryLevels: { nodes: [level(5, 2)], pageInfo: end } } });
      }
      const item = { ...itemOf(5), inventoryLevels: { nodes: [level(5, 1)], pageInfo: more('l') } };
      return data({ inventoryItems: { nodes: [item], pageInfo: end } });
    });
    const levels = await all(shop.stockLevels.model.list());
    expect(levels.map(({ locationName, onHand, sku }) => [locationName, onHand, sku])).toEqual([
      ['L1', 5, 'S-5'],
      ['L2', 5, 'S-5'],
    ]);
    expect(levels[0]).toMatchObject({ productId: 'gid://shopify/ProductVariant/5', allocated: 1 });
    expect(asked.map(({ operation }) => operation)).toEqual(['ItemLevels', 'LevelsOfItem']);
  });

  const changed = ({ operation, variables }: Asked): Told => {
    if (operation === 'LocationIds') {
      const nodes = [{ id: 'gid://shopify/Location/1' }, { id: 'gid://shopify/Location/2' }];
      return data({ locations: { nodes, pageInfo: end } });
    }
    const isFirst = variables.after === null;
    const number = variables.id === 'gid://shopify/Location/1' ? 1 : 2;
    const nodes = [{ ...level(isFirst ? 5 : 6, number), item: itemOf(isFirst ? 5 : 6) }];
    return data({ location: { inventoryLevels: { nodes, pageInfo: isFirst ? more('n') : end } } });
  };
  const since = new Date('2026-11-01T00:00:00Z');
  const until = new Date('2026-11-01T00:00:05Z');

  test('what changed is read location by location, by the stamps of the levels themselves', async () => {
    const { shop, asked } = await scriptedShop(changed);
    const levels = await all(shop.stockLevels.list({ since, until }));
    expect(levels.map(({ id }) => id)).toEqual(
      [
        [5, 1],
        [6, 1],
        [5, 2],
        [6, 2],
      ].map(([item = 0, location = 0]) => level(item, location).id),
    );
    expect(asked[1]?.variables.query).toBe(
      "updated_at:>='2026-11-01T00:00:00Z' AND updated_at:<'2026-11-01T00:00:06Z'",
    );
  });

  test('a walk over locations is taken up again behind a page, also between two locations', async () => {
    const { shop } = await scriptedShop(changed);
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      for await (const page of shop.stockLevels.list({ since, until, cursor })) {
        ids.push(...page.records.map(({ id }) => id));
        cursor = page.next;
        break;
      }
    } while (cursor !== undefined);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
  });

  test('a location that is gone ends a walk that stood there', async () => {
    const { shop } = await scriptedShop(changed);
    const error = await errorOf(all(shop.stockLevels.list({ since, cursor: 'gid://shopify/Location/9 n' })));
    expect(error.code).toBe('expired-cursor');
  });
});

describe('vendors.md 3, deletions', () => {
  test('products that are gone come from the events of deletions, page by page', async () => {
    const { shop, asked } = await scriptedShop(({ variables }) => {
      const isFirst = variables.after === null;
      const nodes = [{ subjectId: `gid://shopify/Product/${isFirst ? 1 : 2}`, occurredAt: '2026-11-01T00:00:00Z' }];
      return data({ deletionEvents: { nodes, pageInfo: isFirst ? more('d') : end } });
    });
    const ids: string[] = [];
    for await (const page of shop.products.deletions({ since: new Date('2026-11-01') })) ids.push(...page.ids);
    expect(ids).toEqual(['gid://shopify/Product/1', 'gid://shopify/Product/2']);
    expect(asked[0]?.variables.query).toBe("occurred_at:>='2026-11-01T00:00:00Z'");
  });

  test('no other resource says that it knows deletions', async () => {
    const { shop } = await scriptedShop(() => data({}));
    for (const resource of [shop.variants, shop.customers, shop.orders, shop.stockLevels]) {
      expect('deletions' in resource).toBe(false);
    }
  });
});

const variant = (number: number, sku: string) => ({
  ...stamps,
  id: `gid://shopify/ProductVariant/${number}`,
  sku,
  title: 'Default Title',
  price: '1.00',
  inventoryItem: { id: `gid://shopify/InventoryItem/${number}` },
  product: {
    id: 'gid://shopify/Product/1',
    title: 'Lamp',
    descriptionHtml: '',
    status: 'ACTIVE',
    priceRangeV2: { minVariantPrice: { currencyCode: 'EUR' } },
  },
});

describe('vendors.md 3, look-ups', () => {
  const variantsOf = (...skus: readonly string[]) =>
    scriptedShop(() =>
      data({ productVariants: { nodes: skus.map((sku, index) => variant(index + 1, sku)), pageInfo: end } }),
    );

  test('a variant is found by its SKU exactly, though the search is not exact', async () => {
    const { shop, asked } = await variantsOf("o'neil-1", "O'Neil-1");
    expect(await shop.variants.find({ field: 'sku', value: "O'Neil-1" })).toMatchObject({
      id: 'gid://shopify/ProductVariant/2',
    });
    expect(asked[0]?.variables.query).toBe("sku:'O\\'Neil-1'");
    expect(await shop.variants.find({ field: 'sku', value: 'x' })).toBeUndefined();
  });

  test('a SKU that two variants have is a conflict', async () => {
    const { shop } = await variantsOf('A', 'A');
    expect((await errorOf(shop.variants.find({ field: 'sku', value: 'A' }))).code).toBe('conflict');
  });

  test('a product is found by its handle, a customer by address or phone', async () => {
    const { shop, asked } = await scriptedShop(({ operation }) =>
      data({ [operation === 'ProductByHandle' ? 'productByIdentifier' : 'customerByIdentifier']: null }),
    );
    expect(await shop.products.find({ field: 'handle', value: 'a-1' })).toBeUndefined();
    expect(
      await shop.customers.find({ field: 'defaultEmailAddress.emailAddress', value: 'a@example.test' }),
    ).toBeUndefined();
    expect(await shop.customers.find({ field: 'defaultPhoneNumber.phoneNumber', value: '+4930123' })).toBeUndefined();
    expect(asked.map(({ variables }) => variables.identifier)).toEqual([
      { handle: 'a-1' },
      { emailAddress: 'a@example.test' },
      { phoneNumber: '+4930123' },
    ]);
  });

  test('a look-up by anything else is refused before it is sent', async () => {
    const { shop, asked } = await scriptedShop(() => data({}));
    for (const { find } of [shop.products, shop.variants, shop.customers, shop.orders]) {
      expect((await errorOf(find({ field: 'title', value: 'x' }))).code).toBe('invalid-request');
    }
    expect(asked).toEqual([]);
  });
});

describe('vendors.md 3, records of another form', () => {
  test('a record that is not of its form is refused alone, and the others are given', async () => {
    const nodes = [{ ...itemOf(5), inventoryLevels: { nodes: [level(5, 1), { id: 7 }], pageInfo: end } }];
    const levels = await scriptedShop(() => data({ inventoryItems: { nodes, pageInfo: end } }));
    const [page] = await pagesOf(levels.shop.stockLevels.list());
    expect([page?.records.length, page?.rejected.length]).toEqual([1, 1]);

    const products = await scriptedShop(() => data({ products: { nodes: [{ id: 'x' }, {}], pageInfo: end } }));
    const [other] = await pagesOf(products.shop.products.list());
    expect([other?.records.length, other?.rejected.length]).toEqual([0, 2]);
  });
});
