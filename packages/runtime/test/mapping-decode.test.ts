import { expect, test } from 'vitest';
import { z } from 'zod';
import { isConnectorError } from '../src/errors/connector-error.ts';
import { conversionRefused, converter } from '../src/mapping/converter.ts';
import { isoInstant } from '../src/mapping/iso-instant.ts';
import { mapping } from '../src/mapping/mapping.ts';
import { numberText } from './support/converters.ts';

const text = z.string().nullish();
const Wire = z
  .looseObject({
    id: z.string(),
    createdAt: z.string(),
    properties: z.looseObject({ email: text, firstname: text, lastname: text, score: text, 'tier.name': text }),
  })
  .meta({ title: 'CRM contact' });
const Person = z
  .object({
    id: z.string(),
    email: z.string().nullable(),
    name: z.string(),
    score: z.number().nullable(),
    tier: z.string().optional(),
    createdAt: z.date(),
    source: z.string(),
    custom: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ title: 'Person' });
const person = mapping(Wire, Person, {
  id: { from: 'id', access: 'read' },
  email: { from: 'properties.email', onMissing: 'null', onEmpty: 'null', clear: '' },
  name: {
    compute: ({ properties }) => [properties.firstname, properties.lastname].filter(Boolean).join(' '),
    uses: ['properties.firstname', 'properties.lastname'],
  },
  score: { from: 'properties.score', as: numberText, onMissing: 'null' },
  tier: { from: ['properties', 'tier.name'], onNull: 'absent' },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  source: { constant: 'crm' },
  custom: { bag: 'properties', names: { colour: 'favourite_colour' } },
});
const ada = {
  id: '51',
  createdAt: '2026-11-02T03:04:05+01:00',
  properties: {
    email: 'ada@b.example',
    firstname: 'Ada',
    lastname: 'Byron',
    score: '12.5',
    'tier.name': 'gold',
    favourite_colour: 'green',
  },
};

test('every kind of rule reads its part of a wire record', () => {
  expect(person.decode(ada)).toEqual({
    id: '51',
    email: 'ada@b.example',
    name: 'Ada Byron',
    score: 12.5,
    tier: 'gold',
    createdAt: new Date('2026-11-02T02:04:05.000Z'),
    source: 'crm',
    custom: { colour: 'green' },
  });
});

test('what decode gives fits the model schema', () => {
  expect(Person.safeParse(person.decode(ada)).success).toBe(true);
});

test('missing, null and empty each follow their own policy', () => {
  const decoded = person.decode({
    id: '1',
    createdAt: ada.createdAt,
    properties: { email: '', score: null, 'tier.name': null },
  });
  expect(decoded).toMatchObject({ email: null, score: null, name: '', custom: {} });
  expect(decoded).not.toHaveProperty('tier');
  expect(person.decode({ ...ada, properties: {} })).toMatchObject({ email: null, score: null });
});

test('an empty text stays a text where no policy says otherwise', () => {
  const plain = mapping(z.object({ a: z.string() }), z.object({ a: z.string() }), { a: 'a' });
  expect(plain.decode({ a: '' })).toEqual({ a: '' });
});

test('a default stands in for null and for missing', () => {
  const rules = { from: 'a', onNull: { use: 'was null' }, onMissing: { use: 'was missing' }, access: 'read' } as const;
  const defaulted = mapping(z.object({ a: text }), z.object({ a: z.string() }), { a: rules });
  expect(defaulted.decode({ a: null })).toEqual({ a: 'was null' });
  expect(defaulted.decode({})).toEqual({ a: 'was missing' });
});

test('a null parent reads as missing', () => {
  const Shop = z.object({ address: z.object({ geo: z.object({ city: z.string() }).nullable() }).nullish() });
  const city = mapping(Shop, z.object({ city: z.string().nullable() }), {
    city: { from: 'address.geo.city', onMissing: 'null', access: 'read' },
  });
  expect(city.decode({ address: { geo: { city: 'Bonn' } } })).toEqual({ city: 'Bonn' });
  for (const wire of [{}, { address: null }, { address: { geo: null } }])
    expect(city.decode(wire)).toEqual({ city: null });
});

test('the wire value that clears a field is read back as null', () => {
  const cleared = mapping(z.object({ a: z.string() }), z.object({ a: z.string().nullable() }), {
    a: { from: 'a', clear: 'none' },
  });
  expect(cleared.encode({ a: null })).toEqual({ a: 'none' });
  expect(cleared.decode({ a: 'none' })).toEqual({ a: null });
});

test('one pass finds every rule that failed, with wire path, model field and a reason without the value', () => {
  const wire = { ...ada, createdAt: 'yesterday-secret', properties: { ...ada.properties, score: 'secret' } };
  expect(person.tryDecode(wire)).toEqual({
    ok: false,
    issues: [
      { path: 'properties.score', field: 'score', reason: 'number as text: is not a number' },
      { path: 'createdAt', field: 'createdAt', reason: 'ISO instant: is not an ISO 8601 instant with Z or an offset' },
    ],
  });
});

test('decode throws invalid-record that carries the issues and no value', () => {
  const thrown = caught(() => person.decode({ ...ada, createdAt: 'top-secret' }));
  expect(isConnectorError(thrown) && thrown.code).toBe('invalid-record');
  expect(isConnectorError(thrown) && thrown.issues).toMatchObject([{ path: 'createdAt' }]);
  expect(String(thrown)).toContain('CRM contact ⇄ Person: the wire record cannot be decoded: createdAt (ISO instant:');
  expect(`${thrown} ${JSON.stringify(thrown)}`).not.toContain('top-secret');
});

test('what a converter throws is named, and never quoted unless the converter said it', () => {
  const Wire = z.object({ a: z.string(), b: z.string() });
  const fails = (name: string, error: unknown) =>
    converter(name, {
      decode: (): string => {
        throw error;
      },
      encode: (value: string) => value,
    });
  const both = mapping(Wire, z.object({ a: z.string(), b: z.string() }), {
    a: { from: 'a', as: fails('careless', new TypeError('cannot read hunter2')) },
    b: { from: 'b', as: fails('careful', conversionRefused('has no comma')) },
  });
  expect(both.tryDecode({ a: 'hunter2', b: 'hunter2' })).toEqual({
    ok: false,
    issues: [
      { path: 'a', field: 'a', reason: 'careless refused the value' },
      { path: 'b', field: 'b', reason: 'careful: has no comma' },
    ],
  });
});

test('a compute rule that throws is an issue of all the paths that it uses', () => {
  const failing = mapping(z.object({ a: z.string(), b: z.string() }), z.object({ sum: z.string() }), {
    sum: {
      compute: ({ a }): string => {
        throw new Error(`cannot use ${a}`);
      },
      uses: ['a', 'b'],
    },
  });
  expect(failing.tryDecode({ a: 'hunter2', b: '' })).toEqual({
    ok: false,
    issues: [{ path: 'a + b', field: 'sum', reason: 'compute refused the value' }],
  });
});

test('a rejected null, missing or empty value is an issue that says which it was', () => {
  const rule = { onNull: 'reject', onMissing: 'reject', onEmpty: 'reject' } as const;
  const strict = mapping(z.object({ a: text }), z.object({ a: z.string() }), { a: { from: 'a', ...rule } });
  const reasons = [{ a: null }, {}, { a: '' }].map((wire) => strict.tryDecode(wire));
  expect(reasons).toMatchObject(['is null', 'is missing', 'is empty'].map((reason) => ({ issues: [{ reason }] })));
});

test('a record that its schema never saw is refused field by field, not half decoded', () => {
  expect(person.tryDecode(JSON.parse('{"id":null,"properties":{"score":5}}'))).toEqual({
    ok: false,
    issues: [
      { path: 'id', field: 'id', reason: 'is null' },
      { path: 'createdAt', field: 'createdAt', reason: 'is missing' },
    ],
  });
  expect(person.tryDecode(JSON.parse('{"id":"1","createdAt":"2026-11-23T00:00:00Z"}'))).toEqual({
    ok: false,
    issues: [
      {
        path: 'properties.firstname + properties.lastname',
        field: 'name',
        reason: 'compute refused the value',
      },
    ],
  });
  expect(person.tryDecode(JSON.parse('null'))).toEqual({
    ok: false,
    issues: [{ path: '', field: '', reason: 'is not a record' }],
  });
});

test('a bag that is no record is an issue', () => {
  const bag = mapping(z.object({ p: z.unknown() }), z.object({ custom: z.unknown() }), {
    custom: { bag: 'p', names: { tier: 'tier' }, access: 'read' },
  });
  expect(bag.tryDecode({ p: 'text' })).toMatchObject({ issues: [{ path: 'p', reason: 'is not a record' }] });
});

test('a bag takes own keys only, so that nothing is inherited from Object', () => {
  const bag = mapping(z.object({ p: z.looseObject({}) }), z.object({ custom: z.record(z.string(), z.unknown()) }), {
    custom: { bag: 'p', names: { a: 'a', b: 'b' } },
  });
  expect(bag.decode({ p: Object.assign(Object.create({ a: 'inherited' }), { b: 'own' }) })).toEqual({
    custom: { b: 'own' },
  });
});

const Line = z.object({ sku: z.string(), unitPrice: z.string() });
const WireOrder = z.object({ lineItems: z.object({ nodes: z.array(Line) }) });
const order = mapping(WireOrder, z.object({ lines: z.array(z.object({ sku: z.string(), price: z.number() })) }), {
  lines: {
    from: 'lineItems.nodes',
    each: mapping(Line, z.object({ sku: z.string(), price: z.number() }), {
      sku: 'sku',
      price: { from: 'unitPrice', as: numberText },
    }),
  },
});

test('each record of a list goes through the mapping of the sub-records', () => {
  const nodes = [
    { sku: 'a', unitPrice: '1' },
    { sku: 'b', unitPrice: '2' },
  ];
  expect(order.decode({ lineItems: { nodes } })).toEqual({
    lines: [
      { sku: 'a', price: 1 },
      { sku: 'b', price: 2 },
    ],
  });
  expect(order.encode(order.decode({ lineItems: { nodes } }))).toEqual({ lineItems: { nodes } });
});

test('issues of sub-records carry their index on both sides', () => {
  const nodes = [
    { sku: 'a', unitPrice: '1' },
    { sku: 'b', unitPrice: '2' },
    { sku: 'c', unitPrice: 'dear' },
  ];
  expect(order.tryDecode({ lineItems: { nodes } })).toEqual({
    ok: false,
    issues: [
      { path: 'lineItems.nodes[2].unitPrice', field: 'lines[2].price', reason: 'number as text: is not a number' },
    ],
  });
});

test('a list that is none, or holds what is no record, is an issue and not a crash', () => {
  expect(order.tryDecode(JSON.parse('{"lineItems":{"nodes":"x"}}'))).toMatchObject({
    issues: [{ path: 'lineItems.nodes', field: 'lines', reason: 'is not a list' }],
  });
  expect(order.tryDecode(JSON.parse('{"lineItems":{"nodes":[null]}}'))).toMatchObject({
    issues: [{ path: 'lineItems.nodes[0]', field: 'lines[0]', reason: 'is not a record' }],
  });
});

const caught = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (thrown) {
    return thrown;
  }
};

test('an empty list is a list, unless the rule says what it means', () => {
  const Tagged = z.object({ tags: z.array(z.string()) });
  const Model = z.object({ tags: z.array(z.string()).nullable() });
  const lists = mapping(Tagged, Model, { tags: { from: 'tags', access: 'read' } });
  expect(lists.decode({ tags: [] })).toEqual({ tags: [] });
  const nothing = mapping(Tagged, Model, { tags: { from: 'tags', onEmpty: 'null', access: 'read' } });
  expect([nothing.decode({ tags: [] }), nothing.decode({ tags: ['a'] })]).toEqual([{ tags: null }, { tags: ['a'] }]);
});
