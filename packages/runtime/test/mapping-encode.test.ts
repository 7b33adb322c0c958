import { expect, test } from 'vitest';
import { z } from 'zod';
import { isConnectorError } from '../src/errors/connector-error.ts';
import { isoInstant } from '../src/mapping/iso-instant.ts';
import { mapping } from '../src/mapping/mapping.ts';
import { numberText } from './support/converters.ts';

const text = z.string().nullish();
const Wire = z.looseObject({
  id: z.string(),
  updatedAt: z.string(),
  properties: z.looseObject({ email: text, firstname: text, lastname: text, score: text, 'tier.name': text }),
});
const Person = z.object({
  id: z.string(),
  email: z.string().nullable(),
  name: z.string(),
  score: z.number().nullable(),
  tier: z.string().nullish(),
  updatedAt: z.date(),
  custom: z.record(z.string(), z.unknown()).optional(),
});
const person = mapping(Wire, Person, {
  id: { from: 'id', access: 'read' },
  email: { from: 'properties.email', onMissing: 'null', onEmpty: 'null', clear: '' },
  name: {
    compute: ({ properties }) => `${properties.firstname ?? ''} ${properties.lastname ?? ''}`,
    uncompute: (name) => {
      const [firstname = '', lastname = ''] = name.split(' ');
      return { properties: { firstname, lastname } };
    },
    uses: ['properties.firstname', 'properties.lastname'],
  },
  score: { from: 'properties.score', as: numberText, onMissing: 'null' },
  tier: { from: ['properties', 'tier.name'] },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
  custom: { bag: 'properties', names: { colour: 'favourite_colour' } },
});

test('a whole record is written with converters, tuple paths, uncompute and bag', () => {
  const written = person.encode({
    email: 'a@b.example',
    name: 'Ada Byron',
    score: 3,
    tier: 'gold',
    custom: { colour: 'green' },
  });
  expect(written).toEqual({
    properties: {
      email: 'a@b.example',
      firstname: 'Ada',
      lastname: 'Byron',
      score: '3',
      'tier.name': 'gold',
      favourite_colour: 'green',
    },
  });
});

test('null is written as null, or as the value that clears', () => {
  expect(person.encode({ email: null, name: 'Ada Byron', score: null, tier: null })).toEqual({
    properties: { email: '', firstname: 'Ada', lastname: 'Byron', score: null, 'tier.name': null },
  });
});

test('read-only fields of a whole decoded record are dropped', () => {
  const decoded = person.decode({ id: '5', updatedAt: '2026-11-23T00:00:00Z', properties: { email: 'a@b.example' } });
  expect(decoded.id).toBe('5');
  expect(person.encode(decoded)).not.toHaveProperty('id');
});

test('a change writes the fields that it names and nothing else', () => {
  expect(person.encodeChange({ score: 7 })).toEqual({ properties: { score: '7' } });
  expect(person.encodeChange({ name: 'Grace Hopper' })).toEqual({
    properties: { firstname: 'Grace', lastname: 'Hopper' },
  });
  expect(person.encodeChange({ custom: { colour: 'blue', unmapped: 1 } })).toEqual({
    properties: { favourite_colour: 'blue' },
  });
  expect(person.encodeChange({})).toEqual({});
});

const Shop = z.object({ name: z.string(), shippingAddress: z.object({ city: z.string().nullable() }).nullable() });
const shop = mapping(Shop, z.object({ name: z.string(), city: z.string().nullable() }), {
  name: 'name',
  city: { from: 'shippingAddress.city', onMissing: 'null' },
});

test('a change never invents a null beneath a parent that was null', () => {
  const decoded = shop.decode({ name: 'Acme', shippingAddress: null });
  expect(decoded).toEqual({ name: 'Acme', city: null });
  expect(shop.encodeChange({ name: 'Acme II' })).toEqual({ name: 'Acme II' });
  expect(shop.encodeChange({ city: null })).toEqual({ shippingAddress: { city: null } });
});

test('a field of a change that is undefined is not named', () => {
  expect(shop.encodeChange({ ...JSON.parse('{"name":"Acme"}'), city: undefined })).toEqual({ name: 'Acme' });
});

test('a whole record without a required field, or with a null that the model does not take, is refused', () => {
  expect(shop.tryEncode(JSON.parse('{"name":null}'))).toEqual({
    ok: false,
    issues: [
      { path: 'name', field: 'name', reason: 'is null in the model' },
      { path: 'shippingAddress.city', field: 'city', reason: 'is missing in the model' },
    ],
  });
});

test('encode and encodeChange throw invalid-record, their try forms answer', () => {
  const endless = { email: null, name: 'Ada Byron', score: Number.POSITIVE_INFINITY };
  const issues = [{ path: 'properties.score', field: 'score', reason: 'number as text: is not a finite number' }];
  for (const act of [() => person.encode(endless), () => person.encodeChange(endless)]) {
    const thrown = caught(act);
    expect(isConnectorError(thrown) && [thrown.code, thrown.issues]).toEqual(['invalid-record', issues]);
  }
  expect(person.tryEncode(endless)).toEqual({ ok: false, issues });
  expect(person.tryEncodeChange({ score: Number.NaN })).toEqual({ ok: false, issues });
  expect(person.tryEncodeChange({ score: 1 })).toEqual({ ok: true, value: { properties: { score: '1' } } });
});

test('uncompute that writes beyond its uses is refused rather than cut', () => {
  const Pair = z.object({ a: z.string(), b: z.string() });
  const wide = mapping(Pair, z.object({ joined: z.string() }), {
    joined: { compute: ({ a }) => a, uncompute: (value) => ({ a: value, b: value }), uses: ['a'] },
  });
  expect(wide.tryEncode({ joined: 'x' })).toEqual({
    ok: false,
    issues: [{ path: 'a', field: 'joined', reason: "uncompute gave a field that 'uses' does not name" }],
  });
});

test('uncompute that throws is an issue without the value', () => {
  const failing = mapping(z.object({ a: z.string() }), z.object({ joined: z.string() }), {
    joined: {
      compute: ({ a }) => a,
      uncompute: (value): { a: string } => {
        throw new Error(value);
      },
      uses: ['a'],
    },
  });
  expect(failing.tryEncode({ joined: 'hunter2' })).toEqual({
    ok: false,
    issues: [{ path: 'a', field: 'joined', reason: 'uncompute refused the value' }],
  });
});

test('uncompute may leave a field out, and then it is not written', () => {
  const Pair = z.object({ first: z.string(), last: z.string().optional() });
  const name = mapping(Pair, z.object({ name: z.string() }), {
    name: {
      compute: ({ first, last }) => [first, last].filter(Boolean).join(' '),
      uncompute: (value) => ({ first: value, last: undefined }),
      uses: ['first', 'last'],
    },
  });
  expect(name.encode({ name: 'Ada' })).toEqual({ first: 'Ada' });
});

test('a bag cannot be cleared whole, and a change that asks for it is refused', () => {
  const bag = mapping(
    z.object({ p: z.looseObject({}).nullable() }),
    z.object({ custom: z.record(z.string(), z.unknown()).nullable() }),
    { custom: { bag: 'p', names: { tier: 'tier' } } },
  );
  expect(bag.encode(bag.decode({ p: null }))).toEqual({});
  expect(bag.tryEncodeChange({ custom: null })).toMatchObject({ issues: [{ path: 'p', field: 'custom' }] });
});

test('encode leaves the record that it was given untouched', () => {
  const model = Object.freeze({ email: null, name: 'Ada Byron', score: 1, custom: Object.freeze({ colour: 'red' }) });
  expect(person.encode(model)).toMatchObject({ properties: { favourite_colour: 'red' } });
});

const caught = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (thrown) {
    return thrown;
  }
};
