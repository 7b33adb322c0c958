import {
  connectorError,
  defineVendor,
  type Effect,
  type ItemOutcome,
  isoInstant,
  type ListRequest,
  readField,
  revealSecret,
  type SubscribeRequest,
  secret,
  sleep,
} from '@mortise/runtime';
import { session } from '@mortise/runtime/auth';
import { mapping } from '@mortise/runtime/mapping';
import { type RestCall, type RestTransport, rest } from '@mortise/runtime/rest';
import { hmac } from '@mortise/runtime/webhooks';
import { z } from 'zod';

/** A thing on the wire. */
export const ThingWire = z.object({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  price: z.string().nullish(),
  createdAt: z.string(),
  changedAt: z.string(),
});

const Thing = z.object({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  price: z.string().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

/** How a thing reads. */
export const thingMapping = mapping(ThingWire, Thing, {
  id: { from: 'id', access: 'read' },
  sku: 'sku',
  name: 'name',
  price: { from: 'price', onMissing: 'null' },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'changedAt', as: isoInstant, access: 'read' },
});

/** Settings of the reference. */
export const settings = z.strictObject({ baseUrl: z.url() });
/** Credentials of the reference. */
export const credentials = z.strictObject({ password: secret() });

/** What its operations are called with. */
export type Call = RestCall<'rest', z.output<typeof settings>>;

/** Facts of the reference. */
export const api = {
  version: '2026-10',
  sunset: '2027-10-31',
  sources: ['https://vendor.example/docs/versions'],
  limits: [{ name: 'things in a batch', value: 5, unit: 'records' }],
} as const;

const login = async ({ rest: http }: { rest: RestTransport }, password: string): Promise<string> => {
  const { body } = await http.send({ method: 'POST', path: 'login', body: { password }, effect: 'idempotent' });
  const token = readField(body, 'token');
  if (typeof token !== 'string') throw connectorError('unexpected-content', 'the login gave no token');
  return token;
};

/** How the reference signs in. */
export const auth = ({ credentials: { password } }: { credentials: z.output<typeof credentials> }) =>
  session<{ rest: RestTransport }>({
    secrets: [password],
    login: ({ transports }) => login(transports, revealSecret(password)),
  });

/** Its one transport. */
export const transports = ({ baseUrl }: z.output<typeof settings>) => ({ rest: rest({ baseUrl }) });

/** The vendor definition, whole. */
export const vendorDefinition = { id: 'reference', api, settings, credentials, transports, auth, basePermissions: [] };

/** The vendor. */
export const vendor = defineVendor(vendorDefinition);

/** Pages of things, led on by links. */
export const list = rest.links({
  path: 'things',
  items: 'things',
  next: 'next',
  key: 'id',
  stamp: 'changedAt',
  query: ({ since, until, pageSize }: ListRequest) => ({
    since: since?.getTime(),
    until: until?.getTime(),
    limit: pageSize ?? 5,
  }),
});

/** One thing. */
export const get = async ({ transports: { rest: http } }: Call, id: string): Promise<unknown> =>
  (await http.send({ method: 'GET', path: 'things/{id}', parameters: { id } })).body;

const rowsOf = (body: unknown, name: string): readonly unknown[] => {
  const rows = readField(body, name);
  if (!Array.isArray(rows)) throw connectorError('unexpected-content', `the answer has no list at '${name}'`);
  return rows;
};

/** A thing by its SKU: of what the vendor's search finds, the one whose SKU it is. */
export const find = async (call: Call, { value }: { value: string }): Promise<unknown> =>
  (await search(call, value)).find((row) => readField(row, 'sku') === value);

/** What the vendor's search finds. */
export const search = async ({ transports: { rest: http } }: Call, sku: string): Promise<readonly unknown[]> => {
  const { body } = await http.send({ method: 'POST', path: 'find', body: { sku }, effect: 'read' });
  return rowsOf(body, 'things');
};

/** Deleted ids. */
export const deletions = async function* ({ transports: { rest: http } }: Call, { since }: ListRequest) {
  const { body } = await http.send({ method: 'GET', path: 'deleted', query: { since: since?.getTime() } });
  yield { ids: rowsOf(body, 'ids').map(String) };
};

/** What is written. */
export type WrittenThing = { readonly sku: string; readonly name: string; readonly price?: string | null | undefined };

/** Sends one batch. */
export const sendBatch = async (
  { transports: { rest: http } }: Call,
  things: readonly WrittenThing[],
  { plain = false, effect = 'external-id' }: { readonly plain?: boolean; readonly effect?: Effect } = {},
): Promise<readonly ItemOutcome<unknown>[]> => {
  const { body } = await http.send({
    method: 'POST',
    path: 'batch',
    query: { plain: plain ? 'yes' : undefined },
    body: { things },
    effect,
  });
  return rowsOf(body, 'results').map((result): ItemOutcome<unknown> => {
    const thing = readField(result, 'thing');
    if (thing !== undefined) return { ok: true, record: thing, created: readField(result, 'created') === true };
    return { ok: false, error: connectorError('invalid-request', 'the vendor refused the record') };
  });
};

/** Creates, whether or not there is one of that SKU. */
export const create = {
  effect: 'unsafe',
  key: 'sku',
  max: 5,
  run: (call: Call, things: readonly WrittenThing[]) => sendBatch(call, things, { plain: true, effect: 'unsafe' }),
} as const;

/** Upserts by SKU. */
export const upsert = {
  effect: 'external-id',
  key: 'sku',
  max: 5,
  run: (call: Call, things: readonly WrittenThing[]) => sendBatch(call, things),
} as const;

/** Changes some fields. */
export const update = {
  effect: 'idempotent',
  run: async ({ transports: { rest: http } }: Call, { id, change }: { id: string; change: object }) => {
    const path = 'things/{id}';
    return (await http.send({ method: 'PATCH', path, parameters: { id }, body: change, effect: 'idempotent' })).body;
  },
} as const;

/** Removes one. */
export const remove = {
  effect: 'idempotent',
  run: async ({ transports: { rest: http } }: Call, id: string): Promise<void> => {
    await http.send({ method: 'DELETE', path: 'things/{id}', parameters: { id } });
  },
} as const;

/** Changes as they happen, asked for every second: the smallest thing that a subscription can be. */
export const subscribe = async function* (call: Call, { since = new Date(0) }: SubscribeRequest) {
  const told = new Set<string>();
  for (;;) {
    for await (const { records } of list(call, { since })) {
      for (const record of records) {
        const version = `${readField(record, 'id')} ${readField(record, 'changedAt')}`;
        if (told.has(version)) continue;
        told.add(version);
        yield { kind: 'changed', record } as const;
      }
    }
    await sleep(call.transports.rest.clock, 1_000, call.signal);
  }
};

/** What each operation needs. */
export const permissions = {
  list: ['things.read'],
  get: ['things.read'],
  find: ['things.read'],
  deletions: ['things.read'],
  subscribe: ['things.read'],
  create: ['things.write'],
  upsert: ['things.write'],
  update: ['things.write'],
  remove: ['things.write'],
} as const;

/** All operations. */
export const operations = { list, get, find, deletions, subscribe, create, upsert, update, remove };

/** The description of the resource. */
export const description = {
  record: ThingWire,
  key: 'id',
  changes: { field: 'changedAt', granularityMs: 1, lagMs: 2_000 },
  mapping: thingMapping,
  permissions,
} as const;

/** Webhooks: signed with their time, each with an id. */
export const webhooks = {
  signature: hmac({
    header: 'x-reference-signature',
    encoding: 'hex',
    timestamp: { header: 'x-reference-timestamp', unit: 's' },
    signed: ({ timestamp, body }) => [timestamp, '.', body],
  }),
  read: ({ body }: { readonly body: Uint8Array }) => {
    const event: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return [{ key: String(readField(event, 'event')), topic: 'thing.changed' }];
  },
  topics: { 'thing.changed': {} },
};

/** The connector that keeps every rule. */
export const reference = vendor.connector({
  resources: { things: vendor.resource({ ...description, ...operations }) },
  webhooks,
});
