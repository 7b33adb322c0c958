import { expect, test } from 'vitest';
import { z } from 'zod';
import { isoInstant } from '../src/mapping/iso-instant.ts';
import { mapping } from '../src/mapping/mapping.ts';
import { booleanText, trimmed } from './support/converters.ts';

const text = z.string().nullish();
const Line = z.object({ sku: z.string() }).meta({ title: 'CRM line' });
const Wire = z
  .looseObject({
    id: z.string(),
    updatedAt: z.string(),
    lines: z.array(Line),
    properties: z.looseObject({ email: text, first: text, last: text, news: text, city: text, 'a.b': text }),
  })
  .meta({ title: 'CRM contact' });
const Person = z
  .object({
    id: z.string(),
    email: z.string().nullable(),
    name: z.string(),
    subscribed: z.boolean(),
    city: z.string().nullish(),
    dotted: z.string().nullish(),
    updatedAt: z.date(),
    lines: z.array(z.object({ sku: z.string() })),
    channel: z.string(),
    custom: z.record(z.string(), z.unknown()).optional(),
    phone: z.string().optional(),
  })
  .meta({ title: 'Person' });
const person = mapping(Wire, Person, {
  id: { from: 'id', access: 'read' },
  email: { from: 'properties.email', onMissing: 'null', onEmpty: 'null', clear: '' },
  name: {
    compute: ({ properties }) => `${properties.first} ${properties.last}`,
    uses: ['properties.first', 'properties.last'],
  },
  subscribed: {
    from: 'properties.news',
    as: booleanText,
    onNull: { use: false },
    onMissing: { use: false },
    lossy: 'no answer becomes false',
  },
  city: { from: 'properties.city', as: trimmed, lossy: 'surrounding spaces' },
  dotted: { from: ['properties', 'a.b'], note: 'one | two\nlines' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read', note: 'set by the CRM' },
  lines: { from: 'lines', each: mapping(Line, z.object({ sku: z.string() }), { sku: 'sku' }) },
  channel: { constant: 'crm' },
  custom: { bag: 'properties', names: { tier: 'customer_tier' } },
});

test('explain tells every rule in one Markdown table, optional fields without a rule included', () => {
  expect(person.explain()).toBe(`### CRM contact ⇄ Person

| model | wire | conversion | direction | policy and notes |
| --- | --- | --- | --- | --- |
| id | id | as is | read |  |
| email | properties.email | as is | both | missing: null, empty: null, null is written as "" |
| name | properties.first + properties.last | computed | read |  |
| subscribed | properties.news | 'true' \\| 'false' | both | null: use false, missing: use false; lossy: no answer becomes false |
| city | properties.city | trimmed text | both | lossy: surrounding spaces |
| dotted | properties['a.b'] | as is | both | one \\| two lines |
| updatedAt | updatedAt | ISO instant | read | set by the CRM |
| lines | lines[] | CRM line ⇄ model | both |  |
| channel | (none) | constant "crm" | read |  |
| custom | properties.* | customer_tier as tier | both |  |
| phone | (not supplied) |  |  |  |
`);
});

test('wirePaths lists what the rules touch once each, as text and as keys', () => {
  const twice = mapping(z.object({ a: z.object({ b: z.string() }) }), z.object({ x: z.string(), y: z.string() }), {
    x: 'a.b',
    y: { from: 'a.b', access: 'read' },
  });
  expect(twice.wirePaths).toEqual(['a.b']);
  expect(person.wirePaths).toContain("properties['a.b']");
  expect(person.wireKeys).toContainEqual(['properties', 'a.b']);
  expect(person.wirePaths).toContain('properties.customer_tier');
});

test('lossyFields names the rules that lose something', () => {
  expect(person.lossyFields).toEqual(['subscribed', 'city']);
});

test('the title falls back to plain words where the schemas have none', () => {
  const plain = mapping(z.object({ a: z.string() }), z.object({ a: z.string() }), { a: 'a' });
  expect(plain.title).toBe('wire record ⇄ model');
});
