import { expect, test } from 'vitest';
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import { defineVendor, isConnectorError, open, sealSecret } from '../src/index.ts';
import { type AsyncJob, rest } from '../src/protocols/rest/index.ts';
import { start, testClock } from './support/clock.ts';
import { json, type SeenRequest, serve } from './support/server.ts';

/** Runs a job as an operation does; waits take no time and are kept. */
const openJob = (origin: string, job: Partial<AsyncJob<string>> = {}) => {
  const run = rest.job({
    start: (id: string) => ({ method: 'POST', path: 'jobs/{id}', parameters: { id } }),
    poll: () => ({ method: 'GET', path: 'state' }),
    state: ({ body }) => {
      const { state, waitMs, reason } = State.parse(body);
      if (state === 'failed') return { is: 'failed', vendorCode: reason };
      return state === 'done' ? { is: 'done', result: { body: { rows: 2 } } } : { is: 'running', waitMs };
    },
    ...job,
  });
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ rest: rest({ baseUrl: origin }) }),
    auth: () => bearer(sealSecret('token')),
  });
  let result: unknown;
  const jobs = vendor.resource({
    record: z.object({ id: z.string() }),
    key: 'id',
    changes: 'none',
    get: async (call, id) => {
      result = await run(call, id);
      return { id };
    },
  });
  const clock = testClock();
  const live = open(vendor.connector({ resources: { jobs } }), { clock, events: () => {} }).jobs;
  const go = async (signal?: AbortSignal) => {
    await live.get('7', { signal });
    return result;
  };
  return { go, clock };
};

const State = z.object({
  state: z.enum(['running', 'done', 'failed']),
  waitMs: z.number().optional(),
  reason: z.string().optional(),
});

/** Answers the start, then these states with their headers, the last one again and again. */
const states = (...answers: [body: object, headers?: Record<string, string>][]) =>
  serve((response, { method }: SeenRequest, number) => {
    if (method === 'POST') return json(response, {}, 202);
    const [body, headers] = answers[Math.min(number, answers.length) - 1] ?? [{}];
    json(response, body, 200, headers);
  });

const failure = async (promise: Promise<unknown>) => {
  const thrown: unknown = await promise.catch((error: unknown) => error);
  if (isConnectorError(thrown)) return thrown;
  throw new Error('no ConnectorError was thrown', { cause: thrown });
};

/** The waits between polls: not the time limits of single requests. */
const polls = ({ waits }: { waits: readonly number[] }) => waits.filter((wait) => wait < 29_000 || wait > 31_000);

test('a job is asked after in its own interval, until it is done', async () => {
  const server = await states([{ state: 'running' }], [{ state: 'running' }], [{ state: 'done' }]);
  const { go, clock } = openJob(server.origin, { intervalMs: 2_000 });
  expect(await go()).toEqual({ rows: 2 });
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /jobs/7',
    'GET /state',
    'GET /state',
    'GET /state',
  ]);
  expect(polls(clock)).toEqual(expect.arrayContaining([2_000, 2_000]));
});

test('a Retry-After counts before the wait in the body, and that before the interval', async () => {
  const server = await states(
    [{ state: 'running', waitMs: 3_000 }, { 'retry-after': '17' }],
    [{ state: 'running', waitMs: 3_000 }],
    [{ state: 'running', waitMs: 0 }],
    [{ state: 'done' }],
  );
  const { go, clock } = openJob(server.origin);
  await go();
  // A vendor that asks for no wait is not hammered.
  expect(clock.now() - start).toBeGreaterThanOrEqual(17_000 + 3_000 + 1_000);
  expect(polls(clock)).toEqual(expect.arrayContaining([17_000, 3_000, 1_000]));
});

test('a job that is not done by its deadline is given up, and the error says when to ask again', async () => {
  const server = await states([{ state: 'running' }]);
  const { go, clock } = openJob(server.origin, { intervalMs: 10_000, deadlineMs: 35_000 });
  const error = await failure(go());
  expect(error).toMatchObject({ code: 'timeout', operation: 'jobs.get', resumeAt: start + 40_000 });
  expect(clock.now()).toBe(start + 30_000);
  expect(server.requests).toHaveLength(1 + 4);
});

test('a wait that goes beyond the deadline is not slept at all', async () => {
  const server = await states([{ state: 'running' }, { 'retry-after': '3600' }]);
  const { go, clock } = openJob(server.origin, { deadlineMs: 60_000 });
  expect((await failure(go())).resumeAt).toBe(start + 3_600_000);
  expect(clock.now()).toBe(start);
});

test('a job that the vendor gave up has its code', async () => {
  const server = await states([{ state: 'failed', reason: 'NO_SPACE' }]);
  expect(await failure(openJob(server.origin).go())).toMatchObject({ code: 'invalid-request', vendorCode: 'NO_SPACE' });
});

test('a wait ends with the signal of the caller', async () => {
  const stop = new AbortController();
  const server = await states([{ state: 'running' }]);
  const { go, clock } = openJob(server.origin, { intervalMs: 20_000, deadlineMs: 86_400_000 });
  const schedule = clock.schedule;
  Object.assign(clock, {
    schedule: (callback: () => void, milliseconds: number) => {
      if (milliseconds === 20_000) queueMicrotask(() => stop.abort());
      return schedule(callback, milliseconds);
    },
  });
  expect((await failure(go(stop.signal))).code).toBe('cancelled');
  expect(server.requests).toHaveLength(2);
  expect(clock.now()).toBe(start);
});
