import fc from 'fast-check';
import { expect, test } from 'vitest';
import { progressOf } from '../src/protocols/realtime/catch-up.ts';
import { closeEnd } from '../src/protocols/realtime/close-codes.ts';
import { completed } from '../src/protocols/realtime/connection-end.ts';
import { eventQueue } from '../src/protocols/realtime/event-queue.ts';
import { graphqlDialect, subscriptionName } from '../src/protocols/realtime/graphql-dialect.ts';

interface Item {
  readonly key: string;
  readonly stamp: number;
  readonly version: string;
}

const item = (key: string, stamp: number): Item => ({ key, stamp, version: String(stamp) });

const start = Date.parse('2026-11-25T10:00:00Z');

const progress = (from?: Date) =>
  progressOf<Item>(
    {
      from,
      read: async function* () {},
      keyOf: ({ key }) => key,
      changedAt: ({ stamp }) => start + stamp,
      versionOf: ({ version }) => version,
      overlapMs: 1_000,
    },
    { now: () => start + 1_000_000 },
  );

test('reading starts where the caller stands, and from the newest stamp once it was reached', () => {
  const { since, seen, reach } = progress(new Date(start));
  expect(since()).toEqual(new Date(start));
  seen(item('a', 70_000));
  seen(item('b', 60_000));
  expect(since()).toEqual(new Date(start)); // a list that is cut short has reached nothing
  reach();
  expect(since()).toEqual(new Date(start + 69_000));
});

test('a stamp in the future does not hide what comes after it', () => {
  const { since, seen, reach } = progress();
  seen(item('a', 5_000_000_000));
  reach();
  expect(since()).toEqual(new Date(start + 999_000));
});

test('whatever repeats and in whatever order, the states of one record only get newer, and the newest is told', () => {
  const anyItem = fc.record({ key: fc.constantFrom('a', 'b', 'c'), stamp: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(anyItem, { minLength: 1, maxLength: 60 }), (list) => {
      const { isNews, seen } = progress();
      const told = new Map<string, number[]>();
      for (const { key, stamp } of list) {
        if (!isNews(item(key, stamp))) continue;
        seen(item(key, stamp));
        told.set(key, [...(told.get(key) ?? []), stamp]);
      }
      for (const [key, stamps] of told) {
        expect(stamps).toEqual([...new Set(stamps)].toSorted((left, right) => left - right));
        expect(stamps.at(-1)).toBe(Math.max(...list.filter((each) => each.key === key).map(({ stamp }) => stamp)));
      }
    }),
  );
});

test('records without a version are never taken for repeats', () => {
  const { isNews, seen } = progressOf<{ id: string }>(
    { read: async function* () {}, keyOf: ({ id }) => id, changedAt: () => undefined },
    { now: () => 0 },
  );
  seen({ id: 'a' });
  expect(isNews({ id: 'a' })).toBe(true);
});

test('a queue stops its source at its limit and lets it go on at half of it', async () => {
  const flow: string[] = [];
  const queue = eventQueue(1_000, { pause: () => flow.push('pause'), resume: () => flow.push('resume') });
  for (let index = 0; index < 5; index += 1) queue.push(index, 200);
  expect(flow).toEqual(['pause']);
  expect(await queue.take()).toEqual({ event: 0 });
  expect(await queue.take()).toEqual({ event: 1 });
  expect(flow).toEqual(['pause']);
  expect(await queue.take()).toEqual({ event: 2 });
  await queue.take();
  expect(flow).toEqual(['pause', 'resume']);
});

test('a queue gives what it holds in order, then its end, again and again', async () => {
  const queue = eventQueue(1_000_000, { pause: () => undefined, resume: () => undefined });
  const waiting = queue.take();
  for (let index = 0; index < 3_000; index += 1) queue.push(index, 1);
  queue.finish(completed);
  queue.push('too late', 1);
  expect(await waiting).toEqual({ event: 0 });
  for (let index = 1; index < 3_000; index += 1) expect(await queue.take()).toEqual({ event: index });
  expect(await queue.take()).toEqual({ end: completed });
  expect(await queue.take()).toEqual({ end: completed });
});

test('every close code has an end of a known code, and a vendor may give it another', () => {
  for (let code = 1_000; code < 5_000; code += 1) {
    const { failure, retry } = closeEnd(code);
    expect(failure === undefined).toBe(code === 1_000);
    if (failure?.code === 'unauthenticated') expect([failure.renew, retry]).toEqual([true, false]);
  }
  const own = { 4010: { code: 'rate-limited', says: 'it is full', next: 'reconnect' } } as const;
  expect(closeEnd(4_010, own)).toMatchObject({ retry: true, failure: { code: 'rate-limited', vendorCode: '4010' } });
});

test('no message of a server makes the graphql-ws protocol throw, and none is quoted', async () => {
  const { read } = await graphqlDialect({ document: 'subscription { a }' }, {});
  const types = [
    'connection_ack',
    'ping',
    'pong',
    'next',
    'error',
    'complete',
    'subscribe',
    'connection_init',
    'noise',
  ];
  const payload = fc.oneof(
    fc.jsonValue(),
    fc.record({ data: fc.jsonValue(), errors: fc.jsonValue() }, { requiredKeys: [] }),
  );
  const message = fc.record(
    { type: fc.constantFrom(...types), id: fc.oneof(fc.constant('1'), fc.jsonValue()), payload },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(message, fc.jsonValue()), (sent) => {
      const step = read(sent);
      if (step.kind !== 'event') return;
      const errors: unknown = Reflect.get(Object(Reflect.get(Object(sent), 'payload')), 'errors');
      expect(errors ?? null).toBeNull(); // partial data is no event
    }),
  );
});

test.each([
  ['subscription A { a }', 'A'],
  ['# subscription B\nsubscription A($x: ID) { a }', 'A'],
  ['fragment F on T { a } subscription A { ...F }', 'A'],
  ['subscription { a(text: "subscription B") }', 'anonymous'],
])('the name of %j is %s', (document, name) => {
  expect(subscriptionName(document)).toBe(name);
});
