import { expect, test } from 'vitest';
import { seedRecords } from '../src/index.ts';
import { call, manualClock, results, startedSandbox } from './started.ts';

const path = '/crm/objects/2026-09/contacts/search';
const seeded = seedRecords({ number: 7 }).filter(({ type }) => type === 'contacts');

type Filter = { propertyName: string; operator: string; value?: string; highValue?: string; values?: string[] };

const where = (...filters: Filter[]) => ({ filterGroups: [{ filters }], limit: 200 });

/** Seeded contacts that pass the test, by id, against what a search found. */
async function compared(filter: Filter, passes: (contact: (typeof seeded)[number]) => boolean) {
  // 150, so that one page of 200 holds whatever is found.
  const sandbox = await startedSandbox({ seed: { number: 7, contacts: 150 } });
  const answer = await call(sandbox, path, { body: where(filter) });
  const found = results(answer)
    .map((row) => String(row.id))
    .toSorted();
  const expected = seeded
    .slice(0, 150)
    .filter(passes)
    .map(({ id }) => id)
    .toSorted();
  return { found, expected, total: answer.body.total };
}

const customer = { propertyName: 'lifecyclestage', value: 'customer' };
const middle = 1767225600000 + 20 * 3_600_000;

test.each<[string, Filter, (contact: (typeof seeded)[number]) => boolean]>([
  ['EQ on an option', { ...customer, operator: 'EQ' }, ({ properties }) => properties.lifecyclestage === 'customer'],
  [
    'NEQ leaves out records without a value',
    { ...customer, operator: 'NEQ' },
    ({ properties: { lifecyclestage: stage } }) => stage !== undefined && stage !== 'customer',
  ],
  [
    'IN',
    { propertyName: 'lifecyclestage', operator: 'IN', values: ['lead', 'customer'] },
    ({ properties: { lifecyclestage: stage } }) => stage === 'lead' || stage === 'customer',
  ],
  [
    'NOT_IN',
    { propertyName: 'lifecyclestage', operator: 'NOT_IN', values: ['lead', 'customer'] },
    ({ properties }) => properties.lifecyclestage === 'opportunity',
  ],
  [
    'HAS_PROPERTY',
    { propertyName: 'phone', operator: 'HAS_PROPERTY' },
    ({ properties }) => properties.phone !== undefined,
  ],
  [
    'NOT_HAS_PROPERTY',
    { propertyName: 'phone', operator: 'NOT_HAS_PROPERTY' },
    ({ properties }) => properties.phone === undefined,
  ],
  [
    'LT on the stamp in milliseconds',
    { propertyName: 'lastmodifieddate', operator: 'LT', value: String(middle) },
    ({ updatedAt }) => updatedAt < middle,
  ],
  [
    'LTE on the stamp in ISO 8601',
    { propertyName: 'lastmodifieddate', operator: 'LTE', value: new Date(middle).toISOString() },
    ({ updatedAt }) => updatedAt <= middle,
  ],
  [
    'GT',
    { propertyName: 'lastmodifieddate', operator: 'GT', value: String(middle) },
    ({ updatedAt }) => updatedAt > middle,
  ],
  [
    'BETWEEN, both ends taken in',
    { propertyName: 'createdate', operator: 'BETWEEN', value: String(middle), highValue: String(middle + 3_600_000) },
    ({ createdAt }) => createdAt >= middle && createdAt <= middle + 3_600_000,
  ],
  [
    'an id above 2^53 compared exactly',
    { propertyName: 'hs_object_id', operator: 'GT', value: '9007199254740992' },
    ({ id }) => BigInt(id) > 9007199254740992n,
  ],
  [
    'EQ on e-mail in any case',
    { propertyName: 'email', operator: 'EQ', value: (seeded[3]?.properties.email ?? '').toUpperCase() },
    ({ id }) => id === seeded[3]?.id,
  ],
  [
    'CONTAINS_TOKEN with a wildcard',
    { propertyName: 'email', operator: 'CONTAINS_TOKEN', value: '*@example-3.test' },
    ({ properties }) => properties.email?.endsWith('@example-3.test') === true,
  ],
  [
    'CONTAINS_TOKEN on a word',
    { propertyName: 'city', operator: 'CONTAINS_TOKEN', value: 'paulo' },
    ({ properties }) => properties.city === 'São Paulo',
  ],
])('section 2, search operator: %s', async (_name, filter, passes) => {
  const { found, expected, total } = await compared(filter, passes);
  expect(total).toBe(expected.length);
  expect(found).toEqual(expected);
  expect(expected.length).toBeGreaterThan(0);
});

test('section 2, search: after 10,000 answers 400, and 9,999 does not', async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  const refused = await call(sandbox, path, { body: { after: '10000' } });
  expect(refused).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  expect(await call(sandbox, path, { body: { after: 9999 } })).toMatchObject({
    status: 200,
    body: { total: 250, results: [] },
  });
});

test('section 2, search: the last page before the wall names 10000 as the next, and asking for it answers 400', async () => {
  const sandbox = await startedSandbox({ seed: { number: 1, contacts: 10_050 } });
  const last = await call(sandbox, path, { body: { limit: 200, after: '9800' } });
  expect(last.body).toMatchObject({ total: 10_050, paging: { next: { after: '10000' } } });
  expect(results(last)).toHaveLength(200);
  expect(await call(sandbox, path, { body: { limit: 200, after: '10000' } })).toMatchObject({ status: 400 });
});

test('section 2, search: the re-window by (stamp, id) reads every record once, through ties', async () => {
  const sandbox = await startedSandbox({ seed: 7, settings: { searchesPerSecond: 1000 } });
  const read: string[] = [];
  let last = { stamp: 0, id: '0' };
  for (;;) {
    const ties = [
      { propertyName: 'lastmodifieddate', operator: 'EQ', value: String(last.stamp) },
      { propertyName: 'hs_object_id', operator: 'GT', value: last.id },
    ];
    const later = [{ propertyName: 'lastmodifieddate', operator: 'GT', value: String(last.stamp) }];
    const body = {
      filterGroups: [{ filters: ties }, { filters: later }],
      sorts: [{ propertyName: 'lastmodifieddate', direction: 'ASCENDING' }],
      limit: 7,
    };
    const rows = results(await call(sandbox, path, { body }));
    read.push(...rows.map((row) => String(row.id)));
    const final = rows.at(-1);
    if (final === undefined) break;
    last = { stamp: Date.parse(String(final.updatedAt)), id: String(final.id) };
  }
  expect(read).toHaveLength(250);
  expect(new Set(read)).toEqual(new Set(seeded.map(({ id }) => id)));
});

test('section 2, search: results lag behind a create, an update and a delete', async () => {
  const clock = manualClock(1_000_000);
  const sandbox = await startedSandbox({ clock, settings: { searchLagMs: 5000 } });
  const search = async () => results(await call(sandbox, path, { body: where() })).map((row) => row.properties);
  const { body } = await call(sandbox, '/crm/v3/objects/contacts', {
    body: { properties: { email: 'a@example.test', city: 'old' } },
  });
  expect(await search()).toEqual([]);
  clock.set(1_005_000);
  expect(await search()).toHaveLength(1);
  await call(sandbox, `/crm/v3/objects/contacts/${body.id}`, {
    method: 'PATCH',
    body: { properties: { city: 'new' } },
  });
  const byCity = where({ propertyName: 'city', operator: 'EQ', value: 'new' });
  expect(results(await call(sandbox, path, { body: byCity }))).toEqual([]);
  clock.set(1_010_000);
  expect(results(await call(sandbox, path, { body: byCity }))).toHaveLength(1);
  await call(sandbox, `/crm/v3/objects/contacts/${body.id}`, { method: 'DELETE' });
  expect(await search()).toHaveLength(1);
  clock.set(1_015_000);
  expect(await search()).toEqual([]);
});

test('section 2, search: a lag that is switched on later takes what is there for indexed', async () => {
  const clock = manualClock(1_000_000);
  const sandbox = await startedSandbox({ clock, seed: 7 });
  sandbox.state.settings.searchLagMs = 5000;
  await call(sandbox, '/crm/v3/objects/contacts', { body: { properties: { email: 'late@example.test' } } });
  expect(await call(sandbox, path, { body: {} })).toMatchObject({ body: { total: 250 } });
  clock.set(1_005_000);
  expect(await call(sandbox, path, { body: {} })).toMatchObject({ body: { total: 251 } });
});

test('section 2, search: two sorts, an unknown property, an unknown operator and a page of 201 answer 400', async () => {
  const sandbox = await startedSandbox({ settings: { searchesPerSecond: 100 } });
  const bodies = [
    { sorts: ['email', 'city'] },
    where({ propertyName: 'nothing', operator: 'EQ', value: '1' }),
    where({ propertyName: 'email', operator: 'LIKE', value: '1' }),
    { limit: 201 },
    where({ propertyName: 'createdate', operator: 'GT', value: 'yesterday' }),
    where({ propertyName: 'createdate', operator: 'BETWEEN', value: '1' }),
  ];
  for (const body of bodies) expect(await call(sandbox, path, { body })).toMatchObject({ status: 400 });
});

test('section 2, search: the filter caps are settings', async () => {
  const sandbox = await startedSandbox({ settings: { maxFilterGroups: 2, maxFiltersPerGroup: 2, maxFilters: 3 } });
  const filter = { propertyName: 'email', operator: 'HAS_PROPERTY' };
  const groups = (...sizes: number[]) => ({
    filterGroups: sizes.map((size) => ({ filters: Array.from({ length: size }, () => filter) })),
  });
  expect(await call(sandbox, path, { body: groups(2, 1) })).toMatchObject({ status: 200 });
  for (const body of [groups(1, 1, 1), groups(3), groups(2, 2)]) {
    expect(await call(sandbox, path, { body })).toMatchObject({ status: 400 });
  }
});

test('section 2, search: equal stamps come in the order of the setting', async () => {
  const clock = manualClock(1_000_000);
  const sandbox = await startedSandbox({ clock, settings: { tieOrder: 'descending' } });
  for (const name of ['a', 'b', 'c'])
    await call(sandbox, '/crm/v3/objects/companies', { body: { properties: { name } } });
  const body = { sorts: [{ propertyName: 'hs_lastmodifieddate', direction: 'ASCENDING' }] };
  const ids = results(await call(sandbox, '/crm/v3/objects/companies/search', { body })).map((row) => row.id);
  expect(ids).toEqual(['1003', '1002', '1001']);
});
