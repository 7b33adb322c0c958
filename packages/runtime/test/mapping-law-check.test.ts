import { expect, test } from 'vitest';
import { z } from 'zod';
import { converter, isoInstant, lossy } from '../src/index.ts';
import { checkLaws, mapping, withFields } from '../src/mapping/index.ts';
import { thrownBy } from './support/connection.ts';
import { numberText } from './support/converters.ts';

const text = z.string().nullish();
const Wire = z.object({
  id: z.string().min(1),
  stamp: z.string(),
  properties: z.object({ email: text, first: text, last: text, score: text, code: z.string().max(3).optional() }),
});

/** The laws that a mapping of one text field breaks, and where. */
const brokenBy = (rule: Parameters<typeof converter<string, string>>[1]) => {
  const Model = z.object({ email: z.string().nullable() });
  const broken = mapping(Wire, Model, {
    email: { from: 'properties.email', as: converter('odd', rule), onMissing: 'null' },
  });
  return new Set(checkLaws(broken, { seed: 3 }).broken.map(({ law, field, path }) => `${law} ${field} ${path}`));
};

test('a mapping that keeps every value breaks no law', () => {
  const Model = z.object({
    id: z.string(),
    stamp: z.date(),
    email: z.string().nullable(),
    score: z.number().nullable(),
    name: z.object({ first: z.string(), last: z.string() }),
    tier: z.enum(['a', 'b']).optional(),
  });
  const lawful = mapping(Wire, Model, {
    id: { from: 'id', access: 'read' },
    stamp: { from: 'stamp', as: isoInstant },
    email: { from: 'properties.email', onMissing: 'null', onEmpty: 'null', clear: '' },
    score: { from: 'properties.score', as: numberText, onMissing: 'null' },
    name: {
      compute: ({ properties: { first, last } }) => ({ first: first ?? '', last: last ?? '' }),
      uncompute: ({ first, last }) => ({ properties: { first, last } }),
      uses: ['properties.first', 'properties.last'],
    },
  });
  const report = checkLaws(lawful, { seed: 1, runs: 300 });
  expect(report.broken).toEqual([]);
  expect(report.checked.wires).toBe(300);
  expect(report.checked.models).toBeGreaterThan(150);
});

test('the same seed checks the same records', () => {
  const draw = (seed: number) => {
    const drawn: unknown[] = [];
    const Model = z.object({ email: z.string().nullish() });
    const spy = converter('spy', {
      decode: (value: string) => {
        drawn.push(value);
        return value;
      },
      encode: (value: string) => value,
    });
    checkLaws(mapping(Wire, Model, { email: { from: 'properties.email', as: spy } }), { seed, runs: 20 });
    return drawn;
  };
  expect(draw(5)).toEqual(draw(5));
  expect(draw(5)).not.toEqual(draw(6));
});

test('a value that does not come back breaks the law of models', () => {
  const upper = brokenBy({ decode: (value) => value, encode: (value) => value.toUpperCase() });
  expect(upper).toContain('model email properties.email');
});

test('a value that is written back as another breaks the law of wires', () => {
  const first = brokenBy({ decode: (value) => value.slice(0, 1), encode: (value) => `${value}x` });
  expect(first).toContain('model email properties.email');
  const twice = brokenBy({ decode: (value) => `${value}!`, encode: (value) => value });
  expect(twice).toContain('wire email properties.email');
});

test('a value beyond the wire schema breaks the law of schemas', () => {
  const Model = z.object({ code: z.string().optional() });
  const long = converter('long', { decode: (value: string) => value, encode: (value: string) => `${value} (long)` });
  const broken = mapping(Wire, Model, { code: { from: 'properties.code', as: long } });
  expect(checkLaws(broken).broken).toContainEqual(expect.objectContaining({ law: 'schema', path: 'properties.code' }));
});

test('a computed field that reads what it does not use is moved by a change of another field', () => {
  const Model = z.object({ name: z.string(), last: z.string().nullable() });
  const broken = mapping(Wire, Model, {
    name: {
      compute: ({ properties: { first, last } }) => `${first ?? ''}${last ?? ''}`,
      uncompute: (name: string) => ({ properties: { first: name } }),
      uses: ['properties.first'],
    },
    last: { from: 'properties.last', onMissing: 'null' },
  });
  const laws = checkLaws(broken).broken.filter(({ law }) => law === 'change');
  expect(new Set(laws.map(({ field }) => field))).toEqual(new Set(['name']));
});

test('lossy and read-only fields are held to no law', () => {
  const Model = z.object({ email: z.string().nullable(), first: z.string().nullable() });
  const half = { decode: (value: string) => value.slice(0, 2), encode: (value: string) => value };
  const permitted = mapping(Wire, Model, {
    email: { from: 'properties.email', as: lossy('half', { ...half, loss: 'half' }), onMissing: 'null', lossy: 'half' },
    first: { from: 'properties.first', as: converter('half', half), onMissing: 'null', access: 'read' },
  });
  expect(checkLaws(permitted).broken).toEqual([]);
});

test('where nothing comes through the check says so, and samples help', () => {
  const Model = z.object({ plate: z.string() });
  const form = /^[A-Z]{2}-\d{4}$/;
  const Plates = z.object({ plate: z.string().regex(form) });
  const plates = mapping(Plates, Model, { plate: 'plate' });
  expect(thrownBy(() => checkLaws(plates)).message).toContain('no generated wire record comes through: give samples');
  const samples = { wire: [{ plate: 'AB-1234' }], model: [{ plate: 'XY-0001' }] };
  expect(checkLaws(plates, { samples }).checked.wires).toBe(200);
});

test('custom fields keep the laws of their place', () => {
  const Model = z.object({ email: z.string().nullable(), custom: z.object({}).optional() });
  const base = mapping(Wire, Model, {
    email: { from: 'properties.email', onMissing: 'null' },
    custom: { fields: 'properties', values: text },
  });
  const extended = withFields(base, z.object({ tier: z.string().nullable(), segment: z.enum(['a', 'b']) }));
  expect(checkLaws(extended).broken).toEqual([]);
  const decoded = extended.decode({ id: '1', stamp: '', properties: { email: null, tier: null, segment: 'a' } });
  const segment: 'a' | 'b' = decoded.custom.segment;
  expect(segment).toBe('a');
});
