import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { commitOf, freshStore, linkOf, open, refusal } from './fixture.ts';

const keysOf = (count: number) => Array.from({ length: count }, (_, index) => `key-${index}`);

test('a commit is read back as it was given, also after a new open', async () => {
  const { path, key, store } = await freshStore();
  const checkpoint = {
    watermark: '2026-11-23T10:00:00.000Z',
    window: { since: '2026-11-22T00:00:00Z', until: '2026-11-23T11:00:00Z' },
    cursor: 'page-2',
  };
  await store.commit(commitOf({ links: [linkOf('1'), linkOf('2')], checkpoint }));
  await store.close();
  const again = await open({ path, key });
  expect(await again.readCheckpoint('products')).toEqual(checkpoint);
  expect([...(await again.readLinks('products', ['1', '3', '2'])).values()]).toEqual([
    { sourceKey: '1', destinationKey: 'd-1', fingerprint: 'f-1' },
    { sourceKey: '2', destinationKey: 'd-2', fingerprint: 'f-2' },
  ]);
});

test('links and checkpoints of one sync are not those of another', async () => {
  const { store } = await freshStore();
  await store.commit(commitOf({ links: [linkOf('1')], checkpoint: { cursor: 'a' } }));
  expect((await store.readLinks('orders', ['1'])).size).toBe(0);
  expect(await store.readCheckpoint('orders')).toBeUndefined();
});

test('a checkpoint replaces the older one as a whole, and a commit without one leaves it', async () => {
  const { store } = await freshStore();
  const until = '2026-11-23T11:00:00Z';
  await store.commit(commitOf({ checkpoint: { watermark: '2026-11-23T10:00:00Z', window: { until }, cursor: 'x' } }));
  await store.commit(commitOf({ checkpoint: { window: { until } } }));
  await store.commit(commitOf({ links: [linkOf('1')] }));
  expect(await store.readCheckpoint('products')).toEqual({ window: { until } });
});

test.each([0, 1, 99, 100, 101, 387, 2_500])('a commit of %i links is kept whole', async (count) => {
  const { store } = await freshStore();
  const keys = keysOf(count);
  await store.commit(commitOf({ links: keys.map((key) => linkOf(key)) }));
  const links = await store.readLinks('products', keys);
  expect([...links.keys()].toSorted()).toEqual(keys.toSorted());
  expect((await store.readJournal({ limit: 10_000 })).map(({ sourceKey }) => sourceKey)).toEqual(keys);
});

test('when a part of a commit is refused, nothing of it stays', async () => {
  const { store } = await freshStore();
  await store.commit(commitOf({ links: [linkOf('1')], checkpoint: { cursor: 'before' } }));
  await store.commit(commitOf({ deadLetters: [{ sourceKey: '9', stage: 'map', code: 'x', issues: [], payload: 1 }] }));
  const wrong = commitOf({
    links: [{ ...linkOf('1'), destinationKey: 'other', action: 'update' }, linkOf('2')],
    deadLetters: [{ sourceKey: '3', stage: 'map', code: 'invalid-record', issues: [], payload: {} }],
    parked: [{ sourceKey: '4', parentSync: 'products', parentKey: '1', payload: {} }],
    settled: ['9'],
    checkpoint: { watermark: 'yesterday' },
  });
  expect((await refusal(store.commit(wrong))).code).toBe('internal');
  expect([...(await store.readLinks('products', ['1', '2'])).values()]).toEqual([
    { sourceKey: '1', destinationKey: 'd-1', fingerprint: 'f-1' },
  ]);
  expect((await store.readDeadLetters({ limit: 9 })).map(({ sourceKey }) => sourceKey)).toEqual(['9']);
  expect(await store.countParked('products')).toBe(0);
  expect(await store.readJournal({ limit: 9 })).toHaveLength(1);
  expect(await store.readCheckpoint('products')).toEqual({ cursor: 'before' });
});

test('commits that are started together are each kept whole', async () => {
  const { store } = await freshStore();
  const commits = keysOf(20).map((key) =>
    store.commit(commitOf({ run: key, links: [linkOf(`${key}-a`), linkOf(`${key}-b`)] })),
  );
  await Promise.all(commits);
  const runs = (await store.readJournal({ limit: 100 })).map(({ run }) => run);
  expect(runs).toEqual(keysOf(20).flatMap((key) => [key, key]));
});

test('a record that JSON cannot say is refused before anything is written, without its value', async () => {
  const { store } = await freshStore();
  const error = await refusal(store.commit(commitOf({ links: [linkOf('1'), linkOf('2', { secret: 771771n })] })));
  expect(error.code).toBe('internal');
  expect(error.message).not.toContain('771771');
  expect((await store.readLinks('products', ['1', '2'])).size).toBe(0);
});

test('an id with a line feed is refused: it would blur where encrypted values belong', async () => {
  const { store } = await freshStore();
  expect((await refusal(store.commit(commitOf({ connection: 'a\nb', links: [linkOf('1')] })))).code).toBe('internal');
  expect((await store.readLinks('products', ['1'])).size).toBe(0);
});

test('source keys are text: quotes, line feeds, other scripts and leading zeros are kept', async () => {
  const { store } = await freshStore();
  const keys = ["o'hara", '007', '7', 'a\nb', '鍵', 'ß', ' '];
  await store.commit(commitOf({ links: keys.map((key) => linkOf(key)) }));
  expect([...(await store.readLinks('products', keys)).keys()].toSorted()).toEqual(keys.toSorted());
  expect((await store.readJournal({ sourceKey: '007', limit: 9 })).map(({ sourceKey }) => sourceKey)).toEqual(['007']);
});

test('a closed store says so, and closing twice is no fault', async () => {
  const { store, path, key } = await freshStore();
  await store.close();
  await store.close();
  expect((await refusal(store.readCheckpoint('products'))).message).toMatch(/is closed already/);
  const memory = await open({ path: ':memory:', key: randomBytes(32) });
  await memory.commit(commitOf({ links: [linkOf('1')] }));
  expect((await memory.readLinks('products', ['1'])).size).toBe(1);
  expect((await (await open({ path, key })).readLinks('products', ['1'])).size).toBe(0);
});
