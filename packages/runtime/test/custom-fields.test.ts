import { expect, test } from 'vitest';
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import { defineVendor, open, secret } from '../src/index.ts';
import { mapping } from '../src/mapping/index.ts';
import { rest } from '../src/protocols/rest/index.ts';
import { thrownBy } from './support/connection.ts';
import { json, serve } from './support/server.ts';

const text = z.string().nullish();
const Wire = z
  .object({ id: z.string(), properties: z.object({ email: text, 'a.b': text }).optional() })
  .meta({ title: 'Acme contact' });
const Person = z
  .object({ id: z.string(), email: z.string().nullable(), custom: z.object({}).optional() })
  .meta({ title: 'Person' });
const rules = {
  id: { from: 'id', access: 'read' },
  email: { from: 'properties.email', onMissing: 'null' },
} as const;
const personMapping = mapping(Wire, Person, { ...rules, custom: { fields: 'properties', values: text } });

const acme = defineVendor({
  id: 'acme',
  settings: z.strictObject({ url: z.url() }),
  credentials: z.strictObject({ token: secret() }),
  transports: ({ url }) => ({ rest: rest({ baseUrl: url }) }),
  auth: ({ credentials }) => bearer(credentials.token),
});
const shared = { record: Wire, key: 'id', changes: 'none' } as const;
const contacts = acme.resource({
  ...shared,
  mapping: personMapping,
  get: async (call, id) => {
    const query = { properties: call.fields.join(',') };
    return (await call.transports.rest.send({ method: 'GET', path: 'contacts/{id}', parameters: { id }, query })).body;
  },
  upsert: {
    effect: 'keyed',
    max: 10,
    run: async (call, records) => {
      const body = { inputs: records };
      const answer = await call.transports.rest.send({ method: 'POST', path: 'contacts', body, effect: 'keyed' });
      return [{ ok: true, record: answer.body }];
    },
  },
});
const rows = acme.resource({ ...shared, get: async () => ({}) });
const connector = acme.connector({ resources: { contacts, rows } });
const given = { settings: { url: 'https://acme.example/' }, credentials: { token: 'x' } };

/** Opens with fields as they would come from a file, unchecked by the compiler. */
const opening = (fields: unknown) => thrownBy(() => open(connector, { ...given, fields } as never));

test('custom fields are asked for, validated, mapped and written under the names of the vendor', async () => {
  const answer = { id: '1', properties: { email: 'a@example.test', tier: 'gold', other: 'dropped' } };
  const server = await serve((response) => json(response, answer));
  const fields = { contacts: z.object({ tier: z.string(), unset: z.string().optional() }) };
  const live = open(connector, { ...given, settings: { url: server.origin }, fields });
  expect(await live.contacts.model.get('1')).toEqual({ id: '1', email: 'a@example.test', custom: { tier: 'gold' } });
  expect(server.requests[0]?.url).toBe('/contacts/1?properties=tier%2Cunset');
  const [outcome] = await live.contacts.model.upsert([{ email: null, custom: { tier: 'silver' } }]);
  expect(outcome).toMatchObject({ ok: true, record: { custom: { tier: 'gold' } } });
  const sent: unknown = JSON.parse(server.requests[1]?.body ?? '');
  expect(sent).toEqual({ inputs: [{ properties: { email: null, tier: 'silver' } }] });
});

test('an answer without a custom field that must be there is refused by its path', async () => {
  const server = await serve((response) => json(response, { id: '1', properties: {} }));
  const fields = { contacts: z.object({ tier: z.string() }) };
  const live = open(connector, { ...given, settings: { url: server.origin }, fields });
  await expect(live.contacts.get('1')).rejects.toMatchObject({
    code: 'invalid-record',
    issues: [{ path: 'properties.tier' }],
  });
});

test('a misspelt resource is refused with the nearest name', () => {
  const tier = z.object({ tier: z.string() });
  expect(opening({ contcts: tier })).toMatchObject({
    code: 'invalid-settings',
    connector: 'acme',
    message: "custom fields of acme.contcts: there is no such resource: did you mean 'contacts'?",
  });
  expect(opening({ constructor: tier }).message).toContain('there is no such resource: known are contacts, rows');
  expect(opening({ rows: tier }).message).toContain('acme.rows: the resource takes none');
});

test('what is no schema of a record is refused', () => {
  for (const schema of [z.string(), { tier: 'text' }, 5, null]) {
    expect(opening({ contacts: schema }).message).toContain('give them as z.object(');
  }
});

test('a name that the record has already is refused', () => {
  expect(opening({ contacts: z.object({ email: z.string() }) }).message).toBe(
    "custom fields of acme.contacts: 'email' is mapped already, from properties.email",
  );
  expect(opening({ contacts: z.object({ constructor: z.string() }) }).code).toBe('invalid-definition');
});

test.each([
  ['a number', z.number()],
  ['a whole number', z.int()],
  ['a boolean', z.boolean()],
  ['a date', z.date()],
  ['a list', z.array(z.string())],
  ['a record', z.object({})],
  ['a choice of numbers', z.literal([7, 8])],
  ['anything', z.unknown()],
])('%s is refused where the vendor keeps text', (_name, schema) => {
  expect(opening({ contacts: z.object({ tier: schema }) }).message).toContain(
    "'tier' takes values of a type that the vendor does not keep in properties",
  );
});

test('a schema that changes values is refused', () => {
  expect(opening({ contacts: z.object({ tier: z.string().trim() }) }).code).toBe('invalid-definition');
  expect(opening({ contacts: z.object({ tier: z.string().default('x') }) }).code).toBe('invalid-definition');
});

test('the table names the place until there are fields, and the fields then', () => {
  const custom = (table: string) => table.split('\n').find((row) => row.startsWith('| custom'));
  expect(custom(personMapping.explain())).toBe('| custom | properties.* | custom fields given at open | both |  |');
  const extended = personMapping.extended(z.object({ tier: z.string(), segment: z.string() }));
  expect(custom(extended.explain())).toBe('| custom | properties.* | tier as tier, segment as segment | both |  |');
  expect(extended.title).toBe('Acme contact ⇄ Person');
  expect(extended.wirePaths).toContain('properties.tier');
});
