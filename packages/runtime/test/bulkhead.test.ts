import { expect, test } from 'vitest';
import { connectorError, systemClock } from '../src/index.ts';
import { bulkhead } from '../src/resilience/bulkhead.ts';
import type { Priority } from '../src/resilience/call-road.ts';
import { deadlines } from '../src/resilience/deadline.ts';
import { testClock } from './support/clock.ts';
import { connect, refusal } from './support/connection.ts';
import { json, serve } from './support/server.ts';

test('no more requests than allowed are under way at once, and all of them are answered', async () => {
  let underWay = 0;
  let most = 0;
  const server = await serve(async (response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setTimeout(resolve, 5));
    underWay -= 1;
    json(response, {});
  });
  const { get } = connect(server.origin, { limits: { requestsAtOnce: 3 }, clock: systemClock });
  const answers = await Promise.all(Array.from({ length: 12 }, () => get()));
  expect(answers).toHaveLength(12);
  expect(most).toBe(3);
});

test('calls beyond those that may wait are refused at once, and nothing of them is sent', async () => {
  const server = await serve((response) => json(response, {}));
  const { get } = connect(server.origin, { limits: { requestsAtOnce: 1, waitingCalls: 2 } });
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => get()));
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  expect(refused).toMatchObject([{ code: 'rate-limited', attempts: 0 }, { code: 'rate-limited' }]);
  expect(String(refused[0])).toContain('waitingCalls');
  expect(server.requests).toHaveLength(3);
});

test('a place is given back after a failure and after a defect of the connector', async () => {
  const server = await serve((response) => json(response, {}, 400));
  let isDefective = true;
  const classify = () => {
    if (isDefective) throw connectorError('internal', 'a defect');
    return undefined;
  };
  const { get } = connect(server.origin, { limits: { requestsAtOnce: 1 }, rest: { classify } });
  await refusal(get());
  isDefective = false;
  expect((await get())?.status).toBe(400);
});

const full = () => {
  const clock = testClock();
  const places = bulkhead({ requestsAtOnce: 1, waitingCalls: 9 }, deadlines(clock));
  expect(places.enter({ longestWaitMs: 1 })).toBeUndefined();
  return places;
};

test('the most urgent goes first, and of equals whoever came first', async () => {
  const { enter, leave } = full();
  const order: string[] = [];
  const calls: readonly [Priority, string][] = [
    ['backfill', 'backfill'],
    ['sync', 'first sync'],
    ['sync', 'second sync'],
    ['interactive', 'interactive'],
    ['webhook', 'webhook'],
  ];
  const waits = calls.map(async ([priority, name]) => {
    await enter({ longestWaitMs: 60_000, priority });
    order.push(name);
    leave();
  });
  leave();
  await Promise.all(waits);
  expect(order).toEqual(['interactive', 'webhook', 'first sync', 'second sync', 'backfill']);
});

test('a wait ends with the time of the call, or with its signal, and takes no place', async () => {
  const { enter, leave } = full();
  await expect(enter({ longestWaitMs: 50 })).rejects.toMatchObject({ code: 'timeout' });
  const controller = new AbortController();
  const stopped = enter({ longestWaitMs: 60_000, signal: controller.signal });
  controller.abort();
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  leave();
  expect(enter({ longestWaitMs: 1 })).toBeUndefined();
});

test('a call that was cancelled before it came does not wait for a place', async () => {
  const places = bulkhead({ requestsAtOnce: 1, waitingCalls: 2 }, deadlines(systemClock));
  expect(places.enter({ longestWaitMs: 60_000 })).toBeUndefined();
  const waiting = Promise.resolve(places.enter({ longestWaitMs: 60_000, signal: AbortSignal.abort() }));
  expect(await refusal(waiting)).toMatchObject({ code: 'cancelled' });
  places.leave();
  expect(places.enter({ longestWaitMs: 60_000 })).toBeUndefined();
});
