import { expect, test } from 'vitest';
import { systemClock } from '../src/index.ts';
import { retryBudget } from '../src/resilience/retry-budget.ts';
import { start, testClock } from './support/clock.ts';
import { connect, refusal } from './support/connection.ts';
import { json, serve, serveBytes } from './support/server.ts';

const failingTimes = (times: number, status = 503) =>
  serve((response, _request, number) => json(response, { number }, number < times ? status : 200));

test('a call is sent again until the vendor answers', async () => {
  const server = await failingTimes(2);
  const { get } = connect(server.origin);
  expect((await get())?.body).toEqual({ number: 2 });
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(Array(3).fill('GET /things'));
});

test('a call is sent four times at most, and the error says so', async () => {
  const server = await failingTimes(99);
  const error = await refusal(connect(server.origin).get());
  expect(error).toMatchObject({ code: 'unavailable', status: 503, attempts: 4, template: '/things', method: 'GET' });
  expect(error).toMatchObject({ connector: 'acme', connection: 'acme', operation: 'things.get' });
  expect(server.requests).toHaveLength(4);
});

test('the waits have full jitter: the injected random share of a base that doubles up to its cap', async () => {
  const server = await failingTimes(99);
  const random = [1, 0.5, 0.25, 0, 1, 1][Symbol.iterator]();
  const { get, clock } = connect(server.origin, {
    random: () => random.next().value ?? 0,
    limits: { attempts: 7, backoffCapMs: 1_000 },
  });
  await refusal(get());
  expect(clock.waits).toEqual([200, 200, 200, 0, 1_000, 1_000]);
});

test('an error that a repeat cannot mend is not repeated', async () => {
  const codes = { 400: 'invalid-request', 401: 'unauthenticated', 403: 'forbidden', 404: 'not-found', 409: 'conflict' };
  for (const [status, code] of Object.entries({ ...codes, 410: 'not-found', 412: 'conflict', 413: 'too-large' })) {
    const server = await failingTimes(99, Number(status));
    expect(await refusal(connect(server.origin).get())).toMatchObject({ code, status: Number(status), attempts: 1 });
    expect(server.requests).toHaveLength(1);
  }
});

test('a request without an answer ends at its time limit and is repeated', async () => {
  const server = await serve((response, _request, number) => {
    if (number === 1) json(response, { number });
  });
  const { get } = connect(server.origin, { clock: systemClock, limits: { requestTimeoutMs: 300, backoffBaseMs: 1 } });
  expect((await get())?.body).toEqual({ number: 1 });
  expect(server.requests).toHaveLength(2);
});

test('a body that trickles ends at the time limit and its socket is closed', async () => {
  const server = await serveBytes((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{');
    const drip = setInterval(() => socket.write(' '), 20);
    socket.on('close', () => clearInterval(drip));
  });
  const { get } = connect(server.origin, { clock: systemClock, limits: { requestTimeoutMs: 200, attempts: 1 } });
  expect(await refusal(get())).toMatchObject({ code: 'timeout', attempts: 1 });
  await Promise.all(server.closed);
});

test('the deadline of a call ends the repeats before they would pass it', async () => {
  const server = await failingTimes(99);
  const clock = testClock({ requestTimeoutMs: 1_000 });
  const { get } = connect(server.origin, {
    random: () => 1,
    clock,
    limits: { requestTimeoutMs: 1_000, attempts: 50, callTimeoutMs: 5_000 },
  });
  expect(await refusal(get())).toMatchObject({ code: 'unavailable' });
  expect(server.requests).toHaveLength(5);
  expect(clock.waits).toEqual([200, 400, 800, 1_600]);
});

test('the last request of a call gets only the time that is left', async () => {
  const server = await serve(() => undefined);
  const { get } = connect(server.origin, { clock: systemClock, limits: { callTimeoutMs: 200, backoffBaseMs: 0 } });
  expect(await refusal(get())).toMatchObject({ code: 'timeout' });
});

test('a wait that the vendor asks for is obeyed', async () => {
  const server = await serve((response, _request, number) =>
    number === 0 ? json(response, {}, 429, { 'retry-after': '7' }) : json(response, {}),
  );
  const { get, clock } = connect(server.origin, { random: () => 0 });
  await get();
  expect(clock.waits[0]).toBe(7_000);
  expect(clock.now()).toBe(start + 7_000);
});

test('a write that was refused with 429 is sent again although it is unsafe', async () => {
  const server = await serve((response, _request, number) =>
    number === 0 ? json(response, {}, 429, { 'retry-after': '1' }) : json(response, { id: 1 }, 201),
  );
  expect((await connect(server.origin).post())?.status).toBe(201);
  expect(server.requests).toHaveLength(2);
});

test('a wait beyond the longest one is not slept but reported with its end', async () => {
  const server = await serve((response) => json(response, {}, 429, { 'retry-after': '3600' }));
  const { get, clock } = connect(server.origin, { random: () => 0 });
  expect(await refusal(get())).toMatchObject({ code: 'rate-limited', resumeAt: start + 3_600_000, attempts: 1 });
  expect(clock.waits).toEqual([]);
});

test('until then no other call of the connection is sent', async () => {
  const server = await serve((response) => json(response, {}, 429, { 'retry-after': '3600' }));
  const { get } = connect(server.origin, { random: () => 0 });
  await refusal(get());
  expect(await refusal(get())).toMatchObject({ code: 'rate-limited', resumeAt: start + 3_600_000 });
  expect(server.requests).toHaveLength(1);
});

test('a reset that every answer carries does not delay the repeat of a 503', async () => {
  const server = await serve((response, _request, number) =>
    json(response, {}, number === 0 ? 503 : 200, { 'x-ratelimit-reset': String(start / 1_000 + 1_800) }),
  );
  const { get, clock } = connect(server.origin);
  await get();
  expect(clock.waits).toEqual([100]);
});

test('Retry-After: 0 is no leave to hammer', async () => {
  const server = await serve((response) => json(response, {}, 429, { 'retry-after': '0' }));
  const { get, clock } = connect(server.origin, { random: () => 1 });
  await refusal(get());
  expect(clock.waits).toEqual([200, 400, 800]);
});

test('a wait that a connector could not read becomes the conservative one', async () => {
  const server = await serve((response) => json(response, {}, 429));
  const { get, clock } = connect(server.origin, {
    random: () => 0,
    rest: { classify: (_answer, failure) => failure && { ...failure, waitMs: Number.NaN } },
  });
  await refusal(get());
  expect(clock.waits).toEqual([5_000, 5_000, 5_000]);
});

test('the retry budget of 500 tokens pays for 50 repeats and no more', async () => {
  const server = await failingTimes(999);
  const { get } = connect(server.origin, { limits: { breakerRequests: 1_000 } });
  for (let call = 0; call < 30; call += 1) await refusal(get());
  expect(server.requests).toHaveLength(30 + 50);
});

test('a success gives tokens back: those of its repeat, or one', () => {
  const budget = retryBudget(20);
  expect([budget.take('transient'), budget.take('transient'), budget.take('throttled')]).toEqual([true, true, false]);
  budget.refund('throttled');
  expect([budget.take('throttled'), budget.take('throttled')]).toEqual([true, false]);
  for (let success = 0; success < 5; success += 1) budget.refund(undefined);
  expect([budget.take('throttled'), budget.take('throttled')]).toEqual([true, false]);
  for (let success = 0; success < 9; success += 1) budget.refund('transient');
  expect([1, 2, 3].map(() => budget.take('transient'))).toEqual([true, true, false]);
});

test('a refused connection is repeated, also for an unsafe write that never left', async () => {
  const { post } = connect('http://127.0.0.1:1');
  expect(await refusal(post())).toMatchObject({ code: 'unreachable', attempts: 4 });
});

test('a host that does not exist is named', async () => {
  const { get } = connect('https://nowhere.invalid', { limits: { attempts: 1 } });
  const error = await refusal(get());
  expect(error.code).toBe('unreachable');
  expect(error.message).toContain('nowhere.invalid');
});

test('a call whose time went by while it signed in sends nothing', async () => {
  const server = await failingTimes(0);
  const clock = testClock();
  const slow = () => {
    clock.advance(300_000);
    return {};
  };
  const auth = { secrets: [], connect: () => ({ headers: slow }) };
  expect(await refusal(connect(server.origin, { clock, auth }).get())).toMatchObject({ code: 'timeout', attempts: 0 });
  expect(server.requests).toHaveLength(0);
});
