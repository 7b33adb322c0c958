// Custom fields given at open: how they are typed, and what the compiler refuses. Compiled by the type check, never run.
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import { defineVendor, open, secret } from '../src/index.ts';
import { mapping } from '../src/mapping/index.ts';
import { rest } from '../src/protocols/rest/index.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_proof: Same<A, B>): void => {};

const text = z.string().nullish();
const Wire = z.object({ id: z.string(), properties: z.object({ email: text }) });
const Person = z.object({ id: z.string(), email: z.string().nullable(), custom: z.object({}).optional() });
const rules = {
  id: { from: 'id', access: 'read' },
  email: { from: 'properties.email', onMissing: 'null' },
} as const;
const personMapping = mapping(Wire, Person, { ...rules, custom: { fields: 'properties', values: text } });
const readOnly = mapping(Wire, Person, { ...rules, custom: { fields: 'properties', values: text, access: 'read' } });
const anything = mapping(Wire, Person, { ...rules, custom: { fields: 'properties' } });
same<keyof Parameters<typeof personMapping.encode>[0], 'email'>(true);

const acme = defineVendor({
  id: 'acme',
  settings: z.strictObject({}),
  credentials: z.strictObject({ token: secret() }),
  transports: () => ({ rest: rest({ baseUrl: 'https://acme.example/' }) }),
  auth: ({ credentials }) => bearer(credentials.token),
});
const shared = { record: Wire, key: 'id', changes: 'none' } as const;
const upsert = { effect: 'keyed', max: 1, run: async () => [] } as const;
const contacts = acme.resource({
  ...shared,
  mapping: personMapping,
  get: async (call, id) => [id, call.fields],
  upsert,
});
const people = acme.resource({ ...shared, mapping: readOnly, get: async () => ({}), upsert });
const things = acme.resource({ ...shared, mapping: anything, get: async () => ({}) });
const rows = acme.resource({ ...shared, get: async () => ({}) });
const connector = acme.connector({ resources: { contacts, people, things, rows } });
const credentials = { token: 'x' };

export const typed = async () => {
  const fields = {
    contacts: z.object({ tier: z.string(), segment: z.enum(['a', 'b']).nullable() }),
    people: z.object({ tier: z.string() }),
    things: z.object({ size: z.number() }),
  };
  const live = open(connector, { credentials, fields });
  const record = await live.contacts.get('1');
  same<typeof record.properties.tier, string>(true);
  same<typeof record.properties.email, string | null | undefined>(true);
  const model = await live.contacts.model.get('1');
  same<typeof model.custom.segment, 'a' | 'b' | null>(true);
  await live.contacts.model.upsert([{ email: null, custom: { tier: 'gold' } }, { email: null }]);
  await live.contacts.upsert([{ properties: { email: 'x', tier: 'gold' } }]);
  const size: number = (await live.things.model.get('1')).custom.size;
  // @ts-expect-error a custom field of the wrong type
  await live.contacts.model.upsert([{ email: null, custom: { tier: 5 } }]);
  // @ts-expect-error a custom field that was not given
  await live.contacts.model.upsert([{ email: null, custom: { tire: 'gold' } }]);
  // @ts-expect-error a choice that the custom field does not have
  await live.contacts.model.upsert([{ email: null, custom: { segment: 'c' } }]);
  // @ts-expect-error the same on wire records
  await live.contacts.upsert([{ properties: { email: 'x', tier: 5 } }]);
  // @ts-expect-error custom fields that are only read are not written
  await live.people.model.upsert([{ email: null, custom: { tier: 'gold' } }]);
  // @ts-expect-error no custom field of this name
  model.custom.tire;
  const bare = open(connector, { credentials });
  // @ts-expect-error without fields at open there are none to write
  await bare.contacts.model.upsert([{ email: null, custom: { tier: 'gold' } }]);
  return size;
};

export const refused = () => {
  const tier = z.object({ tier: z.string() });
  // @ts-expect-error no such resource
  open(connector, { credentials, fields: { contcts: tier } });
  // @ts-expect-error no such resource, beside one that is right
  open(connector, { credentials, fields: { contacts: tier, contcts: tier } });
  // @ts-expect-error a resource that takes no custom fields
  open(connector, { credentials, fields: { rows: tier } });
  // @ts-expect-error values that the vendor does not keep there
  open(connector, { credentials, fields: { contacts: z.object({ age: z.number() }) } });
  // @ts-expect-error no schema of a record
  open(connector, { credentials, fields: { contacts: z.string() } });
  // @ts-expect-error not a schema at all
  open(connector, { credentials, fields: { contacts: { tier: 'text' } } });
  const Strict = z.object({ id: z.string(), custom: z.object({}) });
  // @ts-expect-error a model field that must be there has nothing to hold until a host gives fields
  mapping(Wire, Strict, { id: 'id', custom: { fields: 'properties' } });
  const Loose = z.object({ id: z.string(), custom: z.object({}).optional() });
  // @ts-expect-error no such place
  mapping(Wire, Loose, { id: 'id', custom: { fields: 'propertees' } });
  // @ts-expect-error a misspelt option
  mapping(Wire, Loose, { id: 'id', custom: { fields: 'properties', value: text } });
};
