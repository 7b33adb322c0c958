import { startFaultProxy } from '@mortise/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ADMINISTRATOR, connect, errorOf, recordsOf, until, useServer } from './server.ts';

/** Tokens end while tests run. */
const server = useServer({ accessTokenTtl: '4s' });

const { email, password } = ADMINISTRATOR;

const renewals = (events: readonly { type: string }[]) =>
  events.filter(({ type }) => type === 'credentials-renewed').length;

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('one login serves all calls; a token that has ended is renewed once by the refresh token', async () => {
  const { live, events } = connect(server.url(), { credentials: { email, password } });
  await Promise.all([recordsOf(live.items.list()), recordsOf(live.stockLevels.list())]);
  expect(renewals(events)).toBe(0);
  await sleep(4_500);
  await recordsOf(live.items.list());
  expect(renewals(events)).toBe(1);
  const paths = events.flatMap((event) => ('template' in event ? [event.template] : []));
  expect(paths.filter((path) => path?.endsWith('auth/login'))).toHaveLength(1);
  expect(paths.filter((path) => path?.endsWith('auth/refresh')).length).toBeGreaterThan(0);
}, 60_000);

test('a wrong password is unauthenticated, and appears nowhere', async () => {
  const wrong = 'certainly-wrong-4711';
  const { live, events } = connect(server.url(), { credentials: { email, password: wrong } });
  const error = await errorOf(live.items.get('1'));
  expect(error.code).toBe('unauthenticated');
  expect(JSON.stringify([error, events])).not.toContain(wrong);
});

/** A subscription of a login, which ends with its test. */
const follow = (url: string, realtime: 'graphql-ws' | 'websocket') => {
  const { live, events } = connect(url, { credentials: { email, password }, settings: { realtime } });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const changes = live.stockLevels.subscribe({ since: new Date(), signal: stop.signal })[Symbol.asyncIterator]();
  const opened = () => events.filter(({ type }) => type === 'subscription-opened').length;
  return { changes, events, opened };
};

const isOnHand = (onHand: number) => (change: { kind: string; record?: { on_hand: number } }) =>
  change.kind === 'changed' && change.record?.on_hand === onHand;

describe('vendors.md 10.7, tokens that end while subscribed', () => {
  test('the plain WebSocket says TOKEN_EXPIRED: the token is renewed, and nothing is lost', async () => {
    const { changes, events, opened } = follow(server.url(), 'websocket');
    const read = until(changes, isOnHand(71));
    await expect.poll(opened, { timeout: 20_000 }).toBe(2);
    await server.ask('PATCH', '/items/stock_levels/8', { on_hand: 71 });
    expect((await read).at(-1)).toMatchObject({ record: { id: '8', on_hand: 71 } });
    expect(renewals(events)).toBeGreaterThan(0);
  }, 60_000);

  test('graphql-ws goes on with the ended token; the next connection is refused with it, renews it, and catches up', async () => {
    const proxy = await startFaultProxy({ target: server.url() });
    onTestFinished(() => proxy.close());
    const { changes, events, opened } = follow(proxy.url, 'graphql-ws');
    const first = until(changes, isOnHand(72));
    await expect.poll(opened, { timeout: 20_000 }).toBe(1);
    await sleep(4_500);
    await server.ask('PATCH', '/items/stock_levels/9', { on_hand: 72 });
    await first;
    expect(renewals(events)).toBe(0);
    const second = until(changes, isOnHand(73));
    proxy.set({ kind: 'refuse' });
    proxy.set({ kind: 'reset' });
    await server.ask('PATCH', '/items/stock_levels/9', { on_hand: 73 });
    proxy.clear();
    expect((await second).at(-1)).toMatchObject({ record: { id: '9', on_hand: 73 } });
    expect(opened()).toBe(2);
    expect(renewals(events)).toBe(1);
  }, 60_000);
});

for (const realtime of ['graphql-ws', 'websocket'] as const) {
  test(`vendors.md 10.7: a token refused over ${realtime} is unauthenticated, without a loop`, async () => {
    const { live, events } = connect(server.url(), { credentials: { token: 'unknown' }, settings: { realtime } });
    const changes = live.stockLevels.subscribe({ since: new Date() })[Symbol.asyncIterator]();
    expect(await errorOf(changes.next())).toMatchObject({ code: 'unauthenticated' });
    expect(events.filter(({ type }) => type === 'subscription-lost').length).toBeLessThan(2);
  }, 60_000);

  test(`vendors.md 10.7: a stored token that is refused over ${realtime} is renewed once, and the subscription begins`, async () => {
    const tokens = {
      read: async () => 'a-stored-token-of-another-server',
      save: async () => true,
      remove: async () => false,
    };
    const { live, events } = connect(server.url(), {
      credentials: { email, password },
      settings: { realtime },
      store: { tokens },
    });
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const changes = live.stockLevels.subscribe({ since: new Date(0), signal: stop.signal })[Symbol.asyncIterator]();
    expect((await changes.next()).value).toMatchObject({ kind: 'changed' });
    expect(renewals(events)).toBe(1);
  }, 60_000);
}
