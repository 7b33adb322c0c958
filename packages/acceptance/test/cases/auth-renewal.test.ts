import { type ConnectionStore, connectorError, systemClock } from '@mortise/runtime';
import { openStore } from '@mortise/store';
import { virtualClock } from '@mortise/testing';
import { expect, test } from 'vitest';
import { temporaryStore } from '../support/connections.ts';
import { refusal } from '../support/refusal.ts';
import { type ScriptedAnswer, scriptedVendor } from '../support/scripted-vendor.ts';
import { quickly } from '../support/things-connector.ts';

/** A token answer of the given number: `a1` with `r1`, alive for an hour. */
const answerOf = (number: number, more: object = {}): ScriptedAnswer => ({
  body: { access_token: `a${number}`, token_type: 'Bearer', expires_in: 3_600, refresh_token: `r${number}`, ...more },
});

const invalidGrant: ScriptedAnswer = { status: 400, body: { error: 'invalid_grant' } };

/** A vendor that rotates: only the refresh token given out last is taken. */
const rotatingVendor = () => {
  let valid = 'r0';
  return scriptedVendor({
    token: ({ parameters }, number) => {
      if (parameters.refresh_token !== valid) return invalidGrant;
      valid = `r${number}`;
      return answerOf(number);
    },
  });
};

const refreshTokensOf = ({ tokenRequests }: Awaited<ReturnType<typeof scriptedVendor>>) =>
  tokenRequests.map(({ parameters }) => parameters.refresh_token);

const keptBy = async (store: ConnectionStore): Promise<{ accessToken?: string; refreshToken?: string }> =>
  JSON.parse((await store.tokens.read('acme')) ?? '{}');

test('a token is renewed in its last minute, before a request would be refused', async () => {
  const clock = virtualClock(Date.now());
  const { store } = await temporaryStore({ clock });
  const vendor = await rotatingVendor();
  const { live } = vendor.connect({ store, clock });
  await live.things.get('1');
  await clock.advance(3_539_000);
  await live.things.get('1');
  expect(vendor.apiTokens).toEqual(['a1', 'a1']);
  await clock.advance(2_000);
  await live.things.get('1');
  expect(vendor.apiTokens).toEqual(['a1', 'a1', 'a2']);
});

test('case 33: a process that died between rotation and commit goes on where the vendor has a grace for the old token', async () => {
  const { store } = await temporaryStore();
  // Takes the token before the last one as well, until its replacement is used.
  const vendor = await scriptedVendor({ token: (_request, number) => answerOf(number) });
  const dying: ConnectionStore = { ...store, tokens: { ...store.tokens, save: () => new Promise(() => undefined) } };
  void vendor.connect({ store: dying }).live.things.get('1');
  await expect.poll(() => vendor.tokenRequests.length).toBe(1);
  expect(await keptBy(store)).toEqual({});
  // The dead process still holds its lease: the store's lock is of no use to it any more.
  const { live } = vendor.connect({ store: { tokens: store.tokens } });
  expect(await live.things.get('1')).toEqual({ id: '1' });
  expect(refreshTokensOf(vendor)).toEqual(['r0', 'r0']);
  expect(await keptBy(store)).toMatchObject({ accessToken: 'a2', refreshToken: 'r2' });
});

test('case 33: without a grace it needs to be connected again, with the cause, and is not asked for again', async () => {
  const { store } = await temporaryStore();
  const vendor = await rotatingVendor();
  const dying: ConnectionStore = { ...store, tokens: { ...store.tokens, save: () => new Promise(() => undefined) } };
  void vendor.connect({ store: dying }).live.things.get('1');
  await expect.poll(() => vendor.tokenRequests.length).toBe(1);
  const { live } = vendor.connect({ store: { tokens: store.tokens } });
  const error = await refusal(live.things.get('1'));
  expect(error).toMatchObject({
    code: 'unauthenticated',
    vendorCode: 'invalid_grant',
    message: expect.stringContaining("connection 'acme' needs to be connected again"),
    cause: { code: 'unauthenticated', status: 400 },
  });
  expect(await refusal(live.things.get('1'))).toMatchObject({ code: 'unauthenticated' });
  expect(vendor.tokenRequests).toHaveLength(2);
  expect(vendor.apiTokens).toEqual([]);
});

test('case 33: a token that the store would not take is kept and saved later, without another rotation', async () => {
  const { store } = await temporaryStore();
  const vendor = await rotatingVendor();
  let failures = 1;
  const busy: ConnectionStore = {
    ...store,
    tokens: {
      ...store.tokens,
      save: async (...given) => {
        if (failures-- > 0) throw connectorError('state-busy', 'another process holds the state');
        return store.tokens.save(...given);
      },
    },
  };
  const { live } = vendor.connect({ store: busy });
  expect(await refusal(live.things.get('1'))).toMatchObject({ code: 'state-busy' });
  expect(await live.things.get('1')).toEqual({ id: '1' });
  expect(vendor.tokenRequests).toHaveLength(1);
  expect(await keptBy(store)).toMatchObject({ accessToken: 'a1', refreshToken: 'r1' });
});

test("case 34: a grant refused while a sibling rotated is not the end: the sibling's token is read and used", async () => {
  const { store } = await temporaryStore();
  let isRefused = false;
  const vendor = await scriptedVendor({
    token: (_request, number) => {
      isRefused = number === 2;
      return isRefused ? invalidGrant : answerOf(number);
    },
  });
  // No locks: as with a host's own store, or a sibling that does not keep to them.
  const late: ConnectionStore = {
    tokens: { ...store.tokens, read: async (id) => (isRefused ? store.tokens.read(id) : undefined) },
  };
  await vendor.connect({ store: { tokens: store.tokens } }).live.things.get('1');
  expect(await vendor.connect({ store: late }).live.things.get('1')).toEqual({ id: '1' });
  expect(refreshTokensOf(vendor)).toEqual(['r0', 'r0']);
  expect(vendor.apiTokens).toEqual(['a1', 'a1']);
});

test('case 34: where the sibling has rotated but its token has ended as well, it is renewed by the newer one', async () => {
  const { store } = await temporaryStore();
  let isRefused = false;
  const vendor = await scriptedVendor({
    token: (_request, number) => {
      isRefused = number === 2;
      return isRefused ? invalidGrant : answerOf(number, { expires_in: number === 1 ? 0.001 : 3_600 });
    },
  });
  const late: ConnectionStore = {
    tokens: { ...store.tokens, read: async (id) => (isRefused ? store.tokens.read(id) : undefined) },
  };
  await vendor.connect({ store: { tokens: store.tokens } }).live.things.get('1');
  expect(await vendor.connect({ store: late }).live.things.get('1')).toEqual({ id: '1' });
  expect(refreshTokensOf(vendor)).toEqual(['r0', 'r0', 'r1']);
  expect(vendor.apiTokens).toEqual(['a1', 'a3']);
});

test('case 35: a token endpoint in trouble is asked again with growing waits, and the token stays', async () => {
  const { store } = await temporaryStore();
  let isDown = true;
  const vendor = await scriptedVendor({
    token: (_request, number) => (isDown ? { status: 503, body: {} } : answerOf(number)),
  });
  const { live, events } = vendor.connect({
    store,
    limits: { ...quickly, attempts: 4, backoffBaseMs: 8, backoffCapMs: 100 },
  });
  expect(await refusal(live.things.get('1'))).toMatchObject({ code: 'unavailable', status: 503 });
  expect(vendor.tokenRequests).toHaveLength(4);
  expect(events.filter(({ type }) => type === 'attempt-failed')).toHaveLength(3);
  expect(vendor.apiTokens).toEqual([]);
  isDown = false;
  expect(await live.things.get('1')).toEqual({ id: '1' });
  expect(new Set(refreshTokensOf(vendor))).toEqual(new Set(['r0']));
});

test('case 35: a token endpoint that does not answer ends in a timeout, and the token stays', async () => {
  const { store } = await temporaryStore();
  let isStuck = true;
  const vendor = await scriptedVendor({
    token: (_request, number) => (isStuck ? new Promise(() => undefined) : answerOf(number)),
  });
  const { live } = vendor.connect({ store, limits: { ...quickly, attempts: 2, requestTimeoutMs: 60 } });
  expect(await refusal(live.things.get('1'))).toMatchObject({ code: 'timeout' });
  isStuck = false;
  expect(await live.things.get('1')).toEqual({ id: '1' });
  expect(new Set(refreshTokensOf(vendor))).toEqual(new Set(['r0']));
});

test('case 35: while the old token has some life left, it is used in the meantime', async () => {
  const clock = virtualClock(Date.now());
  const { store } = await temporaryStore({ clock });
  let isDown = false;
  const vendor = await scriptedVendor({
    token: (_request, number) => (isDown ? { status: 500, body: {} } : answerOf(number)),
  });
  const { live } = vendor.connect({ store, clock, limits: { ...quickly, attempts: 1 } });
  await live.things.get('1');
  await clock.advance(3_545_000);
  isDown = true;
  await live.things.get('1');
  await live.things.get('1');
  expect(vendor.apiTokens).toEqual(['a1', 'a1', 'a1']);
  expect(vendor.tokenRequests).toHaveLength(2);
  expect(await keptBy(store)).toMatchObject({ refreshToken: 'r1' });
  isDown = false;
  await clock.advance(10_000);
  await live.things.get('1');
  expect(vendor.apiTokens.at(-1)).toBe('a3');
});

test('case 36: an answer without a refresh token keeps the old one, and one with a new one replaces both at once', async () => {
  const clock = virtualClock(Date.now());
  const { store } = await temporaryStore({ clock });
  const vendor = await scriptedVendor({
    token: (_request, number) => answerOf(number, number === 3 ? {} : { refresh_token: [undefined, null][number % 2] }),
  });
  const { live } = vendor.connect({ store, clock });
  for (let call = 0; call < 4; call += 1) {
    await live.things.get('1');
    await clock.advance(3_600_000);
  }
  expect(refreshTokensOf(vendor)).toEqual(['r0', 'r0', 'r0', 'r3']);
  expect(await keptBy(store)).toMatchObject({ accessToken: 'a4', refreshToken: 'r3' });
});

for (const expires_in of [undefined, null, 0, -5, '', 'soon', [], 'Infinity']) {
  test(`case 37: expires_in ${JSON.stringify(expires_in) ?? 'missing'} counts as half an hour, and a refusal renews sooner`, async () => {
    const clock = virtualClock(Date.now());
    const { store } = await temporaryStore({ clock });
    let refused = '';
    const vendor = await scriptedVendor({
      token: (_request, number) => answerOf(number, { expires_in }),
      api: (token) => (token === refused ? 401 : 200),
    });
    const { live } = vendor.connect({ store, clock });
    await live.things.get('1');
    await clock.advance(1_700_000);
    await live.things.get('1');
    expect(vendor.tokenRequests).toHaveLength(1);
    refused = 'a1';
    await live.things.get('1');
    expect(vendor.apiTokens).toEqual(['a1', 'a1', 'a1', 'a2']);
    await clock.advance(1_800_000);
    await live.things.get('1');
    expect(vendor.apiTokens.at(-1)).toBe('a3');
  });
}

test("case 37: expires_in '3600' is a number all the same", async () => {
  const clock = virtualClock(Date.now());
  const { store } = await temporaryStore({ clock });
  const vendor = await scriptedVendor({ token: (_request, number) => answerOf(number, { expires_in: '3600' }) });
  const { live } = vendor.connect({ store, clock });
  await live.things.get('1');
  await clock.advance(3_500_000);
  await live.things.get('1');
  expect(vendor.apiTokens).toEqual(['a1', 'a1']);
});

test('case 38: a holder that was stopped beyond its lease cannot overwrite the token of the one after it', async () => {
  const clock = virtualClock(Date.now());
  const { store, path, key } = await temporaryStore({ clock });
  const other = await openStore({ path, key, clock });
  let answerLate: (() => void) | undefined;
  const vendor = await scriptedVendor({
    token: async (_request, number) => {
      if (number === 1) await new Promise<void>((resolve) => (answerLate = resolve));
      return answerOf(number);
    },
  });
  // Of a process that is stopped no timer runs, while the wall clock goes on.
  const stoppedClock = { now: clock.now, monotonic: () => 0, schedule: () => () => undefined };
  const stopped = vendor.connect({ store, clock: stoppedClock });
  const late = stopped.live.things.get('1');
  await expect.poll(() => vendor.tokenRequests.length).toBe(1);
  await clock.advance(60_000);
  await vendor.connect({ store: other, clock }).live.things.get('1');
  expect(await keptBy(store)).toMatchObject({ accessToken: 'a2', refreshToken: 'r2' });
  answerLate?.();
  expect(await late).toEqual({ id: '1' });
  expect(await keptBy(store)).toMatchObject({ accessToken: 'a2', refreshToken: 'r2' });
  expect(vendor.apiTokens).toEqual(['a2', 'a2']);
  await other.close();
});

test('case 113: after eight hours of sleep a token that has ended is not sent', async () => {
  const clock = virtualClock(Date.now());
  const { store } = await temporaryStore({ clock });
  const vendor = await rotatingVendor();
  const { live } = vendor.connect({ store, clock });
  await live.things.get('1');
  await clock.advance(8 * 3_600_000);
  await live.things.get('1');
  expect(vendor.apiTokens).toEqual(['a1', 'a2']);
});

test('case 113: a machine that slept with the lease in its hands notices, and takes a new one before it asks', async () => {
  // While a machine sleeps its wall clock goes on, and its timers stand.
  let slept = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + slept };
  const { store } = await temporaryStore({ clock });
  const vendor = await rotatingVendor();
  const fences: number[] = [];
  const sleepy: ConnectionStore = {
    tokens: store.tokens,
    locks: {
      take: async (name, ttlMs) => {
        const lease = await store.locks.take(name, ttlMs);
        if (lease !== undefined) fences.push(lease.fence);
        slept = 8 * 3_600_000;
        return lease;
      },
    },
  };
  const { live } = vendor.connect({ store: sleepy, clock });
  expect(await live.things.get('1')).toEqual({ id: '1' });
  expect(fences).toEqual([1, 2]);
  expect(vendor.tokenRequests).toHaveLength(1);
});

test('a holder that died is waited for until its lease is over, and no longer', async () => {
  const clock = virtualClock(Date.now());
  const { store } = await temporaryStore({ clock });
  const vendor = await rotatingVendor();
  await store.locks.take('token acme', 60_000);
  const { live } = vendor.connect({ store, clock });
  const waiting = live.things.get('1');
  await clock.advance(59_000);
  expect(vendor.tokenRequests).toEqual([]);
  await clock.advance(2_000);
  expect(await waiting).toEqual({ id: '1' });
});
