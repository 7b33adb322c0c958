import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '@mortise/runtime';
import type { Delivery, TakenDelivery } from '@mortise/runtime/webhooks';
import { expect, test } from 'vitest';
import { createSealer } from '../src/encryption/sealer.ts';
import { createInbox } from '../src/inbox.ts';
import type { InboxLimits } from '../src/index.ts';
import { freeDeliveries } from '../src/queries/deliveries.ts';
import { openSqlite, type SqliteDatabase } from '../src/sqlite/database.ts';
import { behindItsBack, open, refusal, temporaryFolder } from './fixture.ts';

const day = 24 * 60 * 60_000;
const noon = Date.parse('2026-11-25T12:00:00Z');

/** A clock that the test moves; timers fire at once, since all of them are for the next turn. */
const handClock = (): Clock & { move: (milliseconds: number) => void } => {
  let elapsed = 0;
  return {
    now: () => noon + elapsed,
    monotonic: () => elapsed,
    schedule: (callback) => {
      const timer = setImmediate(callback);
      return () => clearImmediate(timer);
    },
    move: (milliseconds) => {
      elapsed += milliseconds;
    },
  };
};

const freshInbox = async (limits: InboxLimits = {}) => {
  const path = join(temporaryFolder(), 'state.db');
  const clock = handClock();
  const key = randomBytes(32);
  const store = await open({ path, key, clock, inbox: limits });
  return { path, key, clock, store, inbox: store.inbox };
};

const delivery = (key: string, parts: Partial<Delivery> = {}): Delivery => ({
  ...{ connection: 'shop', key, topic: 'orders/create', receivedAt: noon, body: Buffer.from(`body of ${key}`) },
  ...parts,
});

const take = { connection: 'shop', limit: 10, leaseMs: 60_000 };
const keysOf = (taken: readonly TakenDelivery[]): string[] => taken.map(({ key }) => key);

test('a delivery comes out as it went in, to the byte', async () => {
  const { inbox } = await freshInbox();
  const body = new Uint8Array([0xff, 0x00, 0xc3, 0x28, 0x0a]); // no UTF-8
  const whole = delivery('1', { subject: 'order/1', occurredAt: noon - 5, body });
  expect(await inbox.accept([whole])).toBe('new');
  const [taken] = await inbox.take(take);
  expect({ ...taken, body: Buffer.from(taken?.body ?? []) }).toEqual({
    ...whole,
    body: Buffer.from(body),
    id: 1,
    tries: 1,
  });
});

test('a second delivery with the same key is a duplicate, before and after its work is done', async () => {
  const { inbox } = await freshInbox();
  await inbox.accept([delivery('1')]);
  expect(await inbox.accept([delivery('1', { body: Buffer.from('other') })])).toBe('duplicate');
  expect(await inbox.accept([delivery('1', { connection: 'other shop' })])).toBe('new');
  await inbox.done(await inbox.take(take));
  expect(await inbox.accept([delivery('1')])).toBe('duplicate');
  expect(await inbox.take(take)).toEqual([]);
});

test('accepts of the same moment are each answered for themselves', async () => {
  const { inbox } = await freshInbox({ deliveries: 2 });
  const keys = ['1', '2', '1', '3'];
  const accepted = await Promise.all(keys.map((key) => inbox.accept([delivery(key)])));
  expect(accepted).toEqual(['new', 'new', 'duplicate', 'full']);
  expect(keysOf(await inbox.take(take))).toEqual(['1', '2']);
});

test('the deliveries of one request are kept all or none', async () => {
  const { inbox } = await freshInbox({ deliveries: 3 });
  await inbox.accept([delivery('1'), delivery('2')]);
  expect(await inbox.accept([delivery('3'), delivery('4')])).toBe('full');
  expect(await inbox.accept([delivery('1'), delivery('3')])).toBe('new'); // one of them is known
  expect(await inbox.accept([delivery('5'), delivery('5')])).toBe('full');
  expect(keysOf(await inbox.take(take))).toEqual(['1', '2', '3']);
});

test('a full inbox still knows its duplicates, and has room again when work is done', async () => {
  const { inbox } = await freshInbox({ deliveries: 1 });
  await inbox.accept([delivery('1')]);
  expect(await inbox.accept([delivery('1')])).toBe('duplicate');
  expect(await inbox.accept([delivery('2')])).toBe('full');
  expect(await inbox.accept([delivery('2', { connection: 'other shop' })])).toBe('new');
  await inbox.done(await inbox.take(take));
  expect(await inbox.accept([delivery('2')])).toBe('new');
});

test('an inbox is bounded in bytes too', async () => {
  const { inbox } = await freshInbox({ bytes: 1_000 });
  expect(await inbox.accept([delivery('1', { body: Buffer.alloc(900) })])).toBe('new');
  expect(await inbox.accept([delivery('2', { body: Buffer.alloc(100) })])).toBe('full');
  expect((await inbox.size('shop')).deliveries).toBe(1);
  await inbox.done(await inbox.take(take));
  expect(await inbox.size('shop')).toEqual({ deliveries: 0, bytes: 0 });
});

test('one delivery per record is handed out, the oldest first, and the next when it is done', async () => {
  const { inbox } = await freshInbox();
  await inbox.accept([
    delivery('1', { subject: 'order/1' }),
    delivery('2', { subject: 'order/2' }),
    delivery('3', { subject: 'order/1' }),
    delivery('4'),
    delivery('5'),
  ]);
  const first = await inbox.take(take);
  expect(keysOf(first)).toEqual(['1', '2', '4', '5']);
  expect(await inbox.take(take)).toEqual([]);
  await inbox.done(first.filter(({ key }) => key === '1'));
  expect(keysOf(await inbox.take(take))).toEqual(['3']);
});

test('deliveries behind the first of their record are not even looked at', async () => {
  const { path, inbox } = await freshInbox();
  const hot = Array.from({ length: 300 }, (_, index) => delivery(`hot ${index}`, { subject: 'order/1' }));
  await inbox.accept([...hot, delivery('cold', { subject: 'order/2' })]);
  expect(keysOf(await inbox.take({ ...take, limit: 301 }))).toEqual(['hot 0', 'cold']);
  expect(behindItsBack(path, 'SELECT count(*) AS count FROM delivery WHERE head = 1')).toEqual([{ count: 2 }]);
  const { sql, parameters } = freeDeliveries('shop', { now: noon, limit: 1 });
  const [plan] = behindItsBack(path, `EXPLAIN QUERY PLAN ${sql}`, ...parameters);
  expect(plan?.detail).toBe('SEARCH delivery USING INDEX delivery_head (connection=?)');
});

test('a delivery whose lease ran out is handed out again, and its tries are counted', async () => {
  const { inbox, clock } = await freshInbox();
  await inbox.accept([delivery('1')]);
  const [first] = await inbox.take(take);
  clock.move(59_999);
  expect(await inbox.take(take)).toEqual([]);
  clock.move(1);
  const [second] = await inbox.take(take);
  expect([first?.tries, second?.tries]).toEqual([1, 2]);
});

test('what a worker says after its lease counts for nothing', async () => {
  const { inbox, clock } = await freshInbox();
  await inbox.accept([delivery('1', { subject: 'order/1' }), delivery('2', { subject: 'order/1' })]);
  const stale = await inbox.take(take);
  clock.move(60_000);
  const fresh = await inbox.take(take);
  await inbox.done(stale);
  await inbox.hold(stale, noon);
  // Were it done, the next one of the order would be handed out beside the work that is under way.
  expect(await inbox.take(take)).toEqual([]);
  await inbox.done(fresh);
  expect(keysOf(await inbox.take(take))).toEqual(['2']);
});

test('a delivery can be held for longer, and put off', async () => {
  const { inbox, clock } = await freshInbox();
  await inbox.accept([delivery('1')]);
  await inbox.hold(await inbox.take(take), noon + 100_000);
  clock.move(99_999);
  expect(await inbox.take(take)).toEqual([]);
  clock.move(1);
  expect(keysOf(await inbox.take(take))).toEqual(['1']);
});

test('done drops the body, keeps the key for 7 days, and then forgets it', async () => {
  const { inbox, clock, path } = await freshInbox();
  await inbox.accept([delivery('1')]);
  await inbox.done(await inbox.take(take));
  expect(behindItsBack(path, 'SELECT key, body FROM delivery')).toEqual([{ key: '1', body: null }]);
  clock.move(7 * day);
  expect(await inbox.accept([delivery('1')])).toBe('duplicate');
  clock.move(1);
  await inbox.accept([delivery('2')]);
  expect(behindItsBack(path, 'SELECT key FROM delivery')).toEqual([{ key: '2' }]);
  expect(await inbox.accept([delivery('1')])).toBe('new');
});

test('bodies are sealed for their connection and key: a row put in the place of another does not open', async () => {
  const { inbox, path } = await freshInbox();
  await inbox.accept([delivery('1', { body: Buffer.from('canary-4711') }), delivery('2')]);
  const [row] = behindItsBack(path, "SELECT body FROM delivery WHERE key = '1'");
  expect(Buffer.from((row?.body ?? []) as Uint8Array).includes('canary-4711')).toBe(false);
  behindItsBack(path, "UPDATE delivery SET body = (SELECT body FROM delivery WHERE key = '2') WHERE key = '1'");
  const error = await refusal(inbox.take(take));
  expect([error.code, error.message]).toEqual([
    'state-refused',
    expect.stringContaining('delivery 1 of connection shop'),
  ]);
});

test('a store that is opened again hands out what was kept, and remembers what was done', async () => {
  const { store, inbox, ...place } = await freshInbox();
  await inbox.accept([delivery('1'), delivery('2')]);
  await inbox.done(await inbox.take({ ...take, limit: 1 }));
  await store.close();
  const again = (await open(place)).inbox;
  expect(keysOf(await again.take(take))).toEqual(['2']);
  expect(await again.accept([delivery('1')])).toBe('duplicate');
  expect(await again.size('shop')).toEqual({ deliveries: 1, bytes: expect.any(Number) });
});

test('requests of the same moment share one commit that waits for the disk', async () => {
  const { path, store } = await freshInbox();
  const clock = handClock();
  const database = await openSqlite(path, clock);
  const modes: unknown[] = [];
  const durably: SqliteDatabase['durably'] = (action) =>
    database.durably((session) => {
      modes.push(...session.read({ sql: 'PRAGMA synchronous', parameters: [] }));
      return action(session);
    });
  const sealer = createSealer(randomBytes(32));
  const inbox = createInbox({ database: { ...database, durably }, sealer, clock, limits: {} });
  await Promise.all(Array.from({ length: 20 }, (_, index) => inbox.accept([delivery(String(index))])));
  await inbox.accept([delivery('later')]);
  expect(modes).toEqual([{ synchronous: 2 }, { synchronous: 2 }]);
  expect(await store.inbox.size('shop')).toMatchObject({ deliveries: 21 });
  await database.close();
});

test('only that commit waits for the disk, also after one that failed', async () => {
  const database = await openSqlite(join(temporaryFolder(), 'plain.db'), handClock());
  const refused = database.durably(() => {
    throw new Error('no');
  });
  await expect(refused).rejects.toThrow();
  expect(await database.read({ sql: 'PRAGMA synchronous', parameters: [] })).toEqual([{ synchronous: 1 }]);
  await database.close();
});

test('deliveries of two connections in one request are refused, and nothing of them is kept', async () => {
  const { inbox } = await freshInbox();
  const error = await refusal(inbox.accept([delivery('1'), delivery('2', { connection: 'other' })]));
  expect(error.code).toBe('internal');
  expect(await inbox.take(take)).toEqual([]);
});

test('a stamp that is no whole number is kept as one, or as none', async () => {
  const { inbox } = await freshInbox();
  const stamps = [noon + 0.7, Number.NaN, Number.POSITIVE_INFINITY, 1e300];
  await inbox.accept(stamps.map((occurredAt, index) => delivery(String(index), { occurredAt })));
  const taken = await inbox.take(take);
  expect(taken.map(({ occurredAt }) => occurredAt)).toEqual([noon, undefined, undefined, undefined]);
});
