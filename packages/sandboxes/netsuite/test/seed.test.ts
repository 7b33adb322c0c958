import { describe, expect, test } from 'vitest';
import { seedRecords } from '../src/index.ts';

const seed = seedRecords({ number: 7 });

describe('the seed', () => {
  test('the same number gives the same records, another gives others', () => {
    expect(seedRecords({ number: 7 })).toEqual(seed);
    expect(seedRecords({ number: 8, customers: 5 }).records[0]).not.toEqual(seed.records[0]);
  });

  test('it has more than 10,000 records, and no id twice in its type', () => {
    expect(seed.records.length + seed.deleted.length).toBeGreaterThan(10_000);
    const keys = seed.records.map(({ type, id }) => `${type}/${id}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('it has ties, nulls, inactive and merged rows, ids above 2^53 and names in many scripts', () => {
    const stamps = new Set(seed.records.map(({ modifiedAt }) => modifiedAt));
    expect(stamps.size).toBeLessThan(seed.records.length / 5);
    expect(seed.records.some(({ fields }) => !('email' in fields))).toBe(true);
    expect(seed.records.some(({ fields }) => fields.isInactive === 'true')).toBe(true);
    expect(seed.deleted.some(({ name }) => name.startsWith('Merged'))).toBe(true);
    expect(seed.records.some(({ id }) => BigInt(id) > 2n ** 53n)).toBe(true);
    expect(seed.records.some(({ fields }) => /\p{Script=Han}|\p{Script=Arabic}/u.test(String(fields.altName)))).toBe(
      true,
    );
  });

  test('items lie at several locations, some at none, some below zero', () => {
    const places = new Map<string, number>();
    for (const { itemId } of seed.stock) places.set(itemId, (places.get(itemId) ?? 0) + 1);
    expect(new Set(places.values())).toEqual(new Set([1, 2, 3, 4]));
    expect(seed.stock.some(({ onHand }) => onHand < 0)).toBe(true);
  });

  test('every order refers to a customer and to items of the seed', () => {
    const known = new Set(seed.records.map(({ type, id }) => `${type}/${id}`));
    const orders = seed.records.filter(({ type }) => type === 'salesOrder');
    const ids = orders
      .map(({ fields }) => fields.entity)
      .map((entity) => JSON.parse(JSON.stringify(entity)).reference.id);
    expect(ids.every((id) => known.has(`customer/${id}`))).toBe(true);
  });
});
