import { checkLaws } from '@mortise/runtime/mapping';
import { expect, test } from 'vitest';
import { customerMapping, itemMapping, orderLineMapping, orderMapping, stockLevelMapping } from '../src/index.ts';

const statuses = [
  ...['_pendingApproval', '_pendingFulfillment', '_partiallyFulfilled', '_pendingBillingPartFulfilled'],
  ...['_pendingBilling', '_fullyBilled', '_cancelled', '_closed'],
];
const amounts = { total: '12.34', currencyCode: 'EUR', rate: '1.5E3', quantity: '2.0' };
const samples = { wire: statuses.map((orderStatus) => ({ ...amounts, orderStatus })) };

const mappings = { customerMapping, itemMapping, orderLineMapping, orderMapping, stockLevelMapping };

test.each(Object.entries(mappings))('%s keeps the laws of mappings', (_name, mapping) => {
  expect(checkLaws(mapping, { seed: 20, runs: 300, samples }).broken).toEqual([]);
});
