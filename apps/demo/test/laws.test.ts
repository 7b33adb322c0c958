import { checkLaws } from '@mortise/runtime/mapping';
import { expect, test } from 'vitest';
import { orderToDeal } from '../src/order-to-deal.ts';

test('the mapping from orders to deals keeps the laws of mappings', () => {
  expect(checkLaws(orderToDeal, { seed: 20, runs: 300 }).broken).toEqual([]);
});
