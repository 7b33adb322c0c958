// Every use that the mapping must refuse, and the types that it infers. Compiled by tsc, never run.
import { z } from 'zod';
import { converter, lossy } from '../src/mapping/converter.ts';
import { isoInstant } from '../src/mapping/iso-instant.ts';
import {
  type ChangeOf,
  type ModelOf,
  mapping,
  type WireOf,
  type WritableOf,
  type WrittenOf,
} from '../src/mapping/mapping.ts';
import { numberText } from './support/converters.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only for types that are the same. */
const same = <A, B>(_proof: Same<A, B>): void => {};

const phoneDigits = lossy('phone digits', {
  loss: 'spacing and punctuation',
  decode: (text: string) => text.replace(/[^\d+]/g, ''),
  encode: (text: string) => text,
});
const minorUnits = converter('minor units', {
  decode: (text: string) => Math.round(Number(text) * 100),
  encode: (minor: number) => (minor / 100).toFixed(2),
});

const Wire = z.object({
  id: z.string(),
  mail: z.string().nullable(),
  nick: z.string().optional(),
  changed: z.string(),
  age: z.string(),
  region: z.enum(['eu', 'us']),
  address: z.object({ city: z.string() }).nullish(),
  tags: z.array(z.string()),
  'dotted.key': z.string(),
});
const Model = z.object({ id: z.string(), email: z.string(), updatedAt: z.date() });
const ok = {
  id: 'id',
  email: { from: 'mail', onNull: 'reject' },
  updatedAt: { from: 'changed', as: isoInstant },
} as const;
const fine = mapping(Wire, Model, ok);

const text = z.string().nullish();
const LooseWire = z.looseObject({
  id: z.string(),
  properties: z.looseObject({ email: text, firstname: text, lastname: text, score: text, 'a.b': text }),
});
const Person = z.object({
  id: z.string(),
  email: z.string().nullable(),
  name: z.string(),
  score: z.number().nullable(),
  tier: z.string().nullish(),
  custom: z.record(z.string(), z.unknown()).optional(),
});
const person = mapping(LooseWire, Person, {
  id: { from: 'id', access: 'read' },
  email: { from: 'properties.email', onMissing: 'null', onEmpty: 'null', clear: '' },
  name: {
    compute: (wire) => `${wire.properties.firstname ?? ''} ${wire.properties.lastname ?? ''}`,
    uncompute: (name) => {
      const [firstname = '', lastname = ''] = name.split(' ');
      return { properties: { firstname, lastname } };
    },
    uses: ['properties.firstname', 'properties.lastname'],
  },
  score: { from: 'properties.score', as: numberText, onMissing: 'null', access: 'read' },
  tier: { from: ['properties', 'a.b'], lossy: 'nothing, but it says so' },
});

// ── what is inferred
same<WireOf<typeof fine>, z.output<typeof Wire>>(true);
same<ModelOf<typeof person>, z.output<typeof Person>>(true);
same<keyof WritableOf<typeof person>, 'email' | 'name' | 'tier'>(true);
same<
  WrittenOf<typeof person>,
  {
    properties: {
      [x: string]: unknown;
      email?: string | null | undefined;
      firstname?: string | null | undefined;
      lastname?: string | null | undefined;
      'a.b'?: string | null | undefined;
    };
  }
>(false);
same<keyof WrittenOf<typeof person>['properties'], 'email' | 'firstname' | 'lastname' | 'a.b'>(true);
same<(typeof person.lossyFields)[number], 'tier'>(true);
const change: ChangeOf<typeof person> = { properties: { email: 'a@b.example' } };

// ── fields and paths
// @ts-expect-error required model field without a rule
mapping(Wire, Model, { id: 'id', email: { from: 'mail', onNull: 'reject' } });
// @ts-expect-error no such wire path (typo in a nested path)
mapping(LooseWire, z.object({ email: z.string().nullish() }), { email: 'properties.emial' });
// @ts-expect-error no such wire path, in an object rule
mapping(LooseWire, z.object({ email: z.string().nullish() }), { email: { from: 'properties.emial' } });
// @ts-expect-error no such model field
mapping(Wire, Model, { ...ok, phone: 'id' });
// @ts-expect-error a key that holds a dot takes a tuple path
mapping(Wire, z.object({ id: z.string() }), { id: 'dotted.key' });
mapping(Wire, z.object({ id: z.string() }), { id: { from: ['dotted.key'] } });
// @ts-expect-error no such tuple path
mapping(Wire, z.object({ id: z.string() }), { id: { from: ['doted.key'] } });
// @ts-expect-error the unknown keys of a loose object take a bag, not a path
mapping(LooseWire, z.object({ custom: z.unknown() }), { custom: { from: ['properties', 'anything'] } });
// @ts-expect-error a tuple path of the wrong type
mapping(Wire, z.object({ id: z.number() }), { id: { from: ['dotted.key'] } });

// ── converters
// @ts-expect-error wrong type, no converter
mapping(Wire, Model, { ...ok, updatedAt: 'changed' });
// @ts-expect-error wrong converter
mapping(Wire, Model, { ...ok, updatedAt: { from: 'changed', as: numberText } });
// @ts-expect-error lossy converter, and the rule is silent
mapping(Wire, Model, { ...ok, id: { from: 'id', as: phoneDigits } });
mapping(Wire, Model, { ...ok, id: { from: 'id', as: phoneDigits, lossy: 'spacing' } });
// @ts-expect-error wider model onto a narrower wire enum, two-way
mapping(Wire, z.object({ region: z.string() }), { region: 'region' });
mapping(Wire, z.object({ region: z.string() }), { region: { from: 'region', access: 'read' } });

// ── null, missing, empty
// @ts-expect-error null into a required field, no policy
mapping(Wire, Model, { ...ok, email: { from: 'mail' } });
// @ts-expect-error missing into a required field, no policy
mapping(Wire, Model, { ...ok, email: { from: 'nick' } });
// @ts-expect-error a nullish parent may be missing
mapping(Wire, Model, { ...ok, email: { from: 'address.city' } });
// @ts-expect-error default of the wrong type
mapping(Wire, Model, { ...ok, email: { from: 'mail', onNull: { use: 0 } } });
// @ts-expect-error 'absent' where the model cannot be absent
mapping(Wire, Model, { ...ok, email: { from: 'mail', onNull: 'absent' } });
// @ts-expect-error empty becomes null where the model has no null
mapping(Wire, Model, { ...ok, id: { from: 'id', onEmpty: 'null' } });
// @ts-expect-error nullable model onto a wire field that cannot be null: how is it cleared?
mapping(Wire, z.object({ id: z.string().nullable() }), { id: 'id' });
// @ts-expect-error a clearing value of the wrong type
mapping(Wire, z.object({ id: z.string().nullable() }), { id: { from: 'id', clear: 0 } });
mapping(Wire, z.object({ id: z.string().nullable() }), { id: { from: 'id', clear: '' } });
// @ts-expect-error a default in a two-way rule would be written back to the vendor
mapping(Wire, Model, { ...ok, email: { from: 'mail', onNull: { use: 'none' } } });
mapping(Wire, Model, { ...ok, email: { from: 'mail', onNull: { use: 'none' }, access: 'read' } });
mapping(Wire, Model, { ...ok, email: { from: 'mail', onNull: { use: 'none' }, lossy: "null is written as 'none'" } });

// ── options
// @ts-expect-error misspelt option of a field rule
mapping(Wire, Model, { ...ok, email: { from: 'mail', onNull: 'reject', acess: 'read' } });
// @ts-expect-error misspelt option of a compute rule
mapping(Wire, Model, { ...ok, id: { compute: (wire) => wire.id, uses: ['id'], note_: 'x' } });
// @ts-expect-error misspelt option of a constant
mapping(Wire, Model, { ...ok, id: { constant: 'x', nota: 'x' } });

// ── sub-records
const WireLine = z.object({ title: z.string(), price: z.object({ amount: z.string() }) });
const Line = z.object({ title: z.string(), priceMinor: z.number() });
const line = mapping(WireLine, Line, { title: 'title', priceMinor: { from: 'price.amount', as: minorUnits } });
const readOnlyLine = mapping(WireLine, Line, {
  title: { from: 'title', access: 'read' },
  priceMinor: { from: 'price.amount', as: minorUnits },
});
const WireOrder = z.object({ items: z.object({ nodes: z.array(WireLine) }) });
const Order = z.object({ lines: z.array(Line) });
const order = mapping(WireOrder, Order, { lines: { from: 'items.nodes', each: line } });
same<WrittenOf<typeof order>, { items: { nodes: z.output<typeof WireLine>[] } }>(true);
// @ts-expect-error lines without a mapping of their own
mapping(WireOrder, Order, { lines: 'items.nodes' });
// @ts-expect-error lines with the wrong mapping
mapping(WireOrder, Order, { lines: { from: 'items.nodes', each: fine } });
// @ts-expect-error `each` on what is no list
mapping(Wire, z.object({ id: z.string() }), { id: { from: 'id', each: line } });
// @ts-expect-error lines of which the sub-mapping writes only a part are not lines to write
mapping(WireOrder, Order, { lines: { from: 'items.nodes', each: readOnlyLine } });
mapping(WireOrder, Order, { lines: { from: 'items.nodes', each: readOnlyLine, access: 'read' } });

const lossyLine = mapping(WireLine, Line, {
  title: { from: 'title', as: phoneDigits, lossy: 'letters' },
  priceMinor: { from: 'price.amount', as: minorUnits },
});
// @ts-expect-error lines of which something is lost, and the rule is silent
mapping(WireOrder, Order, { lines: { from: 'items.nodes', each: lossyLine } });
mapping(WireOrder, Order, { lines: { from: 'items.nodes', each: lossyLine, lossy: 'letters of titles' } });

// ── constants, computed fields, bags
// @ts-expect-error constant of the wrong type
mapping(Wire, Model, { ...ok, id: { constant: 5 } });
// @ts-expect-error computed of the wrong type
mapping(Wire, Model, { ...ok, id: { compute: (wire) => wire.tags.length, uses: ['tags'] } });
// @ts-expect-error computed from a path that is not there
mapping(Wire, Model, { ...ok, id: { compute: (wire) => wire.id, uses: ['idd'] } });
// @ts-expect-error computed from a tuple path that is not there
mapping(Wire, Model, { ...ok, id: { compute: (wire) => wire.id, uses: ['id', ['doted.key']] } });
mapping(Wire, Model, { ...ok, id: { compute: (wire) => wire.id, uses: ['id', ['dotted.key']] } });
// @ts-expect-error uncompute does not write all that 'uses' names
mapping(Wire, Model, { ...ok, id: { compute: (wire) => wire.id, uncompute: (id) => ({ id }), uses: ['id', 'age'] } });
// @ts-expect-error uncompute writes the wrong type
mapping(Wire, Model, { ...ok, id: { compute: (wire) => wire.id, uncompute: () => ({ id: 5 }), uses: ['id'] } });
const NullableId = z.object({ id: z.string().nullable() });
mapping(Wire, NullableId, {
  // @ts-expect-error uncompute must take every value of the field, null included
  id: { compute: (wire) => wire.id, uncompute: (id: string) => ({ id }), uses: ['id'] },
});
const TextBag = z.object({ custom: z.record(z.string(), z.string()) });
// @ts-expect-error the values of the bag are unknown
mapping(LooseWire, TextBag, { custom: { bag: 'properties', names: {} } });
const bag = mapping(LooseWire, z.object({ custom: z.record(z.string(), z.unknown()) }), {
  custom: { bag: 'properties', names: { tier: 'customer_tier' }, access: 'read' },
});
same<keyof WritableOf<typeof bag>, never>(true);

// ── encode
// @ts-expect-error a read-only field in a change
person.encodeChange({ email: 'a', score: 5 });
// @ts-expect-error a read-only field in a whole record
person.encode({ email: 'a', name: 'Ada Byron', id: '5' });
// @ts-expect-error a writable field is missing
person.encode({ email: null });
person.encode({ email: null, name: 'Ada Byron' });

void [change, bag, order];
