import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { isoInstant } from '../src/mapping/iso-instant.ts';
import { mapping } from '../src/mapping/mapping.ts';
import { booleanText, epochMilliseconds, numberText } from './support/converters.ts';

const text = z.string().nullish();
const WireLine = z.object({ sku: z.string().nullable(), price: z.object({ amount: z.string() }) });
const Wire = z.looseObject({
  stamp: z.number(),
  seenAt: z.string().nullable(),
  lines: z.array(WireLine),
  properties: z.looseObject({ email: text, first: text, last: text, score: text, news: text, 'tier.name': text }),
});
const Line = z.object({ sku: z.string().nullable(), price: z.number() });
const Model = z.object({
  email: z.string().nullable(),
  name: z.object({ first: z.string(), last: z.string() }),
  score: z.number().nullable(),
  subscribed: z.boolean().nullable(),
  tier: z.string().optional(),
  stamp: z.date(),
  seenAt: z.date().nullable(),
  lines: z.array(Line),
  custom: z.record(z.string(), z.unknown()),
});
const lawful = mapping(Wire, Model, {
  email: { from: 'properties.email', onMissing: 'null', onEmpty: 'null', clear: '' },
  name: {
    compute: ({ properties }) => ({ first: properties.first ?? '', last: properties.last ?? '' }),
    uncompute: ({ first, last }) => ({ properties: { first, last } }),
    uses: ['properties.first', 'properties.last'],
  },
  score: { from: 'properties.score', as: numberText, onMissing: 'null' },
  subscribed: { from: 'properties.news', as: booleanText, onMissing: 'null' },
  tier: { from: ['properties', 'tier.name'], onNull: 'absent' },
  stamp: { from: 'stamp', as: epochMilliseconds },
  seenAt: { from: 'seenAt', as: isoInstant },
  lines: {
    from: 'lines',
    each: mapping(WireLine, Line, { sku: 'sku', price: { from: 'price.amount', as: numberText } }),
  },
  custom: { bag: 'properties', names: { colour: 'favourite_colour', size: 'shoe_size' } },
});

const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((value) => value + 0);
const date = fc.date({ min: new Date(0), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true });
const model: fc.Arbitrary<z.output<typeof Model>> = fc.record(
  {
    email: fc.option(fc.string({ minLength: 1 })),
    name: fc.record({ first: fc.string(), last: fc.string() }),
    score: fc.option(number),
    subscribed: fc.option(fc.boolean()),
    tier: fc.string(),
    stamp: date,
    seenAt: fc.option(date),
    lines: fc.array(fc.record({ sku: fc.option(fc.string()), price: number }), { maxLength: 4 }),
    custom: fc.record({ colour: fc.string(), size: fc.integer() }, { requiredKeys: [] }),
  },
  { requiredKeys: ['email', 'name', 'score', 'subscribed', 'stamp', 'seenAt', 'lines', 'custom'] },
);

test('decode(encode(model)) is the model', () => {
  fc.assert(
    fc.property(model, (record) => {
      expect(lawful.decode(lawful.encode(record))).toEqual(record);
    }),
  );
});

test('what encode gives fits the wire schema', () => {
  fc.assert(
    fc.property(model, (record) => {
      expect(Wire.safeParse(lawful.encode(record)).success).toBe(true);
    }),
  );
});

test('a change of every field writes what a whole record writes', () => {
  fc.assert(
    fc.property(model, (record) => {
      expect(lawful.encodeChange(record)).toEqual(lawful.encode(record));
    }),
  );
});

test('a change of some fields writes a part of what the whole record writes', () => {
  fc.assert(
    fc.property(model, fc.subarray(Object.keys(Model.shape)), (record, fields) => {
      const change = Object.fromEntries(Object.entries(record).filter(([field]) => fields.includes(field)));
      expect(lawful.encode(record)).toMatchObject(lawful.encodeChange(change));
    }),
  );
});

test('whatever JSON arrives, tryDecode answers and never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      expect(lawful.tryDecode(JSON.parse(json))).toHaveProperty('ok');
      expect(lawful.tryEncode(JSON.parse(json))).toHaveProperty('ok');
    }),
  );
});
