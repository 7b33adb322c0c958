import { expect, test } from 'vitest';
import { stockKey, stockPlace } from '../src/index.ts';

test('a stock key reads back as the SKU and the location that it was made of', () => {
  for (const place of [
    { sku: 'W-1', location: 'Main' },
    { sku: 'odd @ sku', location: 'Zürich 東' },
  ]) {
    expect(stockPlace(stockKey(place))).toEqual(place);
  }
});

test('a text that is no stock key has no parts', () => {
  for (const text of ['', 'W-1', 'W-1@Main', ' @ Main', 'W-1 @ ']) expect(stockPlace(text)).toBeUndefined();
});
