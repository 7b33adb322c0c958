import { expect, test } from 'vitest';
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import {
  type BatchWrite,
  type ConnectorErrorCode,
  connectorError,
  defineVendor,
  type ItemOutcome,
  open,
  sealSecret,
  type WriteOptions,
} from '../src/index.ts';
import { rest } from '../src/protocols/rest/index.ts';
import { testClock } from './support/clock.ts';
import { refusal, thrownBy } from './support/connection.ts';

const Thing = z.looseObject({ id: z.string(), code: z.string() });
type AnyThing = z.output<typeof Thing>;
type Answer = ConnectorErrorCode | 'ok';

/** A resource whose writes and look-ups answer in turn as told; `ok` ever after. */
const writing = ({
  writes = [],
  finds = [],
  lagMs = 2_000,
  max = 2,
  key = 'code',
  random = () => 0.5,
}: {
  writes?: readonly Answer[];
  finds?: readonly (Answer | 'none' | 'stuck')[];
  lagMs?: number;
  max?: number;
  key?: string | null;
  random?: () => number;
}) => {
  const clock = testClock();
  const sent: { readonly codes: string; readonly key: string; readonly at: number }[] = [];
  const looked: string[] = [];
  const run: BatchWrite<unknown, unknown, AnyThing>['run'] = async (call, records) => {
    const answer = writes[sent.length] ?? 'ok';
    sent.push({ codes: records.map(({ code }) => code).join(''), key: call.idempotencyKey, at: clock.monotonic() });
    if (answer !== 'ok') throw connectorError(answer, 'told so', answer === 'too-large' ? { status: 413 } : {});
    return records.map((record): ItemOutcome<unknown> => ({ ok: true, record, created: true }));
  };
  const write = { effect: 'unsafe', max, run, ...(key !== null && { key }) } as const;
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ rest: rest({ baseUrl: 'http://127.0.0.1:9' }) }),
    auth: () => bearer(sealSecret('a token')),
  });
  const things = vendor.resource({
    ...{ record: Thing, key: 'id', changes: { field: 'code', granularityMs: 1, lagMs } },
    create: write,
    upsert: write,
    find: async (_call, { value }) => {
      const answer = finds[looked.length] ?? 'ok';
      looked.push(value);
      if (answer === 'stuck') return new Promise(() => undefined);
      if (answer !== 'ok' && answer !== 'none') throw connectorError(answer, 'told so');
      return answer === 'ok' ? { id: `found-${value}`, code: value } : undefined;
    },
    update: { effect: 'keyed', run: async (call, { id }) => ({ id, code: call.idempotencyKey }) },
  });
  const limits = finds.includes('stuck') ? { stepTimeoutMs: 5_000 } : {};
  const live = open(vendor.connector({ resources: { things } }), { clock, random, limits, events: () => undefined });
  const codesOf = (outcomes: readonly ItemOutcome<AnyThing>[]) =>
    outcomes.map((outcome) => (outcome.ok ? outcome.record.id : outcome.error.code));
  const create = async (codes: string, options?: WriteOptions) =>
    codesOf(
      await live.things.create(
        [...codes].map((code) => ({ id: `sent-${code}`, code })),
        options,
      ),
    );
  const upsert = async (codes: string) =>
    codesOf(await live.things.upsert([...codes].map((code) => ({ id: `sent-${code}`, code }))));
  return { ...live, create, upsert, sent, looked, clock };
};

test('after a batch of unknown outcome was found, the batches behind it go on', async () => {
  const { create, sent, looked, clock } = writing({ writes: ['unknown-outcome'] });
  expect(await create('abcd')).toEqual(['found-a', 'found-b', 'sent-c', 'sent-d']);
  expect(sent.map(({ codes, at }) => [codes, at])).toEqual([
    ['ab', 0],
    ['cd', 2_000],
  ]);
  expect(looked).toEqual(['a', 'b']);
  expect(clock.waits).toEqual([2_000]);
});

test('what is not found is sent once more, under another key because it is another request', async () => {
  const { create, sent } = writing({ writes: ['unknown-outcome'], finds: ['none', 'ok'] });
  expect(await create('ab', { idempotencyKey: 'mine' })).toEqual(['sent-a', 'found-b']);
  expect(sent.map(({ codes, key }) => [codes, key])).toEqual([
    ['ab', 'mine-0-2'],
    ['a', 'mine-0-2-again'],
  ]);
});

test('a second unknown outcome is told for each record, and not repeated a third time', async () => {
  const { create, sent } = writing({ writes: ['unknown-outcome', 'unknown-outcome'], finds: ['none', 'ok'] });
  expect(await create('ab')).toEqual(['unknown-outcome', 'found-b']);
  expect(sent).toHaveLength(2);
});

test('a record that could not be looked up keeps its unknown outcome, and is not sent again', async () => {
  const { create, sent } = writing({ writes: ['unknown-outcome'], finds: ['timeout', 'none'] });
  expect(await create('ab')).toEqual(['unknown-outcome', 'sent-b']);
  expect(sent.map(({ codes }) => codes)).toEqual(['ab', 'b']);
});

test('a look-up that never comes back is ended, and the outcome stays unknown', async () => {
  const { create, sent, looked } = writing({ writes: ['unknown-outcome'], finds: ['stuck'] });
  expect(await create('ab')).toEqual(['unknown-outcome', 'found-b']);
  expect([sent.length, looked]).toEqual([1, ['a', 'b']]);
});

test('where no record could be looked up, what was written before stays reported and the rest is not sent', async () => {
  const { create, sent } = writing({ writes: ['ok', 'unknown-outcome'], finds: ['timeout', 'timeout'] });
  expect(await create('abcdef')).toEqual([
    ...['sent-a', 'sent-b', 'unknown-outcome', 'unknown-outcome', 'unavailable', 'unavailable'],
  ]);
  expect(sent.map(({ codes }) => codes)).toEqual(['ab', 'cd']);
});

test('an upsert of unknown outcome waits and is sent again: what a look-up finds may be older than it', async () => {
  const { upsert, sent, looked } = writing({ writes: ['unknown-outcome'] });
  expect(await upsert('ab')).toEqual(['sent-a', 'sent-b']);
  expect(sent.map(({ codes, at }) => [codes, at])).toEqual([
    ['ab', 0],
    ['ab', 2_000],
  ]);
  expect(looked).toEqual([]);
});

test('a write without a key to look up by stays unknown', async () => {
  const { create, sent, looked } = writing({ writes: ['unknown-outcome'], key: null });
  expect((await refusal(create('ab'))).code).toBe('unknown-outcome');
  expect([sent.length, looked.length]).toEqual([1, 0]);
});

test('a caller who gives up during the wait learns that the outcome is unknown', async () => {
  const controller = new AbortController();
  const { create, clock, looked } = writing({ writes: ['unknown-outcome'] });
  const writingOn = refusal(create('ab', { signal: controller.signal }));
  clock.schedule(() => controller.abort(), 500);
  expect((await writingOn).code).toBe('unknown-outcome');
  expect(looked).toEqual([]);
});

test('halves of a batch that was too large have keys of their own, the same in every run', async () => {
  const { create, sent } = writing({ writes: ['too-large'], max: 4 });
  expect(await create('abcd', { idempotencyKey: 'mine' })).toEqual(['sent-a', 'sent-b', 'sent-c', 'sent-d']);
  expect(sent.map(({ codes, key }) => [codes, key])).toEqual([
    ['abcd', 'mine-0-4'],
    ['ab', 'mine-0-2'],
    ['cd', 'mine-2-2'],
  ]);
});

test('a half that fails otherwise ends the write, with what was written before it', async () => {
  const { create } = writing({ writes: ['too-large', 'ok', 'forbidden'], max: 4 });
  expect(await create('abcdef')).toEqual(['sent-a', 'sent-b', 'forbidden', 'forbidden', 'forbidden', 'forbidden']);
});

test('a write of one record carries the key of its caller', async () => {
  const { things } = writing({});
  expect(await things.update('1', { code: 'x' }, { idempotencyKey: 'mine' })).toMatchObject({ code: 'mine' });
});

test('a key that nobody gave is drawn anew for each write, in the form of a UUID', async () => {
  let draws = 0;
  const { things } = writing({ random: () => (draws++ % 16) / 16 });
  const keys = [await things.update('1', { code: 'x' }), await things.update('1', { code: 'x' })].map(
    ({ code }) => code,
  );
  expect(keys).toEqual(['00000000-1000-2000-3000-400000500000', '60000000-7000-8000-9000-a00000b00000']);
});

test('a vendor without a transport cannot be opened', () => {
  const vendor = defineVendor({
    id: 'bare',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({}),
    auth: () => bearer(sealSecret('a token')),
  });
  const error = thrownBy(() => open(vendor.connector({ resources: {} }), {}));
  expect(error).toMatchObject({ code: 'invalid-definition', message: expect.stringContaining('no transport') });
});
