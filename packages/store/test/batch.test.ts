import fc from 'fast-check';
import { expect, test } from 'vitest';
import { builder } from '../src/queries/schema.ts';
import { createBatch, repeat, statementOf } from '../src/queries/statement.ts';

const build = (count: number) =>
  builder.deleteFrom('parked').where('sync', '=', '').where('source_key', 'in', repeat(count, ''));

test('every row is in exactly one statement, in order, after the leading parameters', () => {
  const batch = createBatch(build, (sourceKey: string) => [sourceKey]);
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 450 }), (keys) => {
      const statements = batch(keys, ['products']);
      expect(statements.flatMap(({ parameters }) => parameters.slice(1))).toEqual(keys);
      for (const { sql, parameters } of statements) {
        expect(parameters[0]).toBe('products');
        expect(sql.split('?').length - 1).toBe(parameters.length);
      }
    }),
  );
});

test('the query is built at most 7 times, however many counts of rows there are', () => {
  let built = 0;
  const counting = (count: number) => {
    built += 1;
    return build(count);
  };
  const batch = createBatch(counting, (sourceKey: string) => [sourceKey]);
  for (let count = 0; count < 300; count += 1) batch(repeat(count, 'key'), ['products']);
  expect(built).toBe(7);
});

test('a page of 100 is one statement', () => {
  const batch = createBatch(build, (sourceKey: string) => [sourceKey]);
  expect(batch(repeat(100, 'key'), ['products'])).toHaveLength(1);
});

test('a parameter that no column takes is refused', () => {
  const wrong: unknown = new Date(0);
  const query = { compile: () => ({ ...builder.selectFrom('parked').selectAll().compile(), parameters: [wrong] }) };
  expect(() => statementOf(query)).toThrow(/parameter that no column takes/);
});
