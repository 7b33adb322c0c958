import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Clock, MinuteMetrics, RuntimeEvent } from '../src/index.ts';
import { callSummaries, histogramBounds, metricsRecorder, quantile } from '../src/telemetry/index.ts';
import { connect, refusal } from './support/connection.ts';
import { json, serve } from './support/server.ts';

const minute = Date.parse('2026-11-25T10:00:00Z');

const facts = { connector: 'acme', connection: 'eu', operation: 'a.b', method: 'GET', template: '/a/{id}' };

const succeeded = (at: number, durationMs: number, template = facts.template): RuntimeEvent => ({
  ...{ type: 'call-succeeded', at, attempts: 1, durationMs },
  ...facts,
  template,
});

const failed = (at: number, durationMs: number): RuntimeEvent => ({
  ...{ type: 'call-failed', at, attempts: 4, durationMs, code: 'unavailable', message: 'the vendor answered 503' },
  ...facts,
});

interface Timer {
  readonly callback: () => void;
  readonly milliseconds: number;
  readonly keepsAlive: boolean | undefined;
}

/** A clock whose timers fire when told. */
const heldClock = () => {
  const timers = new Set<Timer>();
  const clock: Clock = {
    now: () => minute,
    monotonic: () => 0,
    schedule: (callback, milliseconds, options) => {
      const timer = { callback, milliseconds, keepsAlive: options?.keepsAlive };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  return { clock, timers };
};

const recorder = (add: (minutes: readonly MinuteMetrics[]) => Promise<void>) => {
  const { clock, timers } = heldClock();
  return { ...metricsRecorder({ store: { add }, clock }), timers };
};

const kept = () => {
  const written: (readonly MinuteMetrics[])[] = [];
  const add = async (minutes: readonly MinuteMetrics[]) => void written.push(structuredClone(minutes));
  return { written, ...recorder(add) };
};

const countsOf = ({ histogram }: MinuteMetrics) =>
  Object.fromEntries(
    histogram.flatMap((count, index) => (count > 0 ? [[histogramBounds[index] ?? 'more', count]] : [])),
  );

test('finished calls are counted by connection, path template and minute, with their errors and durations', async () => {
  const { sink, flush, written } = kept();
  sink(succeeded(minute, 4));
  sink(succeeded(minute + 59_999, 5));
  sink(failed(minute + 30_000, 400_000));
  sink(succeeded(minute + 60_000, 6));
  await flush();
  expect(written).toHaveLength(1);
  expect(written[0]).toMatchObject([
    { connection: 'eu', template: '/a/{id}', minute, calls: 3, errors: { unavailable: 1 } },
    { connection: 'eu', template: '/a/{id}', minute: minute + 60_000, calls: 1, errors: {} },
  ]);
  expect(written[0]?.map(countsOf)).toEqual([{ 5: 2, more: 1 }, { 10: 1 }]);
});

test('a failed attempt that a repeat mended is not a failed call', async () => {
  const { sink, flush, written } = kept();
  sink({ type: 'attempt-failed', at: minute, attempt: 1, code: 'unavailable', waitMs: 5, ...facts });
  await flush();
  expect(written).toEqual([]);
});

test('what was counted is written a minute later, by a timer that keeps no process alive', async () => {
  const { sink, written, timers } = kept();
  sink(succeeded(minute, 4));
  sink(succeeded(minute, 4));
  expect([...timers]).toMatchObject([{ milliseconds: 60_000, keepsAlive: false }]);
  for (const { callback } of timers) callback();
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(written).toMatchObject([[{ calls: 2 }]]);
  expect(timers.size).toBe(0);
});

test('closing writes the rest, once', async () => {
  const { sink, close, written, timers } = kept();
  sink(succeeded(minute, 4));
  await close();
  await close();
  expect(written).toMatchObject([[{ calls: 1 }]]);
  expect(timers.size).toBe(0);
});

test('what the store did not take is added to the next minute, and nothing is thrown', async () => {
  const written: (readonly MinuteMetrics[])[] = [];
  const refused: Promise<void>[] = [];
  const { sink, flush } = recorder(async (minutes) => {
    if (refused.length === 0) {
      refused.push(Promise.resolve());
      sink(succeeded(minute, 80));
      throw new Error('the store is busy');
    }
    written.push(structuredClone(minutes));
  });
  sink(succeeded(minute, 4));
  sink(failed(minute, 4));
  await flush();
  await flush();
  expect(written).toMatchObject([[{ calls: 3, errors: { unavailable: 1 } }]]);
  expect(written[0]?.map(countsOf)).toEqual([{ 5: 2, 100: 1 }]);
});

test('a store that takes nothing costs counts, not memory', async () => {
  let most = 0;
  const { sink, flush } = recorder(async (minutes) => {
    most = Math.max(most, minutes.length);
    throw new Error('the store is gone');
  });
  for (let index = 0; index < 10_000; index += 1) {
    sink(succeeded(minute, 4, `/a/${index}`));
    if (index % 100 === 0) await flush();
  }
  await flush();
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(2_000);
});

test('a connection whose store records gets its calls counted without any doing of the host', async () => {
  const { sink, flush, written } = kept();
  const { origin } = await serve((response, { url }) => json(response, {}, url === '/bad' ? 400 : 200));
  const tokens = { read: async () => undefined, save: async () => true, remove: async () => true };
  const metrics = { record: sink, add: async () => undefined, read: async () => [] };
  const { get, events } = connect(origin, { store: { tokens, metrics } });
  await get();
  await refusal(get('bad'));
  await flush();
  expect(written[0]).toMatchObject([
    { connection: 'acme', template: '/things', calls: 1, errors: {} },
    { connection: 'acme', template: '/bad', calls: 1, errors: { 'invalid-request': 1 } },
  ]);
  expect(events.map(({ type }) => type)).toEqual(['call-succeeded', 'call-failed']); // the host's own sink too
});

test('summaries give rates and quantiles by connection and path template', () => {
  const histogram = (counts: Record<number, number>) => histogramBounds.map((bound) => counts[bound] ?? 0);
  const place = { connection: 'eu', template: '/a' };
  expect(
    callSummaries([
      { ...place, minute, calls: 60, errors: {}, histogram: histogram({ 10: 60 }) },
      { ...place, minute: minute + 60_000, calls: 40, errors: { timeout: 5 }, histogram: histogram({ 100: 40 }) },
      { connection: 'us', template: '/a', minute, calls: 1, errors: {}, histogram: histogram({ 5: 1 }) },
    ]),
  ).toMatchObject([
    {
      ...place,
      calls: 100,
      errors: { timeout: 5 },
      errorRate: 0.05,
      medianMs: 5 + (5 * 50) / 60,
      p95Ms: 75 + 25 * (35 / 40),
    },
    { connection: 'us', calls: 1, errorRate: 0 },
  ]);
});

test('a quantile lies in the bucket of the true one, whatever the durations', () => {
  const durations = fc.array(fc.double({ min: 0, max: 299_999, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (list, share) => {
      const counts = Array.from({ length: histogramBounds.length + 1 }, () => 0);
      const placeOf = (value: number) => histogramBounds.findIndex((bound) => value <= bound);
      for (const value of list) counts[placeOf(value)] = (counts[placeOf(value)] ?? 0) + 1;
      const exact = list.toSorted((left, right) => left - right)[Math.ceil(share * list.length) - 1] ?? 0;
      const told = quantile(counts, share) ?? -1;
      const upper = histogramBounds[placeOf(exact)] ?? 0;
      expect(told).toBeLessThanOrEqual(upper);
      expect(told).toBeGreaterThanOrEqual(histogramBounds[placeOf(exact) - 1] ?? 0);
    }),
  );
  expect(quantile([], 0.5)).toBeUndefined();
});
