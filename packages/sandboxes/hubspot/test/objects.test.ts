import { expect, test } from 'vitest';
import { call, manualClock, results, startedSandbox } from './started.ts';

const bases = ['/crm/v3/objects', '/crm/objects/2026-03', '/crm/objects/2026-09'];
const types = ['contacts', 'companies', 'deals', 'products', 'line_items'];

test.each(bases.flatMap((base) => types.map((type) => `${base}/${type}`)))(
  'section 2, endpoints: %s creates, reads, changes and archives',
  async (path) => {
    const sandbox = await startedSandbox();
    const { status, body } = await call(sandbox, path, { body: { properties: {} } });
    expect(status).toBe(201);
    const one = `${path}/${body.id}`;
    const name = path.endsWith('deals') ? 'dealname' : path.endsWith('contacts') ? 'lastname' : 'name';
    const changed = await call(sandbox, one, { method: 'PATCH', body: { properties: { [name]: 'Ω' } } });
    expect(changed.body.properties).toMatchObject({ [name]: 'Ω' });
    expect(await call(sandbox, `${one}?properties=${name}`)).toMatchObject({
      status: 200,
      body: { properties: { [name]: 'Ω' } },
    });
    expect(await call(sandbox, one, { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(await call(sandbox, one)).toMatchObject({ status: 404, body: { category: 'OBJECT_NOT_FOUND' } });
    expect(await call(sandbox, `${one}?archived=true`)).toMatchObject({ status: 200, body: { archived: true } });
    expect(sandbox.writes().map(({ kind }) => kind)).toEqual(['create', 'update', 'delete']);
  },
);

test('section 2, incremental: the stamp is lastmodifieddate for contacts and hs_lastmodifieddate for others, bumped by every write', async () => {
  const clock = manualClock(1_000_000);
  const sandbox = await startedSandbox({ clock });
  for (const [type, name] of [
    ['contacts', 'lastmodifieddate'],
    ['deals', 'hs_lastmodifieddate'],
  ] as const) {
    clock.set(1_000_000);
    const { body } = await call(sandbox, `/crm/v3/objects/${type}`, { body: { properties: {} } });
    clock.set(2_000_000);
    const changed = await call(sandbox, `/crm/v3/objects/${type}/${body.id}`, {
      method: 'PATCH',
      body: { properties: {} },
    });
    expect(changed.body).toMatchObject({
      createdAt: '1970-01-01T00:16:40.000Z',
      updatedAt: '1970-01-01T00:33:20.000Z',
      properties: { createdate: '1970-01-01T00:16:40.000Z', [name]: '1970-01-01T00:33:20.000Z' },
    });
  }
});

test('section 2, list: archived objects come with archived=true alone, and their e-mail is free again', async () => {
  const sandbox = await startedSandbox();
  const body = { properties: { email: 'a@example.test' } };
  const first = await call(sandbox, '/crm/v3/objects/contacts', { body });
  await call(sandbox, `/crm/v3/objects/contacts/${first.body.id}`, { method: 'DELETE' });
  const second = await call(sandbox, '/crm/v3/objects/contacts', { body });
  expect(second.status).toBe(201);
  expect(results(await call(sandbox, '/crm/v3/objects/contacts')).map(({ id }) => id)).toEqual([second.body.id]);
  expect(results(await call(sandbox, '/crm/v3/objects/contacts?archived=true')).map(({ id }) => id)).toEqual([
    first.body.id,
  ]);
  expect(sandbox.duplicateCreates()).toEqual([{ type: 'contacts', key: 'a@example.test', count: 2 }]);
});

test('section 2, list: 10 a page by default, 100 at most', async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  expect(results(await call(sandbox, '/crm/v3/objects/contacts'))).toHaveLength(10);
  expect(results(await call(sandbox, '/crm/v3/objects/contacts?limit=100'))).toHaveLength(100);
  for (const query of ['limit=101', 'limit=0', 'limit=x', 'after=x']) {
    expect(await call(sandbox, `/crm/v3/objects/contacts?${query}`)).toMatchObject({ status: 400 });
  }
});

test('section 2, list: the link of a page leads to the next one', async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  const { body } = await call(sandbox, '/crm/v3/objects/deals?limit=50&properties=amount');
  const link = new URL(JSON.parse(JSON.stringify(body)).paging.next.link);
  const next = await call(sandbox, link.pathname + link.search);
  expect(results(next)).toHaveLength(30);
  expect(next.body.paging).toBeUndefined();
});

test('values are strings or null, times are normalised, and an empty string clears', async () => {
  const sandbox = await startedSandbox();
  const properties = { amount: 12.5, closedate: 1767225600000, dealname: 'x' };
  const { body } = await call(sandbox, '/crm/v3/objects/deals', { body: { properties } });
  expect(body.properties).toMatchObject({ amount: '12.5', closedate: '2026-01-01T00:00:00.000Z', dealname: 'x' });
  const cleared = await call(sandbox, `/crm/v3/objects/deals/${body.id}`, {
    method: 'PATCH',
    body: { properties: { dealname: '', amount: null } },
  });
  expect(cleared.body.properties).toMatchObject({ dealname: null, amount: null });
});

test.each([
  ['contacts', { email: 'not an address' }, 'INVALID_EMAIL'],
  ['contacts', { nothing: '1' }, 'PROPERTY_DOESNT_EXIST'],
  ['contacts', { lifecyclestage: 'friend' }, 'INVALID_OPTION'],
  ['contacts', { hs_object_id: '5' }, 'READ_ONLY_VALUE'],
  ['deals', { amount: 'much' }, 'INVALID_NUMBER'],
  ['deals', { closedate: 'soon' }, 'INVALID_DATE'],
])(
  'section 2, errors: %s with %j answers VALIDATION_ERROR with %s, and nothing is written',
  async (type, properties, code) => {
    const sandbox = await startedSandbox();
    const answer = await call(sandbox, `/crm/v3/objects/${type}`, { body: { properties } });
    expect(answer).toMatchObject({
      status: 400,
      body: { status: 'error', category: 'VALIDATION_ERROR', errors: [{ code }] },
    });
    expect(sandbox.writes()).toEqual([]);
  },
);

test('section 2, errors: an e-mail in use answers 409 CONFLICT on create and on change', async () => {
  const sandbox = await startedSandbox();
  const path = '/crm/objects/2026-03/contacts';
  const first = await call(sandbox, path, { body: { properties: { email: 'A@example.test' } } });
  const second = await call(sandbox, path, { body: { properties: { email: 'b@example.test' } } });
  const conflict = {
    status: 409,
    body: { category: 'CONFLICT', message: `Contact already exists. Existing ID: ${first.body.id}` },
  };
  expect(await call(sandbox, path, { body: { properties: { email: 'a@EXAMPLE.test' } } })).toMatchObject(conflict);
  const change = { method: 'PATCH', body: { properties: { email: 'a@example.test' } } };
  expect(await call(sandbox, `${path}/${second.body.id}`, change)).toMatchObject(conflict);
});

test('an unknown type, a body that is no JSON and an unknown path answer in the vendor shape', async () => {
  const sandbox = await startedSandbox();
  expect(await call(sandbox, '/crm/v3/objects/wishes')).toMatchObject({
    status: 400,
    body: { category: 'VALIDATION_ERROR' },
  });
  expect(await call(sandbox, '/crm/v3/objects/contacts', { body: [] })).toMatchObject({ status: 400 });
  expect(await call(sandbox, '/crm/v9/objects')).toMatchObject({ status: 404, body: { status: 'error' } });
});

test('the seed is the same for the same number, and has ties, gaps, many scripts and ids above 2^53', async () => {
  const first = await startedSandbox({ seed: 7 });
  const second = await startedSandbox({ seed: 7 });
  const path = '/crm/v3/objects/contacts?limit=100&properties=email,firstname,phone,zip';
  const rows = results(await call(first, path));
  expect(results(await call(second, path))).toEqual(rows);
  const text = JSON.stringify(rows);
  expect(text).toMatch(/[\u0600-\u06ff]/);
  expect(text).toContain('"phone":null');
  expect(new Set(rows.map(({ updatedAt }) => updatedAt)).size).toBeLessThan(rows.length);
  const all = await call(first, '/crm/v3/objects/contacts?limit=100&after=9007199254740992');
  expect(results(all).every(({ id }) => BigInt(String(id)) > BigInt(Number.MAX_SAFE_INTEGER))).toBe(true);
  expect(results(all).length).toBeGreaterThan(0);
});
