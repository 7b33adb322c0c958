import { expect, test } from 'vitest';
import { z } from 'zod';
import { isConnectorError } from '../src/errors/connector-error.ts';
import { mapping } from '../src/mapping/mapping.ts';

const Person = z.object({ id: z.string() });

const refusal = (define: () => unknown): string => {
  try {
    define();
  } catch (thrown) {
    if (isConnectorError(thrown) && thrown.code === 'invalid-definition') return thrown.message;
    throw thrown;
  }
  return 'not refused';
};

const changing = {
  transforms: z.string().transform((value) => value.length),
  'has a default': z.string().default('x'),
  'has a fallback value': z.string().catch('x'),
  'coerces its value': z.coerce.number(),
  'rewrites its value': z.string().trim(),
  'transforms its value': z.stringbool(),
};

test.each(Object.entries(changing))('a wire schema that %s is refused with the path of the field', (what, schema) => {
  const Wire = z.object({ id: z.string(), nested: z.object({ list: z.array(z.object({ odd: schema.optional() })) }) });
  const message = refusal(() => mapping(Wire, Person, { id: 'id' }));
  expect(message).toContain(`the wire schema ${what}`);
  expect(message).toContain("at 'nested.list[].odd'");
});

test('changes are found in unions, records, tuples, intersections, pipes, lazies and derived objects', () => {
  const odd = z.string().default('x');
  const schemas = {
    union: z.union([z.number(), odd]),
    record: z.record(z.string(), odd),
    tuple: z.tuple([z.number(), odd]),
    intersection: z.intersection(z.object({ a: z.string() }), z.object({ odd })),
    pipe: z.string().optional().pipe(odd),
    preprocess: z.preprocess(String, z.string()),
    lazy: z.lazy(() => odd),
    extended: z.object({ a: z.string() }).extend({ odd }),
    partial: z.object({ odd }).partial(),
    catchall: z.object({}).catchall(odd),
    nullable: odd.nullable().readonly(),
  };
  for (const [kind, schema] of Object.entries(schemas)) {
    const message = refusal(() => mapping(z.object({ id: z.string(), at: schema }), Person, { id: 'id' }));
    expect(message, kind).toContain("at 'at");
  }
});

test('a wire schema that only checks is taken, a recursive one too', () => {
  const Category = z.object({
    name: z.string().min(1),
    get children() {
      return z.array(Category);
    },
  });
  const Wire = z.looseObject({
    id: z.string().refine((value) => value !== 'x'),
    mail: z.email().nullish(),
    kind: z.enum(['a', 'b']),
    bag: z.record(z.string(), z.unknown()),
    either: z.union([z.string(), z.number()]),
    category: Category,
  });
  expect(refusal(() => mapping(Wire, Person, { id: 'id' }))).toBe('not refused');
});

test('two rules that write one wire path are refused, and one that reads beside it is not', () => {
  const Wire = z.object({ name: z.string() });
  const Two = z.object({ first: z.string(), second: z.string() });
  expect(refusal(() => mapping(Wire, Two, { first: 'name', second: 'name' }))).toBe(
    "wire record ⇄ model: the rules of 'first' and 'second' both write the wire path 'name' twice: give one access: 'read'",
  );
  const rules = { first: 'name', second: { from: 'name', access: 'read' } } as const;
  expect(mapping(Wire, Two, rules).decode({ name: 'x' })).toEqual({ first: 'x', second: 'x' });
});

test('a rule that writes beneath the path of another is refused', () => {
  const Wire = z.object({ address: z.object({ city: z.string() }) });
  const Model = z.object({ address: z.object({ city: z.string() }), city: z.string() });
  expect(refusal(() => mapping(Wire, Model, { address: 'address', city: 'address.city' }))).toContain("'address.city'");
});

test('a bag name, or a path of uncompute, that repeats a mapped path is refused', () => {
  const Wire = z.object({ p: z.looseObject({ email: z.string() }) });
  const Bag = z.object({ email: z.string(), custom: z.record(z.string(), z.unknown()) });
  expect(
    refusal(() => mapping(Wire, Bag, { email: 'p.email', custom: { bag: 'p', names: { mail: 'email' } } })),
  ).toContain("'p.email'");
  const Joined = z.object({ email: z.string(), upper: z.string() });
  const uncompute = (email: string) => ({ p: { email } });
  expect(
    refusal(() =>
      mapping(Wire, Joined, { email: 'p.email', upper: { compute: ({ p }) => p.email, uncompute, uses: ['p.email'] } }),
    ),
  ).toContain("'p.email'");
});

test.each(['__proto__', 'constructor', 'prototype', 'toString'])('a path through %s is refused', (key) => {
  const Wire = z.object({ p: z.looseObject({}) });
  const Bag = z.object({ custom: z.record(z.string(), z.unknown()) });
  expect(refusal(() => mapping(Wire, Bag, { custom: { bag: 'p', names: { fine: key } } }))).toContain(`p.${key}`);
  // From JSON, because a literal would set the prototype instead of a key.
  const names: Record<string, string> = JSON.parse(`{"${key}":"fine"}`);
  expect(refusal(() => mapping(Wire, Bag, { custom: { bag: 'p', names } }))).toContain(`custom.${key}`);
});

test('a path with an empty key is refused', () => {
  const Wire = z.object({ p: z.looseObject({}) });
  const Bag = z.object({ custom: z.record(z.string(), z.unknown()) });
  expect(refusal(() => mapping(Wire, Bag, { custom: { bag: 'p', names: { fine: '' } } }))).toContain('empty key');
});

test('nothing is written to Object.prototype, whatever the wire record holds', () => {
  const Wire = z.looseObject({ p: z.looseObject({}) });
  const bag = mapping(Wire, z.object({ custom: z.record(z.string(), z.unknown()) }), {
    custom: { bag: 'p', names: { a: 'a' } },
  });
  const hostile: z.output<typeof Wire> = JSON.parse('{"p":{"a":{"x":1},"__proto__":{"polluted":true}}}');
  expect(bag.encode(bag.decode(hostile))).toEqual({ p: { a: { x: 1 } } });
  expect(Object.prototype).not.toHaveProperty('polluted');
});

test('a mapping carries its schemas', () => {
  const Wire = z.object({ id: z.string() });
  const same = mapping(Wire, Person, { id: 'id' });
  expect([same.wireSchema, same.modelSchema]).toEqual([Wire, Person]);
});
