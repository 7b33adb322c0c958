import { expect, test } from 'vitest';
import { quotaGovernor } from '../src/resilience/quota.ts';
import { start, testClock } from './support/clock.ts';
import { connect, refusal, type TestOptions } from './support/connection.ts';
import { json, serve } from './support/server.ts';

/** The most requests in any rolling window of a log of times. */
const most = (times: readonly number[], perMs: number): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + perMs).length));

const logging = async (options: TestOptions, headers: Record<string, string> = {}) => {
  const clock = testClock();
  const times: number[] = [];
  const server = await serve((response) => {
    times.push(clock.monotonic());
    json(response, {}, 200, headers);
  });
  return { ...connect(server.origin, { ...options, clock }), times, clock };
};

const rule = { name: 'default', requests: 10, perMs: 1_000 };
const learning = { ...rule, headers: { limit: 'X-Limit', remaining: 'x-left' } };

test('no rolling window ever holds more requests than the quota without its reserve', async () => {
  const { get, times, clock } = await logging({ rest: { quota: [rule] } });
  await Promise.all(Array.from({ length: 50 }, () => get()));
  expect(times).toHaveLength(50);
  expect(most(times, 1_000)).toBe(8);
  expect(clock.monotonic()).toBe(6_000);
});

test('without a reserve the whole quota is used', async () => {
  const { get, times } = await logging({ rest: { quota: [rule] }, limits: { quotaReserve: 0 } });
  await Promise.all(Array.from({ length: 30 }, () => get()));
  expect(most(times, 1_000)).toBe(10);
});

test('requests at uneven times never add up to more in any window', async () => {
  const { get, times, clock } = await logging({ rest: { quota: [rule] } });
  for (const pause of [0, 300, 300, 500, 900, 50, 400]) {
    clock.advance(pause);
    await Promise.all(Array.from({ length: 5 }, () => get()));
  }
  expect(times).toHaveLength(35);
  expect(most(times, 1_000)).toBe(8);
});

test('the smaller limit that answers report is taken over, with the reserve', async () => {
  const { get, times } = await logging({ rest: { quota: [learning] } }, { 'x-limit': '5', 'x-left': '4' });
  await get();
  await Promise.all(Array.from({ length: 20 }, () => get()));
  expect(most(times, 1_000)).toBe(4);
});

test('what others took of the quota is left to them', async () => {
  const { get, times, clock } = await logging({ rest: { quota: [learning] } }, { 'x-limit': '10', 'x-left': '1' });
  await get();
  await get();
  expect(times).toEqual([0, 1_000]);
  expect(clock.waits).toEqual([1_000]);
});

test('headers that are no numbers teach nothing', async () => {
  for (const [limit, left] of [
    ['', ''],
    ['abc', '-1'],
    ['0', '0'],
    ['10', ''],
  ]) {
    const { get, clock } = await logging(
      { rest: { quota: [learning] } },
      { 'x-limit': `${limit}`, 'x-left': `${left}` },
    );
    for (let count = 0; count < 8; count += 1) await get();
    expect(clock.waits, `${limit} ${left}`).toEqual([]);
  }
});

test('a call that would wait beyond the cap is refused with the time of its turn, and not sent', async () => {
  const { get, times } = await logging({ rest: { quota: [{ name: 'default', requests: 1, perMs: 3_600_000 }] } });
  await get();
  const error = await refusal(get());
  expect(error).toMatchObject({ code: 'rate-limited', resumeAt: start + 3_600_000 });
  expect(error.message).toContain("'default'");
  expect(times).toHaveLength(1);
});

test('rules of one name hold together', async () => {
  const daily = { name: 'default', requests: 10, perMs: 86_400_000 };
  const { get, times } = await logging({ rest: { quota: [{ ...rule, requests: 4 }, daily] } });
  const results = await Promise.allSettled(Array.from({ length: 12 }, () => get()));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
  expect(most(times, 1_000)).toBe(3);
});

test('calls of another quota are not held up', async () => {
  const quota = [
    { name: 'default', requests: 1, perMs: 60_000 },
    { name: 'search', requests: 9, perMs: 1_000 },
  ];
  const { send, times } = await logging({ rest: { quota } });
  await send({ method: 'GET', path: 'things' });
  for (let count = 0; count < 3; count += 1) await send({ method: 'GET', path: 'search', quota: 'search' });
  expect(times).toEqual([0, 0, 0, 0]);
});

test('a wait for the quota is told as an event', async () => {
  const { get, events } = await logging({ rest: { quota: [{ ...rule, requests: 1 }] } });
  await get();
  await get();
  const told = events.filter(({ type }) => type !== 'quota-low');
  expect(told.map(({ type }) => type)).toEqual(['call-succeeded', 'quota-waited', 'call-succeeded']);
  expect(told[1]).toMatchObject({ quota: 'default', waitMs: 1_000, operation: 'things.get' });
});

test('a block holds although the wall clock is set back', async () => {
  let wall = start;
  const clock = testClock();
  const governor = quotaGovernor([], { clock: { ...clock, now: () => wall }, reserve: 0, connection: 'acme' });
  governor.block('default', start + 5_000);
  wall = start - 3_600_000;
  expect(await governor.acquire('default', { longestWaitMs: 60_000 })).toBe(5_000);
});

test('a call says who goes first, and the server sees it in that order', async () => {
  const clock = testClock();
  const server = await serve((response) => json(response, {}));
  const { get } = connect(server.origin, { clock, rest: { quota: [{ ...rule, requests: 1 }] } });
  await Promise.all([
    get('first'),
    get('old', { priority: 'backfill' }),
    get('usual'),
    get('shown', { priority: 'interactive' }),
    get('event', { priority: 'webhook' }),
  ]);
  expect(server.requests.map(({ url }) => url)).toEqual(['/first', '/shown', '/event', '/usual', '/old']);
});

test('no more requests are under way at the server than the vendor allows at once', async () => {
  const held: (() => void)[] = [];
  const seen: number[] = [];
  // Answers only when three are there, and time was left for a fourth to come.
  const server = await serve(async (response) => {
    held.push(() => json(response, {}));
    seen.push(held.length);
    if (held.length < 3) return;
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    for (const answer of held.splice(0)) answer();
  });
  const quota = [{ name: 'default', concurrent: 3 }];
  const { get } = connect(server.origin, { rest: { quota }, limits: { quotaReserve: 0 } });
  await Promise.all(Array.from({ length: 12 }, () => get()));
  expect(seen).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
});

test('a place is given back after a failure too', async () => {
  const server = await serve((response) => json(response, {}, 404));
  const quota = [{ name: 'default', concurrent: 1 }];
  const { get, clock } = connect(server.origin, { rest: { quota } });
  for (let count = 0; count < 3; count += 1) expect(await refusal(get())).toMatchObject({ code: 'not-found' });
  expect(server.requests).toHaveLength(3);
  expect(clock.waits).toEqual([]);
});

test('a request says what it costs in points', async () => {
  const quota = [{ ...rule, unit: 'points' as const }];
  const { send, times } = await logging({ rest: { quota }, limits: { quotaReserve: 0 } });
  for (const cost of [6, 4, 5, 5]) await send({ method: 'GET', path: 'things', cost });
  expect(times).toEqual([0, 0, 1_000, 1_000]);
});

test('a host that the vendor only leads to says nothing about the vendor’s own quota', async () => {
  const clock = testClock();
  const answers: Record<string, () => Response> = {
    'files.invalid': () =>
      Response.json({}, { headers: { 'ratelimit-policy': '"a";q=1;w=60', ratelimit: '"a";r=0;t=60' } }),
    'busy.invalid': () => Response.json({}, { status: 429, headers: { 'retry-after': '3600' } }),
  };
  const fetch = async (target: unknown) => answers[new URL(String(target)).hostname]?.() ?? Response.json({});
  const hosts = ['files.invalid', 'busy.invalid'];
  const { get } = connect('https://api.invalid', { clock, fetch, rest: { hosts } });
  await get('https://files.invalid/1');
  expect(await refusal(get('https://busy.invalid/1'))).toMatchObject({ code: 'rate-limited' });
  await get();
  expect(clock.waits).toEqual([]);
});
