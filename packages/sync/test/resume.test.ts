import { expect, test } from 'vitest';
import { batchMax } from './support/connectors.ts';
import type { SeenRequest } from './support/http-server.ts';
import { at, customer, gate, refusal, startWorld } from './support/world.ts';

const unavailable = { status: 503, json: { error: 'down' } };
const windowOf = ({ query }: SeenRequest) => ({ since: query.get('since'), until: query.get('until') });
const keysIn = ({ body }: SeenRequest): readonly string[] =>
  // What the connector sends.
  (body as { records: readonly { key: string }[] }).records.map(({ key }) => key);

test('a run whose source fails goes on from the cursor in the same window', async () => {
  const { shop, crm, store, customers, run, addCustomers, time } = await startWorld();
  addCustomers([1, 2, 3, 4, 5, 6, 7, 8]);
  shop.interference.before = ({ query }) => (query.get('cursor')?.includes(at(6)) ? unavailable : undefined);
  expect((await refusal(run(customers))).code).toBe('unavailable');
  expect(crm.rows('contacts')).toHaveLength(6);
  const left = await store.readCheckpoint('customers');
  expect(left).toMatchObject({ window: { highest: at(6) }, cursor: `${at(6)}|000006` });
  expect(left).not.toHaveProperty('watermark');

  shop.interference.before = undefined;
  time.now += 60_000;
  const requests = shop.requests.length;
  expect(await run(customers)).toMatchObject({ created: 2, updated: 0 });
  const [resumed] = shop.requests.slice(requests);
  expect(resumed?.query.get('cursor')).toBe(`${at(6)}|000006`);
  expect(resumed && windowOf(resumed)).toEqual(shop.requests[0] && windowOf(shop.requests[0]));
  expect(await store.readCheckpoint('customers')).toEqual({ watermark: at(8) });
});

test('a run that finishes an old window reads what has changed since as well', async () => {
  const { shop, crm, customers, run, addCustomers, time } = await startWorld();
  addCustomers([1, 2, 3, 4]);
  shop.interference.before = ({ query }) => (query.has('cursor') ? unavailable : undefined);
  await refusal(run(customers));
  shop.interference.before = undefined;
  time.now += 60_000;
  shop.put('customers', customer(1, 90, 'since then'));
  expect(await run(customers)).toMatchObject({ created: 1, updated: 1 });
  expect(crm.rows('contacts').find(({ key }) => key === 'key-1')?.name).toBe('since then');
});

test('the watermark of a resumed window counts what was read before the interruption', async () => {
  const { shop, store, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2, 9]);
  shop.quirks.ignoresUntil = true;
  shop.put('customers', { ...customer(4, 0), updatedAt: '2098-01-01T00:00:00.000Z' });
  shop.interference.before = ({ query }) => (query.has('cursor') ? unavailable : undefined);
  await refusal(run(customers));
  shop.interference.before = undefined;
  await run(customers);
  expect(await store.readCheckpoint('customers')).toEqual({ watermark: at(9) });
});

test.each([400, 410])(
  'a cursor that the vendor refuses with %i leads back to the start of its window',
  async (status) => {
    const { shop, crm, store, customers, run, addCustomers } = await startWorld();
    addCustomers([1, 2, 3, 4, 5]);
    shop.interference.before = ({ query }) => (query.has('cursor') ? unavailable : undefined);
    await refusal(run(customers));
    const failed = shop.requests.length;
    shop.interference.before = (_, number) => (number === failed + 1 ? { status, json: {} } : undefined);
    expect(await run(customers)).toMatchObject({ created: 2, updated: 0 });
    expect(shop.requests[failed + 1]?.query.has('cursor')).toBe(false);
    expect(crm.writes).toHaveLength(5);
    expect(await store.readCheckpoint('customers')).toEqual({ watermark: at(5) });
  },
);

test('the start of a window is read again once: where it is refused as well, the run fails', async () => {
  const { shop, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2, 3, 4, 5]);
  shop.interference.before = ({ query }) => (query.has('cursor') ? unavailable : undefined);
  await refusal(run(customers));
  const failed = shop.requests.length;
  shop.interference.before = () => ({ status: 410, json: {} });
  expect((await refusal(run(customers))).code).toBe('not-found');
  expect(shop.requests.slice(failed).map(({ query }) => query.has('cursor'))).toEqual([true, false]);
});

test('a refusal in the middle of a list is no expired cursor: the run fails', async () => {
  const { shop, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2, 3, 4]);
  shop.interference.before = ({ query }) => (query.has('cursor') ? { status: 400, json: {} } : undefined);
  expect((await refusal(run(customers))).code).toBe('invalid-request');
  expect(shop.requests).toHaveLength(2);
});

test('the checkpoint never stands beyond a page that failed, though pages behind it were written', async () => {
  const { crm, store, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2, 3, 4, 5, 6]);
  const secondPage = gate();
  crm.interference.before = async (request) => {
    if (!keysIn(request).includes('key-1')) return undefined;
    await secondPage.opened;
    return unavailable;
  };
  crm.interference.after = (request) => {
    if (keysIn(request).includes('key-6')) secondPage.open();
  };
  expect((await refusal(run(customers))).code).toBe('unavailable');
  expect(crm.rows('contacts').map(({ key }) => key)).toEqual(['key-4', 'key-5', 'key-6']);
  expect(await store.readCheckpoint('customers')).toBeUndefined();
  expect((await store.readLinks('customers', ['4', '5', '6'])).size).toBe(0);

  crm.interference.before = undefined;
  await run(customers);
  expect(crm.rows('contacts')).toHaveLength(6);
  expect(crm.writes.filter(({ action }) => action === 'create')).toHaveLength(6);
});

test.each([
  [401, 'unauthenticated'],
  [503, 'unavailable'],
])('a destination that answers %i ends the run and keeps the checkpoint', async (status, code) => {
  const { crm, store, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2]);
  await run(customers);
  const before = await store.readCheckpoint('customers');
  addCustomers([21, 22, 23]);
  crm.interference.before = () => ({ status, json: {} });
  expect((await refusal(run(customers))).code).toBe(code);
  expect(await store.readCheckpoint('customers')).toEqual(before);
  expect(await store.countDeadLetters('customers')).toBe(0);
  crm.interference.before = undefined;
  expect(await run(customers)).toMatchObject({ created: 1, updated: 0 });
});

test('a page ahead that fails is reported once its turn comes, after the pages before it are committed', async () => {
  const { shop, crm, store, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2, 3, 4]);
  const ahead = gate();
  shop.interference.before = ({ query }) => {
    if (!query.has('cursor')) return undefined;
    ahead.open();
    return { status: 401, json: {} };
  };
  crm.interference.before = async () => {
    await ahead.opened;
    return undefined;
  };
  expect((await refusal(run(customers))).code).toBe('unauthenticated');
  expect((await store.readLinks('customers', ['1', '2', '3'])).size).toBe(3);
});

test('a destination that fails does not wait for a source that is slow', async () => {
  const { shop, crm, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2, 3, 4]);
  const never = gate();
  shop.interference.before = async ({ query }) => {
    if (query.has('cursor')) await never.opened;
    return undefined;
  };
  crm.interference.before = () => ({ status: 401, json: {} });
  expect((await refusal(run(customers, { pagesAtOnce: 1 }))).code).toBe('unauthenticated');
  never.open();
});

test('at most one page is read ahead of those that are being written', async () => {
  const { shop, crm, customers, run, addCustomers } = await startWorld();
  addCustomers(Array.from({ length: 21 }, (_, index) => index));
  const written = gate();
  let held = 0;
  crm.interference.before = async () => {
    held += 1;
    if (held === 2) setTimeout(written.open, 100); // time enough for a source that nobody holds back
    await written.opened;
    return undefined;
  };
  let readWhileHeld = 0;
  crm.interference.after = () => {
    if (readWhileHeld === 0) readWhileHeld = shop.requests.length;
  };
  expect(await run(customers, { pagesAtOnce: 2 })).toMatchObject({ created: 21 });
  expect(readWhileHeld).toBe(3);
  expect(crm.requests).toHaveLength(7 * Math.ceil(3 / batchMax));
});

test('a long read that changes nothing keeps its place now and then', async () => {
  const { shop, store, levels, run } = await startWorld();
  for (let number = 1; number <= 90; number += 1) shop.put('levels', customer(number, number % 50));
  expect(await run(levels)).toMatchObject({ created: 90 });
  const first = shop.requests.length;
  shop.interference.before = (_, number) => (number > first + 27 ? unavailable : undefined);
  expect((await refusal(run(levels))).code).toBe('unavailable');
  const kept = (await store.readCheckpoint('levels'))?.cursor;
  const asked = shop.requests.slice(first).map(({ query }) => query.get('cursor'));
  // Finished pages share a commit: the place is kept with the 25th page or one of those under way with it.
  expect(asked.indexOf(kept ?? '')).toBeGreaterThanOrEqual(25);
  shop.interference.before = undefined;
  expect(await run(levels)).toMatchObject({ created: 0, updated: 0 });
  expect((await store.readCheckpoint('levels')) ?? {}).toEqual({});
});
