import { expect, test } from 'vitest';
import { hintQueue, runRecords, watch } from '../src/index.ts';
import { customer, gate, refusal, startWorld } from './support/world.ts';

test('a named record is fetched as it is now and carried, and the checkpoint stays', async () => {
  const { shop, crm, store, customers, run, addCustomers, clock } = await startWorld();
  addCustomers([1, 2, 3]);
  await run(customers);
  const checkpoint = await store.readCheckpoint('customers');
  shop.put('customers', customer(2, 30, 'first'));
  shop.put('customers', customer(2, 31, 'second'));
  const result = await runRecords(customers, ['2', '2'], { store, clock });
  expect(result).toMatchObject({ read: 1, created: 0, updated: 1, unchanged: 0 });
  expect(shop.requests.at(-1)?.path).toBe('/customers/2');
  expect(crm.rows('contacts').find(({ key }) => key === 'key-2')?.name).toBe('second');
  expect(await store.readCheckpoint('customers')).toEqual(checkpoint);
  expect(await run(customers)).toMatchObject({ created: 0, updated: 0 });
});

test('a named record that is gone is left to the deletions', async () => {
  const { crm, store, customers, clock } = await startWorld();
  expect(await runRecords(customers, ['7'], { store, clock })).toMatchObject({ read: 0, created: 0 });
  expect(crm.requests).toEqual([]);
});

test('a source without get cannot be asked for single records', async () => {
  const { store, orders } = await startWorld();
  expect(await refusal(runRecords(orders, ['1'], { store }))).toMatchObject({ code: 'invalid-definition' });
});

test('a watch carries a hint at once, long before the next round', async () => {
  const { shop, crm, store, customers, addCustomers, time } = await startWorld();
  addCustomers([1, 2]);
  const hints = hintQueue();
  const end = new AbortController();
  const watching = watch([customers], { store, hints, signal: end.signal, pollMs: 3_600_000 });
  await hints.add({ sync: customers, key: '1' });
  time.now += 1_000;
  shop.put('customers', customer(2, 5, 'hinted'));
  await hints.add({ sync: customers, key: '2' });
  expect(crm.rows('contacts').map(({ name }) => name)).toEqual(['name 1', 'hinted']);
  end.abort();
  await watching;
});

test('a hint that comes while another is followed is followed next', async () => {
  const { shop, crm, store, customers, addCustomers } = await startWorld();
  addCustomers([1, 2]);
  const hints = hintQueue();
  const end = new AbortController();
  const watching = watch([customers], { store, hints, signal: end.signal, pollMs: 3_600_000 });
  await hints.add({ sync: customers, key: '1' });
  const held = gate();
  const asked = gate();
  shop.interference.before = async ({ path }) => {
    if (path !== '/customers/1') return undefined;
    asked.open();
    await held.opened;
    return undefined;
  };
  shop.put('customers', customer(2, 5, 'second hint'));
  const first = hints.add({ sync: customers, key: '1' });
  await asked.opened;
  const second = hints.add({ sync: customers, key: '2' });
  held.open();
  await Promise.all([first, second]);
  expect(crm.rows('contacts').map(({ name }) => name)).toEqual(['name 1', 'second hint']);
  end.abort();
  await watching;
});

test('whoever gave a hint hears that its record could not be carried, and the watch ends', async () => {
  const { shop, store, customers, addCustomers } = await startWorld();
  addCustomers([1]);
  const hints = hintQueue();
  const watching = watch([customers], { store, hints, pollMs: 3_600_000 });
  await hints.add({ sync: customers, key: '1' });
  shop.interference.before = () => ({ status: 403, json: {} });
  const refused = refusal(hints.add({ sync: customers, key: '1' }));
  expect(await refusal(watching)).toMatchObject({ code: 'forbidden' });
  expect(await refused).toMatchObject({ code: 'forbidden' });
});

test('a watch that fails leaves no hint waiting', async () => {
  const { shop, store, customers, orders, addCustomers } = await startWorld();
  addCustomers([1]);
  const hints = hintQueue();
  const held = gate();
  const asked = gate();
  const watching = refusal(watch([customers, orders], { store, hints, pollMs: 3_600_000 }));
  shop.interference.before = async ({ path }) => {
    if (!path.startsWith('/orders')) return undefined;
    asked.open();
    await held.opened;
    return { status: 403, json: {} };
  };
  await asked.opened;
  const waiting = refusal(hints.add({ sync: customers, key: '1' }));
  held.open();
  expect(await watching).toMatchObject({ code: 'forbidden' });
  expect(await waiting).toMatchObject({ code: 'cancelled' });
});

test('whoever gave a hint that nobody will follow any more hears of the end', async () => {
  const { store, customers, addCustomers } = await startWorld();
  addCustomers([1]);
  const hints = hintQueue();
  const end = new AbortController();
  const watching = watch([customers], { store, hints, signal: end.signal, pollMs: 3_600_000 });
  await hints.add({ sync: customers, key: '1' });
  end.abort();
  const late = refusal(hints.add({ sync: customers, key: '1' }));
  await watching;
  expect(await late).toMatchObject({ code: 'cancelled' });
});

test('hints that are closed refuse who waits and who comes later: nobody would carry them', async () => {
  const { customers } = await startWorld();
  const hints = hintQueue();
  const waiting = refusal(hints.add({ sync: customers, key: '1' }));
  hints.close();
  expect(await waiting).toMatchObject({ code: 'cancelled' });
  expect(await refusal(hints.add({ sync: customers, key: '2' }))).toMatchObject({ code: 'cancelled' });
  expect(hints.isEmpty()).toBe(true);
});
