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

for (const realtime of ['graphql-ws', 'websocket'] as const) {
  describe(`vendors.md 10.7, tokens over ${realtime}`, () => {
    test('a token that ends while subscribed is renewed, and nothing is lost', async () => {
      const { live, events } = connect(server.url(), { credentials: { email, password }, settings: { realtime } });
      const stop = new AbortController();
      onTestFinished(() => stop.abort());
      const changes = live.stockLevels.subscribe({ since: new Date(), signal: stop.signal })[Symbol.asyncIterator]();
      const opened = () => events.filter(({ type }) => type === 'subscription-opened').length;
      const onHand = realtime === 'websocket' ? 71 : 72;
      const read = until(changes, (change) => change.kind === 'changed' && change.record.on_hand === onHand);
      await expect.poll(opened, { timeout: 20_000 }).toBe(1);
      await sleep(6_000); console.log(JSON.stringify(events.slice(-8)));
      await expect.poll(opened, { timeout: 20_000 }).toBeGreaterThan(1);
      await server.ask('PATCH', '/items/stock_levels/8', { on_hand: onHand });
      expect((await read).at(-1)).toMatchObject({ record: { id: '8', on_hand: onHand } });
      expect(renewals(events)).toBeGreaterThan(0);
    }, 60_000);

    test('a token that is refused is unauthenticated after one renewal, without a loop', async () => {
      const { live, events } = connect(server.url(), { credentials: { token: 'unknown' }, settings: { realtime } });
      const changes = live.stockLevels.subscribe({ since: new Date() })[Symbol.asyncIterator]();
      expect(await errorOf(changes.next())).toMatchObject({ code: 'unauthenticated' });
      expect(events.filter(({ type }) => type === 'subscription-lost').length).toBeLessThan(2);
    }, 60_000);
  });
}
