import { checkLaws } from '@mortise/runtime/mapping';
import { expect, test } from 'vitest';
import { itemMapping, stockLevelMapping } from '../src/index.ts';

const samples = {
  wire: [
    { price: '10.95', currency: 'EUR' },
    { price: '3', currency: 'JPY' },
  ],
};

test.each(Object.entries({ itemMapping, stockLevelMapping }))('%s keeps the laws of mappings', (_name, mapping) => {
  expect(checkLaws(mapping, { seed: 25, runs: 300, samples }).broken).toEqual([]);
});
