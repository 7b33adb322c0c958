import { once } from 'node:events';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { describeError, exitStatus, isConnectorError, open, type TokenStore } from '@mortise/runtime';
import { startFaultProxy } from '@mortise/testing';
import { expect, onTestFinished, test } from 'vitest';
import vendure from '../src/index.ts';
import { administrator, connect, errorOf, querier, recordsOf, signIn, useShop } from './shop.ts';

const seeded = useShop();

const remembering = () => {
  const saved: string[] = [];
  const tokens: TokenStore = {
    read: async () => saved.at(-1),
    save: async (_connection, token) => saved.push(token) > 0,
    remove: async () => false,
  };
  return { saved, tokens };
};

/** What opening a connection with these settings throws. */
const refusalOf = (settings: { url: string }) => {
  try {
    open(vendure, { settings, credentials: administrator });
  } catch (error) {
    if (isConnectorError(error)) return error;
  }
  throw new Error('the connection was opened');
};

test('a wrong password is unauthenticated, told in one sentence, and appears nowhere', async () => {
  const password = 'certainly-wrong-4711';
  const { shop, events } = connect(seeded.url(), { credentials: { username: 'superadmin', password } });
  const error = await errorOf(recordsOf(shop.customers.list()));
  expect(error).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('user name and password') });
  const everything = [JSON.stringify([error, events]), inspect([error, events], { depth: 9 }), error.stack].join();
  expect(everything + describeError(error)).not.toContain(password);
  expect(error.message).not.toContain('\n');
});

test('one login serves all calls, those that come at the same time included', async () => {
  const { saved, tokens } = remembering();
  const { shop, events } = connect(seeded.url(), { store: { tokens } });
  await Promise.all([recordsOf(shop.customers.list()), recordsOf(shop.orders.list()), recordsOf(shop.variants.list())]);
  expect(saved).toHaveLength(1);
  expect(events.filter(({ type }) => type === 'credentials-renewed')).toEqual([]);
});

test('a session that has ended is renewed once', async () => {
  const { saved, tokens } = remembering();
  const { shop, events } = connect(seeded.url(), { store: { tokens } });
  const before = await recordsOf(shop.orders.list());
  await querier(seeded.url(), saved[0])('mutation { logout { success } }');
  expect(await recordsOf(shop.orders.list({ pageSize: 20 }))).toEqual(before);
  expect(events.filter(({ type }) => type === 'credentials-renewed')).toHaveLength(1);
  expect(new Set(saved).size).toBe(2);
});

test('a stored token of an earlier run is used, and replaced where the shop does not know it', async () => {
  const { saved, tokens } = remembering();
  saved.push('0'.repeat(64));
  const { shop, events } = connect(seeded.url(), { store: { tokens } });
  expect(await recordsOf(shop.orders.list())).toHaveLength(110);
  expect(events.filter(({ type }) => type === 'credentials-renewed')).toHaveLength(1);
  expect(saved).toHaveLength(2);
});

test('a shop that cannot be reached is unreachable, with the exit status of a temporary failure', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  server.close();
  await once(server, 'close');
  const { shop } = connect(`http://127.0.0.1:${port}/admin-api`);
  const error = await errorOf(recordsOf(shop.customers.list()));
  expect(error.code).toBe('unreachable');
  expect(exitStatus(error)).toBe(75);
});

test('plain http beyond loopback is refused before anything is sent', () => {
  expect(refusalOf({ url: 'http://shop.example.com/admin-api' }).code).toBe('unsafe-url');
});

test('a misspelt setting is refused with the nearest name', () => {
  const settings = { url: 'https://shop.example.com/admin-api', orderLookbackDay: 3 };
  const error = refusalOf(settings);
  expect(error).toMatchObject({ code: 'invalid-settings', message: expect.stringContaining("'orderLookbackDays'") });
});

test('a URL that is none is refused with an example of one', () => {
  expect(refusalOf({ url: 'shop' })).toMatchObject({
    code: 'invalid-settings',
    message: expect.stringContaining('https://shop.example.com/admin-api'),
  });
});

for (const cursor of ['7', '7+12', 'x+1+1', '-1+2+3', '++', '']) {
  test(`the cursor '${cursor}' is refused`, async () => {
    const { shop } = connect(seeded.url());
    expect(await errorOf(recordsOf(shop.customers.list({ cursor })))).toMatchObject({ code: 'invalid-request' });
  });
}

for (const { id, code } of [
  { id: '1', code: 'invalid-request' },
  { id: '1/2/3', code: 'invalid-request' },
  { id: '99999/1', code: 'not-found' },
  // Vendure lets the database refuse it, and gives an error without a code.
  { id: '1/99999', code: 'unavailable' },
]) {
  test(`stock of '${id}' cannot be written: ${code}`, async () => {
    const { shop } = connect(seeded.url());
    expect(await errorOf(shop.stockLevels.model.update(id, { onHand: 1 }))).toMatchObject({ code });
  });
}

test('an answer that is cut off is asked for again, and nothing of it appears', async () => {
  const proxy = await startFaultProxy({ target: seeded.url() });
  onTestFinished(() => proxy.close());
  const { shop, events } = connect(`${proxy.url}/admin-api`, {
    events: ({ type }) => {
      if (type === 'attempt-failed') proxy.clear();
    },
  });
  const expected = await recordsOf(connect(seeded.url()).shop.orders.list());
  const records: unknown[] = [];
  for await (const page of shop.orders.list({ pageSize: 40 })) {
    if (records.length === 0) proxy.set({ kind: 'truncate', bytes: 2_000 });
    records.push(...page.records);
    expect(page.rejected).toEqual([]);
  }
  expect(records).toEqual(expected);
  expect(events.filter(({ type }) => type === 'attempt-failed')).toHaveLength(1);
});

test('stock whose answer is lost is written again, to the same number', async () => {
  const proxy = await startFaultProxy({ target: seeded.url() });
  onTestFinished(() => proxy.close());
  const { shop, events } = connect(`${proxy.url}/admin-api`, {
    events: ({ type }) => {
      if (type === 'attempt-failed') proxy.clear();
    },
  });
  await recordsOf(shop.orders.list());
  proxy.set({ kind: 'drop-after-request' });
  expect(await shop.stockLevels.model.update('5/1', { onHand: 33 })).toMatchObject({ id: '5/1', onHand: 33 });
  expect(events.filter(({ type }) => type === 'attempt-failed')).toHaveLength(1);
});

test('the channel of the setting is read, and one that the shop does not know is an error, not an empty list', async () => {
  const channel = { code: 'second', token: 'second-token', pricesIncludeTax: false, defaultLanguageCode: 'en' };
  const zones = { defaultTaxZoneId: 1, defaultShippingZoneId: 1, defaultCurrencyCode: 'EUR' };
  const document = 'mutation ($input: CreateChannelInput!) { createChannel(input: $input) { __typename } }';
  const query = await signIn(seeded.url());
  await query(document, { input: { ...channel, ...zones } });
  const listOf = (channelToken: string) => {
    const settings = { url: seeded.url(), channelToken };
    return open(vendure, { settings, credentials: administrator, events: () => {} }).orders.list();
  };
  expect(await recordsOf(listOf('second-token'))).toEqual([]);
  expect(await errorOf(recordsOf(listOf('no-such-token')))).toMatchObject({
    code: 'invalid-settings',
    vendorCode: 'CHANNEL_NOT_FOUND',
  });
});
