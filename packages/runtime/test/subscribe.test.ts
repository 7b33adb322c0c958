import { expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import {
  type Change,
  type Clock,
  type ConnectionOptions,
  connectorError,
  defineVendor,
  isoInstant,
  open,
  type SubscribedChange,
  type SubscribeRequest,
  sealSecret,
  systemClock,
} from '../src/index.ts';
import { mapping } from '../src/mapping/index.ts';
import { rest } from '../src/protocols/rest/index.ts';
import { refusal } from './support/connection.ts';

const Wire = z.object({ id: z.string(), changed: z.string() });
const Thing = z.object({ id: z.string(), updatedAt: z.date() });
const thingMapping = mapping(Wire, Thing, {
  id: { from: 'id', access: 'read' },
  updatedAt: { from: 'changed', as: isoInstant, access: 'read' },
});

type Subscribe = (request: SubscribeRequest) => AsyncIterable<SubscribedChange>;

/** A connector with this subscription, opened. */
const subscribable = (subscribe: Subscribe, options: ConnectionOptions = {}) => {
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ rest: rest({ baseUrl: 'http://127.0.0.1:9' }) }),
    auth: () => bearer(sealSecret('a token')),
  });
  const resource = vendor.resource({
    record: Wire,
    key: 'id',
    changes: 'none',
    mapping: thingMapping,
    subscribe: (_call, request) => subscribe(request),
  });
  return open(vendor.connector({ resources: { things: resource } }), options).things;
};

/** A connector whose subscription yields these changes, opened. */
const things = (changes: readonly SubscribedChange[], asked: SubscribeRequest[] = []) =>
  subscribable(async function* (request) {
    asked.push(request);
    yield* changes;
    throw connectorError('unavailable', 'the vendor answered 503');
  });

const stamp = '2026-11-25T10:00:00.000Z';
const changes: readonly SubscribedChange[] = [
  { kind: 'changed', record: { id: '1', changed: stamp } },
  { kind: 'changed', record: { id: '2' } },
  { kind: 'removed', id: '3' },
  { kind: 'changed', record: { id: '4', changed: 'no instant' } },
];

/** The first changes, and the error behind them. */
const firstOf = async <Item>(iterable: AsyncIterable<Change<Item>>, count: number) => {
  const iterator = iterable[Symbol.asyncIterator]();
  const read: unknown[] = [];
  for (let index = 0; index < count; index += 1) read.push((await iterator.next()).value);
  return { read, error: await refusal(iterator.next()) };
};

test('a subscription yields parsed records; one that does not fit is told with its issues, and the others go on', async () => {
  const { read, error } = await firstOf(things(changes).subscribe(), 4);
  const rejected = { key: '2', record: { id: '2' }, issues: [{ path: 'changed', reason: expect.any(String) }] };
  expect(read).toEqual([changes[0], { kind: 'rejected', rejected }, changes[2], changes[3]]);
  expect(error).toMatchObject({ code: 'unavailable', connector: 'acme', operation: 'things.subscribe' });
});

test('in model terms the records are decoded, and one that does not map is told as well', async () => {
  const { read } = await firstOf(things(changes).model.subscribe(), 4);
  expect(read).toMatchObject([
    { kind: 'changed', record: { id: '1', updatedAt: new Date(stamp) } },
    { kind: 'rejected', rejected: { key: '2' } },
    { kind: 'removed', id: '3' },
    { kind: 'rejected', rejected: { key: '4', issues: [{ path: expect.any(String) }] } },
  ]);
});

test('the author is told where the caller stands', async () => {
  const asked: SubscribeRequest[] = [];
  const since = new Date(stamp);
  await firstOf(things([], asked).subscribe({ since }), 0);
  expect(asked).toMatchObject([{ since }]);
});

test('subscribe is typed by the record and the model, and absent where the author gave none', () => {
  const live = things([]);
  expectTypeOf(live.subscribe).returns.toEqualTypeOf<AsyncIterable<Change<z.output<typeof Wire>>>>();
  expectTypeOf(live.model.subscribe).returns.toEqualTypeOf<AsyncIterable<Change<z.output<typeof Thing>>>>();
  expect(live).not.toHaveProperty('list');
});

test('a quiet subscription is not stuck: the time limit of a step is not for it', async () => {
  let tell = () => {};
  const changed = new Promise<void>((resolve) => {
    tell = resolve;
  });
  // Whatever is timed here is over at once.
  const clock: Clock = { ...systemClock, schedule: (callback) => systemClock.schedule(callback, 1) };
  const live = subscribable(
    async function* () {
      await changed;
      yield { kind: 'removed', id: '1' };
    },
    { clock },
  );
  const first = live.subscribe()[Symbol.asyncIterator]().next();
  setTimeout(() => tell(), 50);
  expect((await first).value).toEqual({ kind: 'removed', id: '1' });
});

test('the port has the subscription where the resource has one, on wire records', async () => {
  const { subscribe } = things(changes).port;
  const first = await subscribe?.()[Symbol.asyncIterator]().next();
  expect(first?.value).toEqual(changes[0]);
});
