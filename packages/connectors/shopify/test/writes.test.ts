import { describe, expect, test } from 'vitest';
import { type Asked, scriptedShop, type Told } from './scripted-shop.ts';

const range = { priceRangeV2: { minVariantPrice: { currencyCode: 'EUR' } } };
const productWith = (fields: object) => ({
  id: 'gid://shopify/Product/1',
  handle: 'a-1',
  title: 'Lamp',
  descriptionHtml: '',
  status: 'ACTIVE',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-02T00:00:00Z',
  ...range,
  variantsCount: { count: 1 },
  variants: {
    nodes: [
      {
        id: 'gid://shopify/ProductVariant/9',
        sku: 'A-1',
        price: '12.50',
        selectedOptions: [{ name: 'Size', value: 'M' }],
      },
    ],
  },
  ...fields,
});

const answering = (before: object | null, userErrors: readonly object[] = []) =>
  scriptedShop(({ operation }: Asked): Told => {
    if (operation === 'ProductBefore') {
      return { body: { data: { shop: { currencyCode: 'EUR' }, productByIdentifier: before } } };
    }
    const product = userErrors.length > 0 ? null : productWith({});
    return { body: { data: { productSet: { product, userErrors } } } };
  });

const lamp = {
  sku: 'A-1',
  name: 'Lamp',
  description: null,
  price: { amountMinor: 1250, currency: 'EUR' },
  active: true,
} as const;

const sent = (asked: readonly Asked[]) => asked.find(({ operation }) => operation === 'SetProduct')?.variables;

describe('vendors.md 3, upserts of products', () => {
  test('a new product is made under the handle of its SKU, with its one variant', async () => {
    const { shop, asked } = await answering(null);
    const [outcome] = await shop.products.model.upsert([lamp]);
    expect(outcome).toMatchObject({ ok: true, created: true, record: { sku: 'A-1', name: 'Lamp' } });
    expect(sent(asked)).toEqual({
      identifier: { handle: 'a-1' },
      input: {
        handle: 'a-1',
        title: 'Lamp',
        descriptionHtml: '',
        status: 'ACTIVE',
        productOptions: [{ name: 'Title', values: [{ name: 'Default Title' }] }],
        variants: [{ optionValues: [{ optionName: 'Title', name: 'Default Title' }], sku: 'A-1', price: '12.50' }],
      },
    });
  });

  test('a product that is there keeps its variant, its option, and a state that means the same', async () => {
    const { shop, asked } = await answering(productWith({ status: 'UNLISTED' }));
    const [outcome] = await shop.products.model.upsert([lamp]);
    expect(outcome).toMatchObject({ ok: true, created: false });
    expect(sent(asked)).toMatchObject({
      input: {
        productOptions: [{ name: 'Size', values: [{ name: 'M' }] }],
        variants: [{ id: 'gid://shopify/ProductVariant/9', optionValues: [{ optionName: 'Size', name: 'M' }] }],
      },
    });
    expect(JSON.stringify(sent(asked))).not.toContain('status');
  });

  test.each([
    ['of several variants, which would be deleted', productWith({ variantsCount: { count: 3 } }), {}, 'invalid-record'],
    ['whose handle belongs to another SKU', productWith({}), { sku: 'a 1' }, 'conflict'],
    ['with a price in another currency', null, { price: { amountMinor: 1, currency: 'USD' } }, 'invalid-record'],
  ])('a product %s is refused before it is written', async (_name, before, change, code) => {
    const { shop, asked } = await answering(before);
    const [outcome] = await shop.products.model.upsert([{ ...lamp, ...change }]);
    expect(outcome).toMatchObject({ ok: false, error: { code, operation: 'products.upsert' } });
    expect(asked.map(({ operation }) => operation)).toEqual(['ProductBefore']);
  });

  test.each([null, '電球'])(
    'the SKU %s, of which no handle can be made, is refused before anything is sent',
    async (sku) => {
      const { shop, asked } = await answering(null);
      const [outcome] = await shop.products.model.upsert([{ ...lamp, sku }]);
      expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid-record' } });
      expect(asked).toEqual([]);
    },
  );

  test('what Shopify refuses is the outcome of its record, by names and never by values', async () => {
    const refusal = { field: ['input', 'title'], code: 'INVALID_PRODUCT', message: 'Title Lamp is silly' };
    const { shop } = await answering(null, [refusal]);
    const [outcome] = await shop.products.model.upsert([lamp]);
    const issues = [{ path: 'input.title', reason: 'INVALID_PRODUCT' }];
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: 'invalid-request', vendorCode: 'INVALID_PRODUCT', issues },
    });
    expect(JSON.stringify(outcome)).not.toContain('Lamp');
  });
});

const customer = {
  id: 'gid://shopify/Customer/1',
  firstName: 'Ada',
  lastName: null,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-02T00:00:00Z',
  defaultEmailAddress: { emailAddress: 'ada@example.test' },
  defaultPhoneNumber: null,
  defaultAddress: null,
};
const ada = { email: 'ada@example.test', firstName: 'Ada', lastName: null, phone: null };

describe('vendors.md 3, upserts of customers', () => {
  test('a customer is set by its email address, and its addresses are left alone', async () => {
    const { shop, asked } = await scriptedShop(() => ({
      body: { data: { customerSet: { customer, userErrors: [] } } },
    }));
    const [outcome] = await shop.customers.model.upsert([ada]);
    expect(outcome).toMatchObject({ ok: true, record: { firstName: 'Ada', street: null } });
    expect(asked[0]?.variables).toEqual({
      identifier: { email: 'ada@example.test' },
      input: { email: 'ada@example.test', firstName: 'Ada', lastName: null, phone: null },
    });
  });

  test('one customer that is refused does not stop the others', async () => {
    const taken = [{ field: ['input', 'phone'], code: 'TAKEN', message: 'Phone is taken' }];
    const { shop } = await scriptedShop(({ variables }) => {
      const isTaken = JSON.stringify(variables).includes('bob@');
      const payload = isTaken ? { customer: null, userErrors: taken } : { customer, userErrors: [] };
      return { body: { data: { customerSet: payload } } };
    });
    const outcomes = await shop.customers.model.upsert([ada, { ...ada, email: 'bob@example.test' }, ada]);
    expect(outcomes.map((each) => (each.ok ? 'ok' : each.error.code))).toEqual(['ok', 'conflict', 'ok']);
  });

  test('a customer without an email address is refused before anything is sent', async () => {
    const { shop, asked } = await scriptedShop(() => ({ body: {} }));
    const [outcome] = await shop.customers.model.upsert([{ ...ada, email: null }]);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid-record' } });
    expect(asked).toEqual([]);
  });
});
