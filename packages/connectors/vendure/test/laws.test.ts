import { checkLaws } from '@mortise/runtime/mapping';
import { expect, test } from 'vitest';
import {
  customerMapping,
  locationMapping,
  orderLineMapping,
  orderMapping,
  stockLevelMapping,
  variantMapping,
} from '../src/index.ts';

const states = ['Draft', 'AddingItems', 'PaymentSettled', 'PartiallyShipped', 'Delivered', 'Cancelled', 'Modifying'];
const samples = { wire: states.map((state) => ({ state, currencyCode: 'EUR' })) };
const mappings = {
  customerMapping,
  variantMapping,
  orderMapping,
  orderLineMapping,
  stockLevelMapping,
  locationMapping,
};

test.each(Object.entries(mappings))('%s keeps the laws of mappings', (_name, mapping) => {
  expect(checkLaws(mapping, { seed: 20, runs: 300, samples }).broken).toEqual([]);
});
