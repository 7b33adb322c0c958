import { checkLaws } from '@mortise/runtime/mapping';
import { expect, test } from 'vitest';
import {
  customerMapping,
  locationMapping,
  orderLineMapping,
  orderMapping,
  productMapping,
  stockLevelMapping,
  variantMapping,
} from '../src/index.ts';

const price = { amount: '12.30', currencyCode: 'EUR' };
const money = { shopMoney: price };
const wire = [
  { totalPriceSet: money, originalUnitPriceSet: money, price: '12.30', currencyCode: 'EUR', status: 'ACTIVE' },
  { totalPriceSet: money, cancelledAt: '2026-11-01T00:00:00Z', status: 'ARCHIVED', currencyCode: 'JPY', price: '12' },
];
const range = { priceRangeV2: { minVariantPrice: { currencyCode: 'EUR' } } };
const samples = {
  wire: wire.map((each) => ({
    ...each,
    variant: { id: 'gid://shopify/ProductVariant/1', sku: 'abc-1', price: '5.00' },
    handle: 'abc-1',
    product: { id: '1', title: 'Lamp', descriptionHtml: '', status: 'DRAFT', ...range },
  })),
};
const mappings = {
  customerMapping,
  locationMapping,
  orderLineMapping,
  orderMapping,
  productMapping,
  stockLevelMapping,
  variantMapping,
};

test.each(Object.entries(mappings))('%s keeps the laws of mappings', (_name, mapping) => {
  expect(checkLaws(mapping, { seed: 20, runs: 300, samples }).broken).toEqual([]);
});
