import { expect, test } from 'vitest';
import { type RunResult, watch } from '../src/index.ts';
import { at, customer, gate, startWorld } from './support/world.ts';

test('the signal stops the run at a page boundary: what is being written is committed, and the next run goes on', async () => {
  const { shop, crm, store, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const stop = new AbortController();
  crm.interference.after = (_, number) => {
    if (number === 3) stop.abort();
  };
  const first = await run(customers, { signal: stop.signal, pagesAtOnce: 1 });
  expect(first).toMatchObject({ stopped: true, created: 6 });
  expect(await store.readCheckpoint('customers')).toMatchObject({ cursor: `${at(6)}|000006` });
  expect(crm.rows('contacts')).toHaveLength(6);
  const second = await run(customers);
  expect(second).toMatchObject({ stopped: false, created: 3, updated: 0 });
  expect(shop.requests.filter(({ query }) => query.get('cursor') === `${at(6)}|000006`).length).toBeLessThanOrEqual(2);
});

test('a signal that has come already stops the run before its first request', async () => {
  const { shop, customers, run, addCustomers } = await startWorld();
  addCustomers([1]);
  expect(await run(customers, { signal: AbortSignal.abort() })).toMatchObject({ stopped: true, read: 0 });
  expect(shop.requests).toEqual([]);
});

test('a source that is slow does not hold a stop back', async () => {
  const { shop, crm, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2, 3, 4]);
  const stop = new AbortController();
  const never = gate();
  shop.interference.before = async ({ query }) => {
    if (!query.has('cursor')) return undefined;
    stop.abort();
    await never.opened;
    return undefined;
  };
  expect(await run(customers, { signal: stop.signal })).toMatchObject({ stopped: true, created: 3 });
  expect(crm.rows('contacts')).toHaveLength(3);
  never.open();
});

test('a write that hangs is cancelled when the grace is over, and written by the next run', async () => {
  const { crm, store, customers, run, addCustomers } = await startWorld();
  addCustomers([1, 2]);
  const stop = new AbortController();
  const never = gate();
  crm.interference.before = async () => {
    stop.abort();
    await never.opened;
    return undefined;
  };
  expect(await run(customers, { signal: stop.signal, graceMs: 20 })).toMatchObject({ stopped: true, created: 0 });
  expect(await store.readCheckpoint('customers')).toBeUndefined();
  crm.interference.before = undefined;
  never.open();
  await run(customers);
  expect(crm.rows('contacts')).toHaveLength(2);
});

test('a watch carries a change and ends on the signal', async () => {
  const { shop, crm, store, clock, customers, addCustomers } = await startWorld();
  addCustomers([1]);
  const stop = new AbortController();
  const told: RunResult[] = [];
  await watch([customers], {
    ...{ store, clock, pollMs: 1, signal: stop.signal },
    onChange: (result) => {
      told.push(result);
      if (told.length === 1) shop.put('customers', customer(1, 20, 'changed'));
      if (told.length === 2) shop.put('customers', customer(1, 30, 'unmappable'));
      if (told.length === 3) stop.abort();
    },
  });
  expect(told.map(({ created, updated, deadLetters }) => [created, updated, deadLetters])).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
  expect(crm.rows('contacts').map(({ name }) => name)).toEqual(['changed']);
});
