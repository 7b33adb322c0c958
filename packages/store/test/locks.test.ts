import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { behindItsBack, freshStore, open, temporaryFolder } from './fixture.ts';

/** A clock that stands until it is moved. */
const standingClock = (start = 1_800_000_000_000) => {
  let time = start;
  return {
    now: () => time,
    monotonic: () => time,
    schedule: (callback: () => void) => {
      const timer = setImmediate(callback);
      return () => clearImmediate(timer);
    },
    advance: (milliseconds: number) => {
      time += milliseconds;
    },
  };
};

/** Two stores on one file, as two processes have them, under one clock. */
const twoStores = async () => {
  const clock = standingClock();
  const options = { path: join(temporaryFolder(), 'state.db'), key: randomBytes(32), clock };
  return { clock, path: options.path, first: await open(options), second: await open(options) };
};

test('one of two holds the lock, and the other gets it after its release', async () => {
  const { first, second } = await twoStores();
  const lease = await first.locks.take('token acme', 1_000);
  expect(lease?.fence).toBe(1);
  expect(await second.locks.take('token acme', 1_000)).toBeUndefined();
  await lease?.release();
  expect((await second.locks.take('token acme', 1_000))?.fence).toBe(2);
});

test('locks of other names are free', async () => {
  const { first, second } = await twoStores();
  await first.locks.take('token acme', 1_000);
  expect((await second.locks.take('token other', 1_000))?.fence).toBe(1);
});

test('a lease ends with its time, also when its holder was suspended for hours', async () => {
  const { clock, first, second } = await twoStores();
  await first.locks.take('token acme', 60_000);
  clock.advance(59_999);
  expect(await second.locks.take('token acme', 60_000)).toBeUndefined();
  clock.advance(8 * 3_600_000);
  expect((await second.locks.take('token acme', 60_000))?.fence).toBe(2);
});

test('a release that comes late leaves the lock with who took it over', async () => {
  const { clock, first, second } = await twoStores();
  const late = await first.locks.take('token acme', 1_000);
  clock.advance(1_000);
  const taken = await second.locks.take('token acme', 1_000);
  await late?.release();
  expect(await first.locks.take('token acme', 1_000)).toBeUndefined();
  await taken?.release();
  expect((await first.locks.take('token acme', 1_000))?.fence).toBe(3);
});

test('a token saved under an older lease does not overwrite the newer one', async () => {
  const { first, second } = await twoStores();
  expect(await second.tokens.save('acme', 'newer', { fence: 2 })).toBe(true);
  expect(await first.tokens.save('acme', 'late', { fence: 1 })).toBe(false);
  expect(await first.tokens.read('acme')).toBe('newer');
  expect(await first.tokens.save('acme', 'same lease', { fence: 2 })).toBe(true);
  expect(await first.tokens.read('acme')).toBe('same lease');
});

test('a token saved without a lease holds, and keeps the fence of the one before', async () => {
  const { first } = await twoStores();
  await first.tokens.save('acme', 'under a lease', { fence: 5 });
  expect(await first.tokens.save('acme', 'by hand')).toBe(true);
  expect(await first.tokens.save('acme', 'late', { fence: 4 })).toBe(false);
  expect(await first.tokens.read('acme')).toBe('by hand');
});

test('of two who remove a token at the same time, one is told that there was one', async () => {
  const { first, second } = await twoStores();
  await first.tokens.save('acme', 'once');
  const removed = await Promise.all([first.tokens.remove('acme'), second.tokens.remove('acme')]);
  expect(removed.toSorted()).toEqual([false, true]);
});

test('names and fences of locks are all that the file says of them', async () => {
  const { path, store } = await freshStore();
  await store.locks.take('token acme', 1_000);
  expect(behindItsBack(path, 'SELECT name, fence FROM lock')).toEqual([{ name: 'token acme', fence: 1 }]);
});
