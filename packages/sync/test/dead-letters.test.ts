import { expect, test } from 'vitest';
import { at, customer, gate, refusal, startWorld } from './support/world.ts';

const lettersOf = async ({ store }: Pick<Awaited<ReturnType<typeof startWorld>>, 'store'>) =>
  (await store.readDeadLetters({ limit: 20 })).map(({ sourceKey, stage, code, issues }) => ({
    ...{ sourceKey, stage, code },
    issues: issues.map(({ path, reason }) => `${path}: ${reason}`),
  }));

test.each([
  ['does not fit its schema', { name: 7 }, 'validate', 'invalid-record', /^name: .*expected string/],
  ['does not fit its mapping', { name: 'unmappable' }, 'map', 'invalid-record', /^name: cannot be mapped$/],
  [
    'makes the mapping throw',
    { name: 'explosive' },
    'map',
    'invalid-record',
    /^: the mapping failed .* \(TypeError\)$/,
  ],
  ['has an empty upsert key', { key: '' }, 'map', 'invalid-record', /^key: is empty/],
  ['has no id', { id: null }, 'validate', 'invalid-record', /^: the record has no key$/],
  ['is refused by the destination', { name: 'refused' }, 'write', 'invalid-request', /^: the CRM refused the record$/],
  [
    'makes the destination refuse its request',
    { name: 'poison' },
    'write',
    'invalid-request',
    /^: the vendor answered 400$/,
  ],
])('a record that %s becomes a dead letter, and the others go on', async (_, change, stage, code, issue) => {
  const world = await startWorld();
  const { shop, crm, store, customers, run, addCustomers } = world;
  addCustomers([1, 2, 3, 4, 5]);
  shop.put('customers', customer(2, 2));
  const broken = { ...customer(2, 2), ...change };
  shop.interference.before = (_request, number) =>
    number === 1 ? { json: { items: [customer(1, 1), broken, customer(3, 3)], next: `${at(3)}|000003` } } : undefined;
  expect(await run(customers)).toMatchObject({ read: 5, created: 4, deadLetters: 1 });
  expect(crm.rows('contacts').map(({ key }) => key)).toEqual(['key-1', 'key-3', 'key-4', 'key-5']);
  const sourceKey = broken.id === null ? expect.stringMatching(/^without-key:/) : '2';
  expect(await lettersOf(world)).toEqual([{ sourceKey, stage, code, issues: [expect.stringMatching(issue)] }]);
  const [letter] = await store.readDeadLetters({ limit: 1 });
  expect(letter?.payload).toEqual(broken);
});

test('a record that was mended clears its dead letter', async () => {
  const { shop, crm, store, customers, run } = await startWorld();
  shop.put('customers', customer(1, 1, 'unmappable'));
  shop.put('customers', customer(2, 1, 'refused'));
  expect(await run(customers)).toMatchObject({ created: 0, deadLetters: 2 });
  shop.put('customers', customer(1, 20, 'mended'));
  shop.put('customers', customer(2, 20, 'mended'));
  expect(await run(customers)).toMatchObject({ created: 2, deadLetters: 0 });
  expect(await store.readDeadLetters({ limit: 5 })).toEqual([]);
  expect(crm.rows('contacts').map(({ name }) => name)).toEqual(['mended', 'mended']);
});

test('a record that went back to what was written clears its dead letter without a write', async () => {
  const { shop, crm, customers, run } = await startWorld();
  shop.put('customers', customer(1, 1));
  await run(customers);
  shop.put('customers', customer(1, 20, 'unmappable'));
  expect(await run(customers)).toMatchObject({ deadLetters: 1 });
  shop.put('customers', customer(1, 30));
  expect(await run(customers)).toMatchObject({ unchanged: 1, deadLetters: 0 });
  expect(crm.writes).toHaveLength(1);
});

test('of two records with one upsert key on a page the second is a dead letter', async () => {
  const world = await startWorld();
  const { shop, crm, customers, run } = world;
  shop.put('customers', customer(1, 1));
  shop.put('customers', { ...customer(2, 2), key: 'key-1' });
  expect(await run(customers)).toMatchObject({ created: 1, deadLetters: 1 });
  expect(await lettersOf(world)).toEqual([
    {
      ...{ sourceKey: '2', stage: 'map', code: 'invalid-record' },
      issues: ['key: is the same as that of another record on this page'],
    },
  ]);
  expect(crm.rows('contacts').map(({ name }) => name)).toEqual(['name 1']);
});

test('of two records with one upsert key that which was linked before keeps it', async () => {
  const world = await startWorld();
  const { shop, crm, customers, run } = world;
  shop.put('customers', customer(1, 1));
  await run(customers);
  shop.put('customers', { ...customer(2, 20), key: 'key-1' });
  shop.put('customers', customer(1, 21));
  expect(await run(customers)).toMatchObject({ created: 0, updated: 0, deadLetters: 1 });
  expect((await lettersOf(world)).map(({ sourceKey }) => sourceKey)).toEqual(['2']);
  expect(crm.rows('contacts').map(({ name }) => name)).toEqual(['name 1']);
});

test('a batch that is refused whole is halved until the record at fault is alone', async () => {
  const world = await startWorld();
  const { crm, shop, customers, run } = world;
  shop.put('customers', customer(1, 1));
  shop.put('customers', customer(2, 1, 'poison'));
  expect(await run(customers)).toMatchObject({ created: 1, deadLetters: 1 });
  expect(crm.requests.map(({ body }) => (body as { records: unknown[] }).records.length)).toEqual([2, 1, 1]);
  expect((await lettersOf(world)).map(({ sourceKey }) => sourceKey)).toEqual(['2']);
});

test('a record that the destination cannot take just now is no dead letter: it is written by the next run', async () => {
  const world = await startWorld();
  const { crm, store, customers, run, addCustomers } = world;
  addCustomers([1, 2]);
  crm.interference.before = () => ({
    json: {
      results: [
        { ok: true, record: { id: 'contacts-1', key: 'key-1', name: 'name 1', parentId: null }, created: true },
        { ok: false, reason: 'busy' },
      ],
    },
  });
  expect((await refusal(run(customers))).code).toBe('unavailable');
  expect(await store.countDeadLetters('customers')).toBe(0);
  expect((await store.readLinks('customers', ['1', '2'])).size).toBe(1);
  expect(await store.readCheckpoint('customers')).toBeUndefined();
  crm.interference.before = undefined;
  expect(await run(customers)).toMatchObject({ created: 1, unchanged: 1 });
  expect(crm.writes.map(({ key }) => key)).toEqual(['key-2']);
});

test('a record that comes twice on a page is written once, as the newest', async () => {
  const { shop, crm, customers, run } = await startWorld();
  shop.interference.before = () => ({ json: { items: [customer(1, 9, 'new'), customer(1, 5, 'old')], next: null } });
  expect(await run(customers)).toMatchObject({ read: 2, created: 1 });
  expect(crm.writes).toHaveLength(1);
  expect(crm.rows('contacts').map(({ name }) => name)).toEqual(['new']);
});

test('a record that comes again on a later page ends as it was read last, after one create', async () => {
  const { shop, crm, store, customers, run } = await startWorld();
  shop.interference.before = ({ query }) =>
    query.has('cursor')
      ? { json: { items: [customer(1, 9, 'new')], next: null } }
      : { json: { items: [customer(1, 5, 'old')], next: 'second' } };
  expect(await run(customers)).toMatchObject({ read: 2, created: 1, updated: 1 });
  expect(crm.rows('contacts').map(({ name }) => name)).toEqual(['new']);
  const journal = await store.readJournal({ limit: 5 });
  expect(journal.map(({ action }) => action)).toEqual(['create', 'update']);
});

test('a record that is broken on one page and mended on the next leaves no dead letter', async () => {
  const { shop, crm, customers, run } = await startWorld();
  const secondPage = gate();
  shop.interference.before = ({ query }) => {
    if (!query.has('cursor'))
      return { json: { items: [{ ...customer(1, 5), name: 7 }, customer(2, 5)], next: 'second' } };
    setTimeout(secondPage.open, 100); // time enough for the second page to be written before the first, if it may
    return { json: { items: [customer(1, 9, 'mended')], next: null } };
  };
  crm.interference.before = async (_, number) => {
    if (number === 1) await secondPage.opened;
    return undefined;
  };
  expect(await run(customers)).toMatchObject({ read: 3, created: 2, deadLetters: 0 });
  expect(crm.rows('contacts').map(({ name }) => name)).toEqual(['mended', 'name 2']);
});
