import { expect, test } from 'vitest';
import { customerMapping, orderMapping, productMapping, variantMapping } from '../src/index.ts';

const stamps = { id: 'gid://shopify/X/1', createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-02T00:00:00Z' };
const money = { shopMoney: { amount: '10.00', currencyCode: 'EUR' } };

const orderWith = (fields: object) =>
  orderMapping.tryDecode({
    ...stamps,
    name: '#1001',
    processedAt: '2026-01-01T00:00:00Z',
    cancelledAt: null,
    displayFinancialStatus: 'PENDING',
    displayFulfillmentStatus: 'UNFULFILLED',
    customer: null,
    totalPriceSet: money,
    lineItems: { nodes: [] },
    ...fields,
  });

test.each([
  [{}, 'open'],
  [{ displayFinancialStatus: null }, 'open'],
  [{ displayFinancialStatus: 'PAID' }, 'paid'],
  [{ displayFinancialStatus: 'PARTIALLY_REFUNDED' }, 'paid'],
  [{ displayFinancialStatus: 'REFUNDED' }, 'paid'],
  [{ displayFinancialStatus: 'VOIDED' }, 'open'],
  [{ displayFinancialStatus: 'PAID', displayFulfillmentStatus: 'PARTIALLY_FULFILLED' }, 'paid'],
  [{ displayFinancialStatus: 'PENDING', displayFulfillmentStatus: 'FULFILLED' }, 'fulfilled'],
  [{ cancelledAt: '2026-01-03T00:00:00Z', displayFulfillmentStatus: 'FULFILLED' }, 'cancelled'],
])('an order with %j is %s', (fields, state) => {
  expect(orderWith(fields)).toMatchObject({ ok: true, value: { state, customerId: null } });
});

test('an amount that its currency cannot have is refused without being quoted', () => {
  const result = orderWith({ totalPriceSet: { shopMoney: { amount: '1.005', currencyCode: 'EUR' } } });
  expect(result.ok).toBe(false);
  expect(JSON.stringify(result)).not.toContain('1.005');
});

const productWith = (fields: object) =>
  productMapping.tryDecode({
    ...stamps,
    handle: 'a-1',
    title: 'Lamp',
    descriptionHtml: '',
    status: 'ACTIVE',
    currencyCode: 'EUR',
    variantCount: 1,
    variant: { id: 'gid://shopify/ProductVariant/1', sku: 'A-1', price: '12.50' },
    ...fields,
  });

test('a product of one variant has its SKU and price, one of several has neither', () => {
  const price = { amountMinor: 1250, currency: 'EUR' };
  expect(productWith({})).toMatchObject({ ok: true, value: { sku: 'A-1', price, description: null, active: true } });
  expect(productWith({ variant: null })).toMatchObject({ ok: true, value: { sku: null, price: null } });
});

test.each([
  ['A-1', 'a-1'],
  ['00123', '00123'],
  ['Größe 42/L', 'gr-e-42-l'],
])('the SKU %s is written under the handle %s', (sku, handle) => {
  expect(productMapping.encodeChange({ sku })).toEqual({ handle, variant: { sku } });
});

test.each([null, '電球'])('the SKU %s makes no handle', (sku) => {
  expect(productMapping.encodeChange({ sku })).toEqual({ handle: '', variant: { sku } });
});

test('a variant is named after its product, and after its options where it has any', () => {
  const range = { priceRangeV2: { minVariantPrice: { currencyCode: 'JPY' } } };
  const product = { id: 'p', title: 'Lamp', descriptionHtml: '<p>x</p>', status: 'DRAFT', ...range };
  const variant = { ...stamps, sku: '', title: 'Red', price: '1200', inventoryItem: { id: 'i' }, product };
  expect(variantMapping.decode(variant)).toMatchObject({
    name: 'Lamp - Red',
    sku: null,
    active: false,
    price: { amountMinor: 1200, currency: 'JPY' },
  });
  expect(variantMapping.decode({ ...variant, title: 'Default Title' }).name).toBe('Lamp');
});

test('a contact is written without its address, which would delete the others of the customer', () => {
  const written = customerMapping.encode({ email: 'a@example.test', firstName: 'Ada', lastName: null, phone: null });
  expect(written).toEqual({
    defaultEmailAddress: { emailAddress: 'a@example.test' },
    defaultPhoneNumber: { phoneNumber: '' },
    firstName: 'Ada',
    lastName: '',
  });
});
