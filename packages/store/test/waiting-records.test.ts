import { expect, test } from 'vitest';
import type { DeadLetter, Parked } from '../src/index.ts';
import { commitOf, freshStore, linkOf } from './fixture.ts';

const letter = (sourceKey: string, code = 'invalid-record'): DeadLetter => ({
  ...{ sourceKey, stage: 'map', code, payload: { id: sourceKey } },
  issues: [{ path: 'lines[2].sku', reason: 'is missing' }],
});

const child = (sourceKey: string, parentKey: string): Parked => ({
  ...{ sourceKey, parentSync: 'contacts', parentKey, payload: { child: sourceKey } },
});

test('a dead letter is read back with its cause, its record and its run', async () => {
  const { store } = await freshStore();
  await store.commit(commitOf({ deadLetters: [letter('1')] }));
  expect(await store.readDeadLetters({ limit: 9 })).toEqual([
    { ...letter('1'), id: 1, sync: 'products', connection: 'hubspot', run: 'run-1', at: 1_000 },
  ]);
  expect(await store.countDeadLetters('products')).toBe(1);
});

test('a newer dead letter of the same record replaces the older one', async () => {
  const { store } = await freshStore();
  await store.commit(commitOf({ deadLetters: [letter('1'), letter('2')] }));
  await store.commit(commitOf({ run: 'run-2', deadLetters: [letter('1', 'conflict')] }));
  const letters = await store.readDeadLetters({ limit: 9 });
  expect(letters.map(({ sourceKey, code, run }) => [sourceKey, code, run])).toEqual([
    ['1', 'conflict', 'run-2'],
    ['2', 'invalid-record', 'run-1'],
  ]);
});

test('dead letters are read by sync and page by page', async () => {
  const { store } = await freshStore();
  await store.commit(commitOf({ deadLetters: ['1', '2', '3'].map((key) => letter(key)) }));
  await store.commit(commitOf({ sync: 'orders', deadLetters: [letter('1')] }));
  const [first, second] = await store.readDeadLetters({ sync: 'products', limit: 2 });
  expect([first?.sourceKey, second?.sourceKey]).toEqual(['1', '2']);
  const rest = await store.readDeadLetters({ sync: 'products', limit: 2, after: second?.id ?? 0 });
  expect(rest.map(({ sourceKey }) => sourceKey)).toEqual(['3']);
  expect(await store.readDeadLetters({ limit: 9 })).toHaveLength(4);
});

test('settling removes the dead letter and the parked record of that sync only', async () => {
  const { store } = await freshStore();
  await store.commit(commitOf({ deadLetters: [letter('1'), letter('2')], parked: [child('3', 'p'), child('4', 'p')] }));
  await store.commit(commitOf({ sync: 'orders', deadLetters: [letter('1')], parked: [child('3', 'p')] }));
  await store.commit(commitOf({ links: [linkOf('1'), linkOf('3')], settled: ['1', '3', 'unknown'] }));
  expect((await store.readDeadLetters({ sync: 'products', limit: 9 })).map(({ sourceKey }) => sourceKey)).toEqual([
    '2',
  ]);
  expect([await store.countParked('products'), await store.countParked('orders')]).toEqual([1, 1]);
  expect(await store.countDeadLetters('orders')).toBe(1);
});

test('what is settled goes before what is new, so a record may change its place in one commit', async () => {
  const { store } = await freshStore();
  await store.commit(commitOf({ parked: [child('1', 'p')] }));
  await store.commit(commitOf({ settled: ['1'], deadLetters: [letter('1', 'conflict')] }));
  expect([await store.countParked('products'), await store.countDeadLetters('products')]).toEqual([0, 1]);
});

test('a parked record is released when its parent has a link, not before', async () => {
  const { store } = await freshStore();
  const waiting = [child('1', 'ann'), child('2', 'bob'), child('3', 'ann')];
  await store.commit(commitOf({ sync: 'deals', parked: waiting }));
  expect(await store.readReleasable('deals', 9)).toEqual([]);
  await store.commit(commitOf({ sync: 'other', links: [linkOf('ann')] }));
  expect(await store.readReleasable('deals', 9)).toEqual([]);
  await store.commit(commitOf({ sync: 'contacts', links: [linkOf('ann')] }));
  expect(await store.readReleasable('deals', 9)).toEqual([child('1', 'ann'), child('3', 'ann')]);
  expect(await store.readReleasable('deals', 1)).toEqual([child('1', 'ann')]);
  expect(await store.readReleasable('products', 9)).toEqual([]);
  await store.commit(commitOf({ sync: 'deals', links: [linkOf('1'), linkOf('3')], settled: ['1', '3'] }));
  expect(await store.readReleasable('deals', 9)).toEqual([]);
  expect(await store.countParked('deals')).toBe(1);
});

test('a record waits for one parent at a time', async () => {
  const { store } = await freshStore();
  await store.commit(commitOf({ sync: 'contacts', links: [linkOf('ann')] }));
  await store.commit(commitOf({ sync: 'deals', parked: [child('1', 'ann')] }));
  await store.commit(commitOf({ sync: 'deals', parked: [child('1', 'bob')] }));
  expect(await store.countParked('deals')).toBe(1);
  expect(await store.readReleasable('deals', 9)).toEqual([]);
});

test.each([101, 260])('%i dead letters and parked records fit one commit and are settled in one', async (count) => {
  const { store } = await freshStore();
  const keys = Array.from({ length: count }, (_, index) => `key-${index}`);
  await store.commit(
    commitOf({ deadLetters: keys.map((key) => letter(key)), parked: keys.map((key) => child(key, 'p')) }),
  );
  expect([await store.countDeadLetters('products'), await store.countParked('products')]).toEqual([count, count]);
  await store.commit(commitOf({ settled: keys }));
  expect([await store.countDeadLetters('products'), await store.countParked('products')]).toEqual([0, 0]);
});
