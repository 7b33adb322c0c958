import { expect, test } from 'vitest';
import { converge, defineSync, planSync } from '../src/index.ts';
import { at, customer, refusal, startWorld, type World } from './support/world.ts';

const addOrders = ({ shop }: World, parents: readonly (string | number | null)[]) => {
  for (const [index, parentId] of parents.entries()) {
    const number = index + 1;
    shop.put('orders', {
      id: `o${number}`,
      updatedAt: at(number),
      key: `order-${number}`,
      name: `order ${number}`,
      parentId,
    });
  }
};

test('orders that come before their customers are parked, and released once these are linked', async () => {
  const world = await startWorld();
  const { crm, orders, customers, run, addCustomers } = world;
  addCustomers([1, 2]);
  addOrders(world, ['1', '2', null]);
  expect(await run(orders)).toMatchObject({ read: 3, created: 1, parked: 2 });
  expect(crm.rows('deals').map(({ key, parentId }) => [key, parentId])).toEqual([['order-3', null]]);
  await run(customers);
  expect(await run(orders)).toMatchObject({ created: 2, parked: 0 });
  expect(crm.rows('deals').map(({ key, parentId }) => [key, parentId])).toEqual([
    ['order-1', 'contacts-1'],
    ['order-2', 'contacts-2'],
    ['order-3', null],
  ]);
});

test.each(['orders first', 'customers first'])(
  'a convergence ends with every deal at its contact: %s',
  async (order) => {
    const world = await startWorld();
    const { crm, store, clock, orders, customers, addCustomers } = world;
    addCustomers([1, 2, 3, 4]);
    addOrders(world, ['4', '3', '2', '1', '4']);
    const syncs = order === 'orders first' ? [orders, customers] : [customers, orders];
    const { results, converged } = await converge(syncs, { store, clock });
    expect(converged).toBe(true);
    expect(results.map(({ sync, created, updated, parked }) => ({ sync, created, updated, parked }))).toEqual(
      syncs.map(({ name }) => ({ sync: name, created: name === 'orders' ? 5 : 4, updated: 0, parked: 0 })),
    );
    const contactOf = new Map(crm.rows('contacts').map(({ id, key }) => [key, id]));
    expect(crm.rows('deals').map(({ parentId }) => parentId)).toEqual(
      [4, 3, 2, 1, 4].map((number) => contactOf.get(`key-${number}`)),
    );
    expect(crm.writes.filter(({ action }) => action === 'create')).toHaveLength(9);
  },
);

test('the sums of a convergence agree with each other', async () => {
  const world = await startWorld();
  const { store, clock, orders, customers, addCustomers } = world;
  addCustomers([1, 2, 3, 4]);
  addOrders(world, ['4', '3', null]);
  const { results } = await converge([customers, orders], { store, clock });
  expect(results.map(({ read, created, unchanged }) => [read, created, unchanged])).toEqual([
    [4, 4, 0],
    [3, 3, 0],
  ]);
});

test('a second convergence creates and updates nothing', async () => {
  const world = await startWorld();
  const { crm, store, clock, orders, customers, addCustomers } = world;
  addCustomers([1, 2]);
  addOrders(world, ['1', '2']);
  await converge([orders, customers], { store, clock });
  const requests = crm.requests.length;
  const { results, converged } = await converge([orders, customers], { store, clock });
  expect(converged).toBe(true);
  expect(results.map(({ created, updated }) => created + updated)).toEqual([0, 0]);
  expect(crm.requests).toHaveLength(requests);
});

test('a record whose parent never comes stays parked and counted, and the syncs converge', async () => {
  const world = await startWorld();
  const { crm, store, clock, orders, customers, addCustomers } = world;
  addCustomers([1]);
  addOrders(world, ['1', 'nobody']);
  const { results, converged } = await converge([orders, customers], { store, clock });
  expect(converged).toBe(true);
  expect(results.find(({ sync }) => sync === 'orders')).toMatchObject({ created: 1, parked: 1, deadLetters: 0 });
  expect(crm.rows('deals').map(({ key }) => key)).toEqual(['order-1']);
});

test('ids that are numbers are references too', async () => {
  const world = await startWorld();
  const { shop, crm, store, clock, orders, customers } = world;
  shop.put('customers', { ...customer(7, 1), id: 7 });
  addOrders(world, [7]);
  await converge([orders, customers], { store, clock });
  expect(crm.rows('deals').map(({ parentId }) => parentId)).toEqual(['contacts-1']);
});

test('a parked record that was changed meanwhile is written as it is now', async () => {
  const world = await startWorld();
  const { shop, crm, store, clock, orders, customers, run, addCustomers } = world;
  addOrders(world, ['1']);
  await run(orders);
  addCustomers([1]);
  shop.put('orders', { id: 'o1', updatedAt: at(20), key: 'order-1', name: 'changed', parentId: '1' });
  await converge([customers, orders], { store, clock });
  expect(crm.rows('deals').map(({ name, parentId }) => [name, parentId])).toEqual([['changed', 'contacts-1']]);
  expect(await store.countParked('orders')).toBe(0);
});

test('more parked records than fit at once are all released', async () => {
  const world = await startWorld();
  const { crm, orders, customers, run, addCustomers, time } = world;
  time.now += 600_000;
  addOrders(world, new Array<string>(130).fill('1'));
  expect(await run(orders)).toMatchObject({ created: 0, parked: 130 });
  addCustomers([1]);
  await run(customers);
  expect(await run(orders)).toMatchObject({ created: 130, parked: 0, deadLetters: 0 });
  expect(crm.rows('deals').filter(({ parentId }) => parentId === 'contacts-1')).toHaveLength(130);
});

test('a parent and its child in one list are linked within one run', async () => {
  const world = await startWorld();
  const { shop, crm, orders, run } = world;
  const tree = { ...orders, name: 'tree', references: { parentId: 'tree' } };
  shop.put('orders', { id: 'child', updatedAt: at(1), key: 'child', name: 'child', parentId: 'parent' });
  shop.put('orders', { id: 'parent', updatedAt: at(2), key: 'parent', name: 'parent', parentId: null });
  expect(await run(tree)).toMatchObject({ created: 2, parked: 0 });
  const parent = crm.rows('deals').find(({ key }) => key === 'parent');
  expect(crm.rows('deals').find(({ key }) => key === 'child')?.parentId).toBe(parent?.id);
});

test('a plan counts what a run would do, and writes nothing', async () => {
  const world = await startWorld();
  const { shop, crm, store, clock, customers, orders, run, addCustomers } = world;
  addCustomers([1, 2]);
  await run(customers);
  shop.put('customers', customer(2, 30, 'changed'));
  shop.put('customers', customer(3, 30, 'unmappable'));
  addOrders(world, ['1', 'nobody']);
  const requests = crm.requests.length;
  expect(await planSync(customers, { store, clock })).toMatchObject({ toWrite: 1, unchanged: 1, deadLetters: 1 });
  expect(await planSync(orders, { store, clock })).toMatchObject({ toWrite: 1, parked: 1 });
  expect(crm.requests).toHaveLength(requests);
  expect(await store.countParked('orders')).toBe(0);
});

test('a sync needs a source that lists and a destination that upserts', async () => {
  const { customers } = await startWorld();
  const nothing = { port: { ...customers.from, list: undefined } };
  // @ts-expect-error a destination must be able to upsert
  expect(() => defineSync({ name: 'x', from: nothing, to: nothing })).toThrow("sync 'x': shop.customers has no list");
});

test('the number of pages at once must be a whole one', async () => {
  const { customers, run } = await startWorld();
  expect((await refusal(run(customers, { pagesAtOnce: 0 }))).message).toBe('pagesAtOnce must be a whole number from 1');
});
