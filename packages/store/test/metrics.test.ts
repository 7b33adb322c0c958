import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock, MinuteMetrics, RuntimeEvent } from '@mortise/runtime';
import { callSummaries } from '@mortise/runtime/telemetry';
import { expect, test } from 'vitest';
import { openStore } from '../src/index.ts';
import { nextLine, startChild } from './child-process.ts';
import { behindItsBack, freshStore, open, temporaryFolder } from './fixture.ts';

const day = 24 * 60 * 60 * 1_000;
const now = Date.parse('2026-11-25T10:00:00Z');

const metricsOf = (parts: Partial<MinuteMetrics> = {}): MinuteMetrics => ({
  ...{ connection: 'eu', template: '/a/{id}', minute: now, calls: 2, errors: { timeout: 1 }, histogram: [1, 0, 1] },
  ...parts,
});

const clockAt = (time: { now: number }): Clock => ({
  now: () => time.now,
  monotonic: () => time.now,
  schedule: () => () => undefined,
});

const storeAt = async (time: { now: number }) => {
  const path = join(temporaryFolder(), 'state.db');
  const key = randomBytes(32);
  return { path, key, store: await open({ path, key, clock: clockAt(time) }) };
};

test('metrics are read as they were added, by time and by connection', async () => {
  const { store } = await storeAt({ now });
  const older = metricsOf({ minute: now - 60_000 });
  const other = metricsOf({ connection: 'us' });
  await store.metrics.add([metricsOf(), older, other]);
  expect(await store.metrics.read({ since: 0 })).toEqual([older, metricsOf(), other]);
  expect(await store.metrics.read({ since: now })).toEqual([metricsOf(), other]);
  expect(await store.metrics.read({ since: 0, connection: 'us' })).toEqual([other]);
});

test('the same minute is added to, also within one write, whatever its errors and durations', async () => {
  const { store } = await storeAt({ now });
  await store.metrics.add([metricsOf(), metricsOf({ errors: { unavailable: 2 }, histogram: [0, 0, 0, 2] })]);
  await store.metrics.add([metricsOf({ errors: { timeout: 4 } })]);
  const [only, ...more] = await store.metrics.read({ since: 0 });
  expect(more).toEqual([]);
  expect(only).toMatchObject({ calls: 6, errors: { timeout: 5, unavailable: 2 } });
  expect(only?.histogram.slice(0, 4)).toEqual([2, 0, 2, 2]);
});

test('several processes that add to one minute at once lose no call', { timeout: 60_000 }, async () => {
  const { path, key, store } = await freshStore();
  const children = [1, 2, 3].map(() => startChild('addMetrics', { path, key }));
  expect(await Promise.all(children.map(nextLine))).toEqual(['added', 'added', 'added']);
  expect(await store.metrics.read({ since: 0 })).toMatchObject([
    { connection: 'children', calls: 150, errors: { timeout: 150 }, histogram: [150] },
  ]);
});

test('minutes older than 14 days are removed with the next write, and no younger one', async () => {
  const time = { now };
  const { path, store } = await storeAt(time);
  await store.metrics.add([metricsOf(), metricsOf({ minute: now + day })]);
  time.now = now + 14 * day;
  await store.metrics.add([metricsOf({ minute: time.now })]);
  expect((await store.metrics.read({ since: 0 })).map(({ minute }) => minute)).toEqual([now, now + day, time.now]);
  time.now += 1;
  await store.metrics.add([metricsOf({ minute: now + 2 * day })]);
  expect((await store.metrics.read({ since: 0 })).map(({ minute }) => minute)).toEqual([
    now + day,
    now + 2 * day,
    now + 14 * day,
  ]);
  const plan = 'EXPLAIN QUERY PLAN DELETE FROM minute_metrics WHERE minute < 1';
  expect(behindItsBack(path, plan)[0]?.detail).toMatch(/USING (COVERING )?INDEX minute_metrics_by_minute/);
});

test('calls that the store was told of are written when it closes', async () => {
  const { path, key, store } = await freshStore();
  const at = Date.now();
  const facts = { connector: 'acme', connection: 'eu', operation: 'a.b', method: 'GET', template: '/a' };
  const event: RuntimeEvent = { type: 'call-succeeded', at, attempts: 1, durationMs: 40, ...facts };
  store.metrics.record?.(event);
  store.metrics.record?.(event);
  expect(await store.metrics.read({ since: 0 })).toEqual([]);
  await store.close();
  await store.close();
  const again = await openStore({ path, key });
  expect(callSummaries(await again.metrics.read({ since: 0 }))).toMatchObject([
    { connection: 'eu', template: '/a', calls: 2, errorRate: 0, medianMs: 37.5 },
  ]);
  await again.close();
});
