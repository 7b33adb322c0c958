import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { isConnectorError } from '@mortise/runtime';
import { type Delivery, type DrainOptions, drainInbox } from '@mortise/runtime/webhooks';
import { openStore } from '@mortise/store';
import { virtualClock } from '@mortise/testing';
import { expect, onTestFinished, test } from 'vitest';
import { freshPlace, pause } from './support/webhooks.ts';

const noon = Date.parse('2026-11-25T12:00:00Z');

const delivery = (key: string, subject?: string): Delivery => ({
  ...{ connection: 'shop', key, topic: 'order.updated', subject, receivedAt: noon, body: Buffer.from(key) },
});

/** An inbox on a virtual clock that holds these deliveries. */
const filledInbox = async (...deliveries: Delivery[]) => {
  const clock = virtualClock(noon);
  const store = await openStore({ ...freshPlace(), clock });
  onTestFinished(() => store.close());
  const accepting = store.inbox.accept(deliveries);
  await clock.advance(1);
  await accepting;
  const drain = (options: Partial<DrainOptions>): Promise<number> =>
    drainInbox({ inbox: store.inbox, connection: 'shop', clock, handle: async () => {}, ...options });
  return { clock, inbox: store.inbox, drain, store };
};

test('deliveries about one record are worked on one after another, those about others at once', async () => {
  const { drain } = await filledInbox(delivery('1', 'a'), delivery('2', 'a'), delivery('3', 'b'), delivery('4', 'a'));
  const log: string[] = [];
  const handle = async ({ key }: Delivery) => {
    log.push(`+${key}`);
    await pause();
    log.push(`-${key}`);
  };
  expect(await drain({ handle, untilEmpty: true })).toBe(4);
  expect(log.filter((entry) => !entry.endsWith('3'))).toEqual(['+1', '-1', '+2', '-2', '+4', '-4']);
  expect(log.indexOf('+3')).toBeLessThan(log.indexOf('-1'));
});

test('work that fails comes again after a wait that doubles, up to an hour, and holds back its record alone', async () => {
  const { drain, clock } = await filledInbox(delivery('1', 'a'), delivery('2', 'b'), delivery('3', 'a'));
  const tried: string[] = [];
  const failures: unknown[] = [];
  const handle = async ({ key, tries }: { key: string; tries: number }) => {
    tried.push(`${key}/${tries}`);
    if (key === '1' && tries < 14) throw new Error('not yet');
  };
  const failed = (_: unknown, thrown: unknown) => {
    failures.push(thrown);
    return 'again' as const;
  };
  expect(await drain({ handle, failed, untilEmpty: true, concurrency: 1 })).toBe(1);
  expect(tried).toEqual(['1/1', '2/1']);
  const waits: number[] = [];
  while (tried.length < 16) {
    const before = tried.length;
    let waited = 0;
    while (tried.length === before) {
      await clock.advance(1_000);
      waited += 1;
      await drain({ handle, failed, untilEmpty: true, concurrency: 1 });
    }
    waits.push(waited);
  }
  expect(waits.slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
  expect(waits.at(-1)).toBe(3_600);
  expect(tried.slice(-2)).toEqual(['1/14', '3/1']);
  expect(failures).toHaveLength(13);
});

test('a delivery can be given up, and its record goes on', async () => {
  const { drain, inbox } = await filledInbox(delivery('1', 'a'), delivery('2', 'a'));
  const handle = async ({ key }: Delivery) => {
    if (key === '1') throw new Error('poison');
  };
  const failed = ({ tries }: { tries: number }) => (tries >= 1 ? ('done' as const) : ('again' as const));
  expect(await drain({ handle, failed, untilEmpty: true })).toBe(2);
  expect(await inbox.size('shop')).toEqual({ deliveries: 0, bytes: 0 });
});

test('work that takes longer than its lease keeps it', async () => {
  const { drain, clock, inbox } = await filledInbox(delivery('1'));
  let finish = (): void => {};
  let runs = 0;
  const handle = () => {
    runs += 1;
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  };
  const draining = drain({ handle, untilEmpty: true, leaseMs: 3_000, concurrency: 1 });
  for (let second = 0; second < 10; second += 1) {
    await clock.advance(1_000);
    expect(await inbox.take({ connection: 'shop', limit: 1, leaseMs: 1 })).toEqual([]);
  }
  finish();
  expect([await draining, runs]).toEqual([1, 1]);
});

test('an aborted drain lets its work end, does not count that as a failure, and leaves the rest', async () => {
  const { drain, inbox } = await filledInbox(delivery('1', 'a'), delivery('2', 'a'));
  const stop = new AbortController();
  const failures: unknown[] = [];
  const handle = async (_: Delivery, { signal }: { signal: AbortSignal }) => {
    stop.abort();
    signal.throwIfAborted();
  };
  const failed = (_: unknown, thrown: unknown) => {
    failures.push(thrown);
    return 'again' as const;
  };
  expect(await drain({ handle, failed, signal: stop.signal })).toBe(0);
  expect(failures).toEqual([]);
  const taken = await inbox.take({ connection: 'shop', limit: 5, leaseMs: 1 });
  expect(taken.map(({ key, tries }) => [key, tries])).toEqual([['1', 2]]);
});

test('a delivery that is handed out while the drain is told to stop is given back untouched', async () => {
  const { drain, inbox } = await filledInbox(delivery('1'));
  const stop = new AbortController();
  let handled = 0;
  const take: typeof inbox.take = async (request) => {
    const taken = await inbox.take(request);
    stop.abort();
    return taken;
  };
  const handle = async () => {
    handled += 1;
  };
  expect(await drain({ inbox: { ...inbox, take }, handle, signal: stop.signal, concurrency: 1 })).toBe(0);
  expect([handled, (await inbox.take({ connection: 'shop', limit: 1, leaseMs: 1 })).length]).toEqual([0, 1]);
});

test('a drain waits for what comes', async () => {
  const { drain, clock, inbox } = await filledInbox();
  const stop = new AbortController();
  const handled: string[] = [];
  const handle = async ({ key }: Delivery) => void handled.push(key);
  const draining = drain({ handle, signal: stop.signal, pollMs: 500 });
  await clock.advance(5_000);
  const accepting = inbox.accept([delivery('late')]);
  await clock.advance(501);
  await accepting;
  await clock.advance(500);
  while (handled.length === 0) await pause();
  stop.abort();
  expect([await draining, handled]).toEqual([1, ['late']]);
});

test('a drain ends with the error of an inbox that cannot be read, after the work under way', async () => {
  const { drain, store } = await filledInbox(delivery('1', 'a'), delivery('2', 'b'));
  let ended = 0;
  const handle = async ({ key }: Delivery) => {
    if (key === '1') await store.close();
    else await pause();
    ended += 1;
  };
  const thrown: unknown = await drain({ handle, concurrency: 2 }).catch((error: unknown) => error);
  expect(isConnectorError(thrown) && thrown.code).toBe('internal');
  expect(ended).toBe(2);
});

test('two workers in one inbox share it: each delivery is worked on once', async () => {
  const place = { path: join(freshPlace().path), key: randomBytes(32) };
  const stores = [await openStore(place), await openStore(place)];
  onTestFinished(async () => {
    for (const store of stores) await store.close();
  });
  const keys = Array.from({ length: 60 }, (_, index) => String(index));
  await stores[0]?.inbox.accept(keys.map((key) => delivery(key, `record ${Number(key) % 7}`)));
  const handled: string[] = [];
  const handle = async ({ key }: Delivery) => void handled.push(key);
  const drains = stores.map(({ inbox }) => drainInbox({ inbox, connection: 'shop', handle, untilEmpty: true }));
  const [first = 0, second = 0] = await Promise.all(drains);
  expect(first + second).toBe(60);
  expect(handled.toSorted()).toEqual(keys.toSorted());
  for (let record = 0; record < 7; record += 1) {
    const ofRecord = handled.map(Number).filter((key) => key % 7 === record);
    expect(ofRecord).toEqual(ofRecord.toSorted((left, right) => left - right));
  }
});
