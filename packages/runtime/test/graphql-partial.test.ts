import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutFailed } from '../src/protocols/graphql/partial.ts';

test('a field that failed is absent, and one that is truly null stays null', () => {
  const data = { order: { id: '1', note: null, customer: null } };
  expect(withoutFailed(data, [['order', 'customer']])).toEqual({
    data: { order: { id: '1', note: null } },
    unknown: ['order.customer'],
  });
});

test('where the null went up to a parent, the parent is what is not known', () => {
  const data = { orders: [{ id: '1', customer: null }, null] };
  const failed = [
    ['orders', 0, 'customer', 'address', 'city'],
    ['orders', 1, 'id'],
  ];
  expect(withoutFailed(data, failed)).toEqual({
    data: { orders: [{ id: '1' }, undefined] },
    unknown: ['orders.0.customer', 'orders.1'],
  });
});

test('several errors below one null are one unknown', () => {
  const failed = [
    ['a', 'b'],
    ['a', 'c'],
  ];
  expect(withoutFailed({ a: null, d: 1 }, failed)).toEqual({ data: { d: 1 }, unknown: ['a'] });
});

test('the data itself is left as it came', () => {
  const data = { a: [{ b: null }] };
  withoutFailed(data, [['a', 0, 'b']]);
  expect(data).toEqual({ a: [{ b: null }] });
});

const value = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.nat(),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('node')),
  ),
})).node;
const path = fc.array(fc.oneof(fc.constantFrom('a', 'b', 'c', '__proto__'), fc.nat(3)), { maxLength: 5 });

const read = (data: unknown, steps: readonly (string | number)[]): unknown =>
  steps.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? Reflect.get(at, step) : undefined,
    data,
  );

test('whatever fails in whatever data, no null is left on the way to it', () => {
  fc.assert(
    fc.property(value, fc.array(path, { maxLength: 4 }), (data, failed) => {
      const known = withoutFailed(data, failed).data;
      for (const steps of failed) {
        for (let length = 1; length <= steps.length; length += 1)
          expect(read(known, steps.slice(0, length))).not.toBeNull();
      }
    }),
    { numRuns: 1_000 },
  );
});
