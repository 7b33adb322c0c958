import { expect, test } from 'vitest';
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import {
  type ConnectionOptions,
  type ConnectorErrorCode,
  connectorError,
  defineVendor,
  errorCodes,
  type LastValue,
  type LastValueStore,
  open,
  type RuntimeEvent,
  sealSecret,
} from '../src/index.ts';
import { mapping } from '../src/mapping/index.ts';
import { rest } from '../src/protocols/rest/index.ts';
import { start, testClock } from './support/clock.ts';
import { refusal } from './support/connection.ts';

const Wire = z.looseObject({ id: z.string(), n: z.string() });
const Thing = z.object({ id: z.string(), name: z.string() });
const wireToThing = mapping(Wire, Thing, { id: { from: 'id', access: 'read' }, name: 'n' });

/** Last values in memory, and what they were asked. */
const memory = (): LastValueStore & { readonly kept: Map<string, LastValue> } => {
  const kept = new Map<string, LastValue>();
  return {
    kept,
    read: async (connection, key) => kept.get(`${connection} ${key}`),
    save: async (connection, key, value) => void kept.set(`${connection} ${key}`, value),
  };
};

const noTokens = { read: async () => undefined, save: async () => true, remove: async () => true };

/** A resource whose reads give what is set, or reject with its code. */
const reading = ({ lastValues, ...options }: ConnectionOptions & { lastValues?: LastValueStore } = {}) => {
  const events: RuntimeEvent[] = [];
  const clock = testClock();
  const vendor: { answer: unknown; fails: ConnectorErrorCode | undefined } = {
    answer: { id: '1', n: 'A' },
    fails: undefined,
  };
  const answer = async () => {
    if (vendor.fails !== undefined) throw connectorError(vendor.fails, 'no answer');
    return vendor.answer;
  };
  const defined = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ rest: rest({ baseUrl: 'http://127.0.0.1:9' }) }),
    auth: () => bearer(sealSecret('a token')),
  });
  const things = defined.resource({
    ...{ record: Wire, key: 'id', changes: 'none', mapping: wireToThing },
    get: answer,
    find: answer,
  });
  const store = { tokens: noTokens, ...(lastValues && { lastValues }) };
  const given = { clock, store, events: (event: RuntimeEvent) => void events.push(event), ...options };
  return { ...open(defined.connector({ resources: { things } }), given), vendor, clock, events };
};

const stale = { fallback: 'stale' } as const;
const byName = { field: 'n', value: 'A' };

test('without the option a read answers its record, and nothing is kept', async () => {
  const lastValues = memory();
  const { things } = reading({ lastValues });
  expect(await things.get('1')).toEqual({ id: '1', n: 'A' });
  expect(lastValues.kept.size).toBe(0);
});

test('with it a live answer says so, and is kept', async () => {
  const lastValues = memory();
  const { things, events } = reading({ lastValues });
  expect(await things.get('1', stale)).toEqual({ value: { id: '1', n: 'A' }, source: 'live' });
  expect([...lastValues.kept.values()]).toEqual([{ value: { id: '1', n: 'A' }, at: start }]);
  expect(events).toEqual([]);
});

test('while the vendor is away the last good answer comes, with its age, and is told of', async () => {
  const { things, vendor, clock, events } = reading({ lastValues: memory() });
  await things.get('1', stale);
  vendor.fails = 'unavailable';
  clock.advance(90_000);
  expect(await things.get('1', stale)).toEqual({ value: { id: '1', n: 'A' }, source: 'stale', ageMs: 90_000 });
  expect(events).toEqual([
    {
      ...{ type: 'fallback-used', at: start + 90_000, connector: 'acme', connection: 'acme' },
      ...{ operation: 'things.get', source: 'stale', code: 'unavailable', ageMs: 90_000 },
    },
  ]);
});

test('answers are kept apart by operation, argument and connection', async () => {
  const lastValues = memory();
  const first = reading({ lastValues });
  const second = reading({ lastValues, id: 'acme-2' });
  await first.things.get('1', stale);
  for (const { vendor } of [first, second]) vendor.fails = 'timeout';
  expect((await refusal(first.things.get('2', stale))).code).toBe('timeout');
  expect((await refusal(first.things.find(byName, stale))).code).toBe('timeout');
  expect((await refusal(second.things.get('1', stale))).code).toBe('timeout');
});

test('an answer older than the caller takes is none', async () => {
  const { things, vendor, clock } = reading({ lastValues: memory() });
  await things.get('1', stale);
  vendor.fails = 'timeout';
  clock.advance(60_000);
  expect(await things.get('1', { ...stale, maxAgeMs: 60_000 })).toMatchObject({ source: 'stale' });
  clock.advance(1);
  expect((await refusal(things.get('1', { ...stale, maxAgeMs: 60_000 }))).code).toBe('timeout');
});

test('a default answers where there is one, and keeps nothing', async () => {
  const lastValues = memory();
  const { things, vendor } = reading({ lastValues });
  const fallback = { default: { id: '', n: 'nobody' } };
  expect(await things.get('1', { fallback })).toMatchObject({ source: 'live' });
  vendor.fails = 'unreachable';
  expect(await things.get('1', { fallback })).toEqual({ value: { id: '', n: 'nobody' }, source: 'default' });
  expect(lastValues.kept.size).toBe(0);
});

test('that there is no such record is an answer to fall back on, too', async () => {
  const { things, vendor } = reading({ lastValues: memory() });
  vendor.answer = undefined;
  expect(await things.find(byName, stale)).toEqual({ value: undefined, source: 'live' });
  vendor.fails = 'timeout';
  expect(await things.find(byName, stale)).toEqual({ value: undefined, source: 'stale', ageMs: 0 });
});

test('only failures that pass are answered otherwise', async () => {
  const { things, vendor } = reading({ lastValues: memory() });
  await things.get('1', stale);
  const answered: string[] = [];
  for (const code of Object.keys(errorCodes) as ConnectorErrorCode[]) {
    vendor.fails = code;
    if (
      await things.get('1', stale).then(
        () => true,
        () => false,
      )
    )
      answered.push(code);
  }
  expect(answered).toEqual([
    ...['rate-limited', 'unavailable', 'unreachable', 'timeout', 'truncated', 'empty-answer', 'state-busy'],
  ]);
});

test('a record that no longer fits its schema is not covered up by an old one', async () => {
  const { things, vendor } = reading({ lastValues: memory() });
  await things.get('1', stale);
  vendor.answer = { id: '1' };
  expect((await refusal(things.get('1', stale))).code).toBe('invalid-record');
});

test('stale answers without a place to keep them are refused before anything is sent', async () => {
  const { things } = reading();
  const error = await refusal(things.get('1', stale));
  expect(error).toMatchObject({ code: 'invalid-settings' });
  expect(error.message).toContain('acme');
});

test('a store that fails spoils no live answer, and its error does not hide that of the vendor', async () => {
  const broken = async () => Promise.reject(connectorError('state-busy', 'held'));
  const { things, vendor } = reading({ lastValues: { read: broken, save: broken } });
  expect(await things.get('1', stale)).toMatchObject({ source: 'live' });
  vendor.fails = 'unavailable';
  expect((await refusal(things.get('1', stale))).code).toBe('unavailable');
});

test('in model terms answers and defaults are models', async () => {
  const { things, vendor } = reading({ lastValues: memory() });
  expect(await things.model.get('1', stale)).toEqual({ value: { id: '1', name: 'A' }, source: 'live' });
  expect(await things.model.find(byName, stale)).toEqual({ value: { id: '1', name: 'A' }, source: 'live' });
  vendor.fails = 'timeout';
  expect(await things.model.get('1', stale)).toMatchObject({ value: { id: '1', name: 'A' }, source: 'stale' });
  const fallback = { default: { id: '', name: 'nobody' } };
  expect(await things.model.get('1', { fallback })).toEqual({ value: { id: '', name: 'nobody' }, source: 'default' });
});
