// What the compiler infers and refuses of a connector. Compiled by the type check, never run.
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import { type Call, defineVendor, isoInstant, open, revealSecret, type Secret, secret } from '../src/index.ts';
import { mapping } from '../src/mapping/index.ts';
import type { GraphqlTransport, graphql } from '../src/protocols/graphql/index.ts';
import { rest } from '../src/protocols/rest/index.ts';
import { shopifyWebhooks } from '../src/protocols/webhooks/index.ts';

const Wire = z.object({
  id: z.string(),
  changed: z.string(),
  properties: z.looseObject({ email: z.string().nullish() }),
});
const Person = z.object({ id: z.string(), email: z.string().nullable(), updatedAt: z.date() });
const personMapping = mapping(Wire, Person, {
  id: { from: 'id', access: 'read' },
  email: { from: 'properties.email', onMissing: 'null' },
  updatedAt: { from: 'changed', as: isoInstant, access: 'read' },
});

const acme = defineVendor({
  id: 'acme',
  settings: z.strictObject({ region: z.enum(['eu', 'us']) }),
  credentials: z.strictObject({ token: secret() }),
  transports: ({ region }) => ({ rest: rest({ baseUrl: `https://${region}.example/` }) }),
  auth: ({ credentials }) => bearer(credentials.token),
});

const people = acme.resource({
  record: Wire,
  key: 'id',
  changes: { field: 'changed', granularityMs: 1, lagMs: 0 },
  mapping: personMapping,
  list: rest.list({ path: 'people', items: 'results', next: 'paging.next.after', cursor: 'after' }),
  get: async (call, id) => {
    const region: 'eu' | 'us' = call.settings.region;
    const answer = await call.transports.rest.send({
      method: 'GET',
      path: `people/{id}?${region}`,
      parameters: { id },
    });
    return answer.body;
  },
  upsert: {
    effect: 'external-id',
    key: 'properties.email',
    max: 100,
    run: async (_call, records) => records.map((record) => ({ ok: true, record: record.properties.email })),
  },
});
const connector = acme.connector({ resources: { people } });
const live = open(connector, { settings: { region: 'eu' }, credentials: { token: 'x' } });

export const inferred = async () => {
  const record = await live.people.get('1');
  const email: string | null | undefined = record.properties.email;
  const person = await live.people.model.get('1');
  const stamp: Date = person.updatedAt;
  const [outcome] = await live.people.model.upsert([{ email: 'a@example.com' }]);
  if (outcome?.ok) outcome.record.updatedAt.getTime();
  await live.people.upsert([{ properties: { email: 'a@example.com' } }]);
  for await (const page of live.people.list({ since: new Date() })) for (const each of page.records) each.changed.at(0);
  return { email, stamp };
};

const topics = { 'people/create': { permissions: ['read_people'] } };
const listening = acme.connector({
  resources: { people },
  webhooks: { ...shopifyWebhooks, topics, subscriptions: 'people' },
});

export const webhooks = () => {
  const permissions: readonly string[] = listening.webhooks.topics['people/create'].permissions;
  // @ts-expect-error a connector without webhooks may still be given none
  connector.webhooks.topics;
  // @ts-expect-error subscriptions that are no resource of the connector
  acme.connector({ resources: { people }, webhooks: { ...shopifyWebhooks, topics, subscriptions: 'orders' } });
  // @ts-expect-error webhooks that say nothing of their topics
  acme.connector({ resources: { people }, webhooks: { ...shopifyWebhooks } });
  return permissions;
};

const bulk = acme.resource({
  record: Wire,
  key: 'id',
  changes: 'none',
  mapping: personMapping,
  permissions: { backfill: ['read_people'] },
  backfill: async function* (call, { cursor }) {
    for await (const { lines } of call.transports.rest.lines({ method: 'GET', path: `people/${cursor}` }))
      yield { records: lines };
  },
});

export const backfilled = async () => {
  const { people: all } = open(acme.connector({ resources: { people: bulk } }), {
    settings: { region: 'eu' },
    credentials: { token: 'x' },
  });
  for await (const { records } of all.backfill({ cursor: 'x', priority: 'sync' })) records.map(({ id }) => id.at(0));
  for await (const { records } of all.model.backfill()) records.map(({ email }) => email?.at(0));
  // @ts-expect-error the author gave a backfill and no list
  all.list();
  // @ts-expect-error a list is no backfill
  live.people.backfill();
};

export const answeredOtherwise = async () => {
  const plainly: z.output<typeof Wire> = await live.people.get('1', { priority: 'interactive' });
  const { value, source, ageMs } = await live.people.get('1', { fallback: 'stale', maxAgeMs: 1_000 });
  const age: number | undefined = source === 'stale' ? ageMs : undefined;
  const asModel = await live.people.model.get('1', { fallback: 'stale' });
  // @ts-expect-error a default is a whole record
  await live.people.get('1', { fallback: { default: { id: '1' } } });
  // @ts-expect-error with a fallback the answer is no record but says where it is from
  (await live.people.get('1', { fallback: 'stale' })).id.at(0);
  // @ts-expect-error no such priority
  await live.people.get('1', { priority: 'urgent' });
  return [plainly.id.at(0), value.id.at(0), age, asModel.value.email];
};

export const refused = () => {
  // @ts-expect-error an operation that the author did not give
  live.people.remove('1');
  // @ts-expect-error the same in model terms
  live.people.model.find({ field: 'email', value: 'x' });
  // @ts-expect-error no such resource
  live.orders.list();
  // @ts-expect-error a read-only field is not written
  live.people.model.upsert([{ email: 'x', id: '1' }]);
  // @ts-expect-error a field that must be written is missing
  live.people.model.upsert([{}]);
  // @ts-expect-error settings are missing
  open(connector, { credentials: { token: 'x' } });
  // @ts-expect-error a setting of the wrong value
  open(connector, { settings: { region: 'asia' }, credentials: { token: 'x' } });
  // @ts-expect-error a misspelt setting
  open(connector, { settings: { regoin: 'eu' }, credentials: { token: 'x' } });
  acme.resource({
    record: Wire,
    // @ts-expect-error no such path for the key
    key: 'identifier',
    changes: 'none',
  });
  acme.resource({
    record: Wire,
    key: 'id',
    // @ts-expect-error no such path for the change stamp
    changes: { field: 'updated', granularityMs: 1, lagMs: 0 },
  });
  const ofGraphql = async (_call: Call<{ graphql: ReturnType<typeof graphql> }, unknown>, _id: string) => ({});
  // @ts-expect-error an operation over a transport that the vendor does not have
  acme.resource({ record: Wire, key: 'id', changes: 'none', get: ofGraphql });
  // @ts-expect-error a misspelt operation
  acme.resource({ record: Wire, key: 'id', changes: 'none', lsit: async () => ({}) });
  // @ts-expect-error an absent operation is left out, not written as undefined
  acme.resource({ record: Wire, key: 'id', changes: 'none', get: undefined });
  const another = z.object({ other: z.string() });
  // @ts-expect-error the mapping of another record
  acme.resource({ record: another, key: 'other', changes: 'none', mapping: personMapping });
  defineVendor({
    id: 'other',
    settings: z.strictObject({}),
    credentials: z.strictObject({ token: z.string() }),
    transports: () => ({}),
    // @ts-expect-error a text is not a secret
    auth: ({ credentials }) => bearer(credentials.token),
  });
};
export const secrets = (given: Secret) => {
  // @ts-expect-error a secret is no text
  given.toUpperCase();
  // @ts-expect-error nor does it go where a text goes
  const text: string = given;
  // @ts-expect-error and a text is no secret
  revealSecret('text');
  return text;
};
export type Unused = GraphqlTransport;

const plain = acme.connector({
  resources: {
    rows: acme.resource({
      record: Wire,
      key: 'id',
      changes: 'none',
      list: rest.list({ path: 'rows', items: 'results', next: 'next', cursor: 'after' }),
    }),
  },
});

export const withoutMapping = async () => {
  const { rows } = open(plain, { settings: { region: 'eu' }, credentials: { token: 'x' } });
  for await (const page of rows.model.list()) for (const row of page.records) row.changed.at(0);
};
