import { expect, test } from 'vitest';
import { behindItsBack, commitOf, freshStore, linkOf } from './fixture.ts';

test('a create has no before-image, an update has the base as it stood, a match leaves no entry', async () => {
  const { store } = await freshStore();
  await store.commit(commitOf({ links: [linkOf('1', { v: 1 }), { ...linkOf('2', { v: 1 }), action: 'match' }] }));
  const updates = [linkOf('1', { v: 2 }), linkOf('2', { v: 2 })].map((link) => ({
    ...link,
    action: 'update' as const,
  }));
  await store.commit(commitOf({ run: 'run-2', at: 2_000, links: updates }));
  await store.commit(commitOf({ run: 'run-3', at: 3_000, links: updates.slice(0, 1) }));
  const entries = await store.readJournal({ limit: 9 });
  const facts = { sync: 'products', connection: 'hubspot' };
  expect(entries).toEqual([
    { ...facts, id: 1, run: 'run-1', at: 1_000, sourceKey: '1', destinationKey: 'd-1', action: 'create', before: null },
    {
      ...facts,
      id: 2,
      run: 'run-2',
      at: 2_000,
      sourceKey: '1',
      destinationKey: 'd-1',
      action: 'update',
      before: { v: 1 },
    },
    {
      ...facts,
      id: 3,
      run: 'run-2',
      at: 2_000,
      sourceKey: '2',
      destinationKey: 'd-2',
      action: 'update',
      before: { v: 1 },
    },
    {
      ...facts,
      id: 4,
      run: 'run-3',
      at: 3_000,
      sourceKey: '1',
      destinationKey: 'd-1',
      action: 'update',
      before: { v: 2 },
    },
  ]);
});

test('an update without a link is noted, with nothing before it', async () => {
  const { store } = await freshStore();
  await store.commit(commitOf({ links: [{ ...linkOf('1'), action: 'update' }] }));
  expect(await store.readJournal({ limit: 9 })).toMatchObject([{ sourceKey: '1', action: 'update', before: null }]);
});

test('a link that was written without a base has nothing before its next update', async () => {
  const { store } = await freshStore();
  const { base: _, ...bare } = linkOf('1');
  await store.commit(commitOf({ links: [bare] }));
  await store.commit(commitOf({ links: [{ ...linkOf('1'), action: 'update' }] }));
  expect((await store.readJournal({ limit: 9 })).map(({ before }) => before)).toEqual([null, null]);
});

test('a before-image opens also when the connection has another id by then', async () => {
  const { store } = await freshStore();
  await store.commit(commitOf({ links: [linkOf('1', { v: 1 })] }));
  await store.commit(commitOf({ connection: 'hubspot-eu', links: [{ ...linkOf('1', { v: 2 }), action: 'update' }] }));
  await store.commit(commitOf({ connection: 'hubspot-eu', links: [{ ...linkOf('1', { v: 3 }), action: 'update' }] }));
  expect((await store.readJournal({ limit: 9 })).map(({ before }) => before)).toEqual([null, { v: 1 }, { v: 2 }]);
});

test.each([1, 100, 137])('%i updates in one commit each have their own before-image', async (count) => {
  const { store } = await freshStore();
  const keys = Array.from({ length: count }, (_, index) => `key-${index}`);
  await store.commit(commitOf({ links: keys.map((key) => linkOf(key, { was: key })) }));
  await store.commit(
    commitOf({ run: 'two', links: keys.map((key) => ({ ...linkOf(key, 2), action: 'update' as const })) }),
  );
  const entries = await store.readJournal({ limit: 1_000, after: count });
  expect(entries.map(({ run, action, before }) => ({ run, action, before }))).toEqual(
    keys.map((key) => ({ run: 'two', action: 'update', before: { was: key } })),
  );
});

test('an update points to the image of the write before and copies nothing', async () => {
  const { store, path } = await freshStore();
  await store.commit(commitOf({ links: [linkOf('1')] }));
  await store.commit(commitOf({ links: [{ ...linkOf('1', 'new'), action: 'update' }] }));
  const [first, second] = behindItsBack(path, 'SELECT id FROM batch ORDER BY rowid = (SELECT batch FROM link), rowid');
  expect(behindItsBack(path, "SELECT before_batch, before_slot FROM journal WHERE action = 'update'")).toEqual([
    { before_batch: first?.id, before_slot: 0 },
  ]);
  expect(behindItsBack(path, 'SELECT batch, slot FROM link')).toEqual([{ batch: second?.id, slot: 0 }]);
});

test('the journal is read by sync, by source key and page by page', async () => {
  const { store } = await freshStore();
  await store.commit(commitOf({ links: [linkOf('1'), linkOf('2'), linkOf('3')] }));
  await store.commit(commitOf({ sync: 'orders', links: [linkOf('1')] }));
  const idsOf = async (query: Parameters<typeof store.readJournal>[0]) =>
    (await store.readJournal(query)).map(({ id }) => id);
  expect(await idsOf({ limit: 2 })).toEqual([1, 2]);
  expect(await idsOf({ limit: 2, after: 2 })).toEqual([3, 4]);
  expect(await idsOf({ limit: 9, sync: 'orders' })).toEqual([4]);
  expect(await idsOf({ limit: 9, sourceKey: '1' })).toEqual([1, 4]);
  expect(await idsOf({ limit: 9, sync: 'products', sourceKey: '1', after: 1 })).toEqual([]);
});
