import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lagMs } from './support/connectors.ts';
import { at, customer, noon, startWorld } from './support/world.ts';

const sinceOf = (query: URLSearchParams | undefined): string | null | undefined => query?.get('since');

test('the first run creates every record, and the second writes nothing', async () => {
  const { shop, crm, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2, 3, 4, 5, 6, 7]);
  const first = await run(customers);
  expect(first).toMatchObject({ read: 7, created: 7, updated: 0, unchanged: 0, deadLetters: 0, stopped: false });
  expect(crm.rows('contacts').map(({ key, name }) => [key, name])).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((number) => [`key-${number}`, `name ${number}`]),
  );
  const requests = crm.requests.length;
  const second = await run(customers);
  expect(second).toMatchObject({ created: 0, updated: 0 });
  expect(second.unchanged).toBe(second.read);
  expect(crm.requests).toHaveLength(requests);
  expect(shop.requests.every(({ method }) => method === 'GET')).toBe(true);
});

test('a change in the source is carried, and nothing else is written', async () => {
  const { shop, crm, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2, 3]);
  await run(customers);
  shop.put('customers', customer(2, 30, 'new name'));
  expect(await run(customers)).toMatchObject({ created: 0, updated: 1 });
  expect(crm.writes.slice(3)).toEqual([{ kind: 'contacts', action: 'update', key: 'key-2' }]);
  expect(crm.rows('contacts').find(({ key }) => key === 'key-2')?.name).toBe('new name');
});

test('records with one stamp across pages and windows are all carried', async () => {
  const { shop, crm, customers, run, addCustomers } = await startWorld();
  addCustomers([5, 5, 5, 5, 5, 5, 5]);
  await run(customers);
  expect(crm.rows('contacts')).toHaveLength(7);
  shop.put('customers', customer(8, 5));
  shop.put('customers', customer(9, 5));
  expect(await run(customers)).toMatchObject({ created: 2, updated: 0 });
  expect(crm.rows('contacts')).toHaveLength(9);
});

test('a record that is committed late, but inside the declared lag, is seen by the next run', async () => {
  const { shop, crm, customers, run, addCustomers } = await startWorld();
  addCustomers([10, 20]);
  shop.put('customers', customer(3, 20 - lagMs / 1_000));
  shop.hidden.add('3');
  expect(await run(customers)).toMatchObject({ created: 2 });
  shop.hidden.clear();
  expect(await run(customers)).toMatchObject({ created: 1 });
  expect(crm.rows('contacts')).toHaveLength(3);
});

test("the watermark is the vendor's own highest stamp, and the next run asks from below it", async () => {
  const { shop, store, customers, run, addCustomers, time } = await startWorld();
  addCustomers([1, 2, 3, 4]);
  await run(customers);
  expect(await store.readCheckpoint('customers')).toEqual({ watermark: at(4) });
  time.now += 3_600_000;
  await run(customers);
  expect(sinceOf(shop.requests.at(-1)?.query)).toBe(new Date(noon + 4_000 - 1_000 - lagMs).toISOString());
  expect(await store.readCheckpoint('customers')).toEqual({ watermark: at(4) });
});

test('the watermark never falls', async () => {
  const { shop, store, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 9]);
  await run(customers);
  shop.put('customers', customer(2, 5));
  shop.put('customers', customer(3, 6));
  await run(customers);
  expect(await store.readCheckpoint('customers')).toEqual({ watermark: at(9) });
});

test('a stamp from the future is carried and does not move the watermark', async () => {
  const { shop, crm, store, customers, run, addCustomers, time } = await startWorld();
  shop.quirks.ignoresUntil = true;
  addCustomers([1, 2]);
  shop.put('customers', { ...customer(3, 0), updatedAt: '2099-01-01T00:00:00.000Z' });
  expect(await run(customers)).toMatchObject({ created: 3 });
  expect(await store.readCheckpoint('customers')).toEqual({ watermark: at(2) });
  time.now += 10_000;
  shop.put('customers', customer(4, 3));
  expect(await run(customers)).toMatchObject({ created: 1, updated: 0 });
  expect(crm.rows('contacts')).toHaveLength(4);
});

test('a clock that is ahead of the vendor loses nothing, because no mark is set by it', async () => {
  const { shop, crm, store, customers, run, addCustomers, time } = await startWorld();
  time.now = noon + 600_000;
  addCustomers([1]);
  shop.quirks.ignoresUntil = true;
  shop.put('customers', { ...customer(2, 0), updatedAt: '2099-01-01T00:00:00.000Z' });
  await run(customers);
  expect(await store.readCheckpoint('customers')).toEqual({ watermark: at(1) });
  shop.put('customers', customer(3, 10));
  expect(await run(customers)).toMatchObject({ created: 1 });
  expect(crm.rows('contacts')).toHaveLength(3);
});

test('a record without a stamp is carried and leaves the watermark alone', async () => {
  const { shop, crm, store, customers, run, addCustomers } = await startWorld();
  addCustomers([2]);
  const { updatedAt: _, ...bare } = customer(2, 1);
  shop.interference.before = () => ({
    json: { items: [customer(1, 2), bare, { ...bare, id: '3', key: 'key-3', updatedAt: null }], next: null },
  });
  expect(await run(customers)).toMatchObject({ created: 3, deadLetters: 0 });
  expect(await store.readCheckpoint('customers')).toEqual({ watermark: at(2) });
  expect(crm.rows('contacts')).toHaveLength(3);
});

test('a resource without change stamps is read whole each time', async () => {
  const { shop, crm, store, levels, run } = await startWorld();
  for (const number of [1, 2, 3, 4]) shop.put('levels', customer(number, number));
  expect(await run(levels)).toMatchObject({ read: 4, created: 4 });
  shop.put('levels', customer(1, 1, 'less'));
  expect(await run(levels)).toMatchObject({ read: 4, updated: 1, unchanged: 3 });
  expect(sinceOf(shop.requests.at(-1)?.query)).toBeNull();
  expect(crm.rows('stocks')[0]?.name).toBe('less');
  expect((await store.readCheckpoint('levels')) ?? {}).toEqual({});
});

test('an empty page is not the end', async () => {
  const { shop, crm, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2]);
  shop.interference.before = (_, number) => (number === 1 ? { json: { items: [], next: at(0) } } : undefined);
  expect(await run(customers)).toMatchObject({ created: 2 });
  expect(crm.rows('contacts')).toHaveLength(2);
});

test('an idle run leaves the state file as it is, however many pages it reads', async () => {
  const { path, customers, levels, shop, run, addCustomers } = await startWorld();
  addCustomers([5, 5, 5, 5, 5, 5, 5]);
  for (const number of [1, 2, 3, 4, 5, 6, 7]) shop.put('levels', customer(number, number));
  await run(customers);
  await run(levels);
  const before = [readFileSync(path), readFileSync(`${path}-wal`)];
  expect(await run(customers)).toMatchObject({ unchanged: 7 });
  expect(await run(levels)).toMatchObject({ unchanged: 7 });
  expect([readFileSync(path), readFileSync(`${path}-wal`)]).toEqual(before);
});

test('the journal has one row for every write, with the record as it was before an update', async () => {
  const { shop, store, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2]);
  const first = await run(customers);
  shop.put('customers', customer(2, 3, 'new name'));
  const second = await run(customers);
  const rows = await store.readJournal({ sync: 'customers', limit: 10 });
  expect(rows.map(({ run: by, action, sourceKey, destinationKey }) => [by, action, sourceKey, destinationKey])).toEqual(
    [
      [first.run, 'create', '1', 'contacts-1'],
      [first.run, 'create', '2', 'contacts-2'],
      [second.run, 'update', '2', 'contacts-2'],
    ],
  );
  expect(rows.map(({ before }) => before)).toEqual([
    null,
    null,
    { id: 'contacts-2', key: 'key-2', name: 'name 2', parentId: null },
  ]);
});

test('progress is told after every page and at the end', async () => {
  const { customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2, 3, 4, 5]);
  const seen: (readonly [read: number, created: number, total: number | undefined])[] = [];
  const result = await run(customers, {
    pagesAtOnce: 1,
    onProgress: ({ sync, read, created, total, elapsedMs }) => {
      expect(sync).toBe('customers');
      expect(elapsedMs).toBeGreaterThan(0);
      seen.push([read, created, total]);
    },
  });
  expect(seen).toEqual([
    [3, 3, undefined],
    [5, 5, undefined],
    [5, 5, 5],
  ]);
  expect(result.seconds).toBeGreaterThan(0);
});
