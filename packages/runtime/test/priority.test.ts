import { expect, test } from 'vitest';
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import { type CallOptions, defineVendor, open, sealSecret } from '../src/index.ts';
import { rest } from '../src/protocols/rest/index.ts';
import { matchSubscriptions, WebhookSubscription } from '../src/protocols/webhooks/index.ts';
import { testClock } from './support/clock.ts';
import { json, serve } from './support/server.ts';

const record = z.looseObject({ id: z.string() });

/** A shop that takes one request a second, and whose every operation sends one. */
const openShop = (baseUrl: string) => {
  const quota = [{ name: 'default', requests: 1, perMs: 1_000 }];
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ rest: rest({ baseUrl, quota }) }),
    auth: () => bearer(sealSecret('a token')),
  });
  const things = vendor.resource({
    record,
    key: 'id',
    changes: 'none',
    list: rest.list({ path: 'list', items: 'items', next: 'next', cursor: 'cursor' }),
    get: async ({ transports }) => (await transports.rest.send({ method: 'GET', path: 'get' })).body,
    find: async ({ transports }) => (await transports.rest.send({ method: 'GET', path: 'find' })).body,
    deletions: async function* ({ transports }) {
      await transports.rest.send({ method: 'GET', path: 'deletions' });
      yield { ids: [] };
    },
    subscribe: async function* ({ transports }) {
      await transports.rest.send({ method: 'GET', path: 'subscribe' });
      yield { kind: 'removed', id: '1' };
    },
    create: { effect: 'unsafe', max: 10, run: rest.batch({ path: 'create', max: 10, effect: 'unsafe', outcomes }).run },
    upsert: {
      effect: 'idempotent',
      max: 10,
      run: rest.batch({ path: 'upsert', max: 10, effect: 'idempotent', outcomes }).run,
    },
    update: {
      effect: 'idempotent',
      run: async ({ transports }) => (await transports.rest.send({ method: 'PUT', path: 'update', body: {} })).body,
    },
    remove: {
      effect: 'idempotent',
      run: async ({ transports }) => void (await transports.rest.send({ method: 'DELETE', path: 'remove' })),
    },
  });
  const hooks = vendor.resource({
    record: WebhookSubscription,
    key: 'id',
    changes: 'none',
    list: rest.list({ path: 'hooks', items: 'items', next: 'next', cursor: 'cursor' }),
    create: { effect: 'unsafe', max: 10, run: rest.batch({ path: 'hooks', max: 10, effect: 'unsafe', outcomes }).run },
    remove: { effect: 'idempotent', run: async () => undefined },
  });
  const connector = vendor.connector({ resources: { things, hooks } });
  return open(connector, { clock: testClock(), limits: { quotaReserve: 0 } });
};

const outcomes = { items: ['outcomes'], match: 'order' } as const;
type Shop = ReturnType<typeof openShop>;

const first = async (items: AsyncIterable<unknown>): Promise<unknown> =>
  (await items[Symbol.asyncIterator]().next()).value;

const operations: Readonly<Record<string, (shop: Shop, options: CallOptions) => Promise<unknown>>> = {
  list: ({ things }, options) => first(things.list(options)),
  get: ({ things }, options) => things.get('1', options),
  find: ({ things }, options) => things.find({ field: 'id', value: '1' }, options),
  deletions: ({ things }, options) => first(things.deletions(options)),
  subscribe: ({ things }, options) => first(things.subscribe(options)),
  create: ({ things }, options) => things.create([{ id: '1' }], options),
  update: ({ things }, options) => things.update('1', {}, options),
  upsert: ({ things }, options) => things.upsert([{ id: '1' }], options),
  remove: ({ things }, options) => things.remove('1', options),
  hooks: ({ hooks }, options) => {
    const webhooks = { topics: { created: {} } };
    return matchSubscriptions({ webhooks, subscriptions: hooks, url: 'https://me.example', topics: [], ...options });
  },
};

const body = { id: '1', items: [], next: null, outcomes: [{ id: '1' }] };

test.each(Object.keys(operations))('%s goes before what waits with a lesser priority', async (name) => {
  const server = await serve((response) => json(response, body));
  const shop = openShop(server.origin);
  const usual = () => shop.things.get('1');
  await Promise.all([usual(), usual(), operations[name]?.(shop, { priority: 'webhook' })]);
  const paths = server.requests.map(({ url }) => url.replace(/\?.*/, ''));
  expect(paths).toEqual(['/get', `/${name}`, '/get']);
});
