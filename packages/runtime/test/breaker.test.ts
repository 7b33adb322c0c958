import { expect, test } from 'vitest';
import { type BreakerChange, breaker, type Health } from '../src/resilience/breaker.ts';
import { testClock } from './support/clock.ts';
import { connect, refusal } from './support/connection.ts';
import { json, serve } from './support/server.ts';

const limits = { breakerShare: 0.5, breakerRequests: 20, breakerWindowMs: 30_000, breakerOpenMs: 30_000 };

const started = () => {
  const clock = testClock();
  const changes: BreakerChange['state'][] = [];
  const made = breaker(limits, { clock, onChange: ({ state }) => changes.push(state) });
  /** Lets so many requests out and reports what they came to. */
  const send = (health: Health, times = 1) => {
    for (let count = 0; count < times; count += 1) {
      const admission = made.admit();
      if (admission !== undefined) made.report(admission, health);
    }
  };
  return { ...made, clock, changes, send };
};

test('it opens when half of at least 20 requests have failed, and not before', () => {
  const { send, changes, admit } = started();
  send('bad', 19);
  expect(changes).toEqual([]);
  send('bad');
  expect(changes).toEqual(['open']);
  expect(admit()).toBeUndefined();
});

test('while more than half succeed it stays closed', () => {
  const { send, changes } = started();
  send('good', 11);
  send('bad', 10);
  expect(changes).toEqual([]);
  send('bad');
  expect(changes).toEqual(['open']);
});

test('what lies further back than the window does not count', () => {
  const { send, changes, clock } = started();
  send('bad', 19);
  clock.advance(30_000);
  send('bad', 19);
  expect(changes).toEqual([]);
  clock.advance(9_000);
  send('bad');
  expect(changes).toEqual(['open']);
});

test('outcomes that say nothing about the vendor are not counted', () => {
  const { send, changes } = started();
  send('unknown', 100);
  send('bad', 19);
  expect(changes).toEqual([]);
});

test('after its time one probe at a time goes out, and the first that succeeds closes it', () => {
  const { send, changes, clock, admit, waitMs, report } = started();
  send('bad', 20);
  clock.advance(29_999);
  expect([admit(), waitMs()]).toEqual([undefined, 1]);
  clock.advance(1);
  expect([waitMs(), admit(), admit()]).toEqual([0, 'probe', undefined]);
  expect(waitMs()).toBeGreaterThan(0);
  report('probe', 'good');
  expect([waitMs(), admit(), admit()]).toEqual([0, 'normal', 'normal']);
  expect(changes).toEqual(['open', 'half-open', 'closed']);
});

test('a probe that fails keeps it open for as long again, and one without a result lets the next one out', () => {
  const { send, changes, clock, admit, report } = started();
  send('bad', 20);
  clock.advance(30_000);
  send('bad');
  expect(changes).toEqual(['open', 'half-open', 'open']);
  clock.advance(29_999);
  expect(admit()).toBeUndefined();
  clock.advance(1);
  expect(admit()).toBe('probe');
  report('probe', 'unknown');
  expect(admit()).toBe('probe');
});

test('a request that was sent before it opened neither closes nor opens it', () => {
  const { send, changes, admit, clock, report } = started();
  const late = admit();
  send('bad', 20);
  if (late !== undefined) report(late, 'good');
  expect(changes).toEqual(['open']);
  clock.advance(30_000);
  expect(admit()).toBe('probe');
  report('normal', 'bad');
  expect(changes).toEqual(['open', 'half-open']);
});

test('all resources and transports of a connection share one, and a vendor that is back closes it', async () => {
  let isDown = true;
  const server = await serve((response) => json(response, {}, isDown ? 503 : 200));
  const { get, events, clock } = connect(server.origin, { limits: { attempts: 1 } });
  for (let call = 0; call < 20; call += 1) await refusal(get());
  expect(await refusal(get())).toMatchObject({ code: 'unavailable', attempts: 0 });
  isDown = false;
  clock.advance(30_000);
  await get();
  await get();
  expect(server.requests).toHaveLength(22);
  const changes = events.filter((event) => event.type === 'breaker-changed');
  expect(changes.map(({ state }) => state)).toEqual(['open', 'half-open', 'closed']);
});

test('a probe that its caller stops leaves the way free for the next one', async () => {
  let isDown = true;
  const controller = new AbortController();
  const server = await serve((response) => {
    if (isDown) return json(response, {}, 503);
    if (controller.signal.aborted) return json(response, {});
    controller.abort();
  });
  const { get, clock } = connect(server.origin, { limits: { attempts: 1 } });
  for (let call = 0; call < 20; call += 1) await refusal(get());
  isDown = false;
  clock.advance(30_000);
  expect((await refusal(get('things', { signal: controller.signal }))).code).toBe('cancelled');
  expect((await get())?.status).toBe(200);
});
