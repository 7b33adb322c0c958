import { expect, test } from 'vitest';
import { call, results, startedSandbox } from './started.ts';

const property = { name: 'source_id', label: 'Source', type: 'string', fieldType: 'text', groupName: 'g' };

test.each(['/crm/v3/properties', '/crm/properties/2026-03'])(
  'section 2, properties: %s lists the standard ones and takes new ones',
  async (base) => {
    const sandbox = await startedSandbox();
    const path = `${base}/products`;
    expect(results(await call(sandbox, path)).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['name', 'price', 'hs_sku', 'hs_lastmodifieddate']),
    );
    expect(await call(sandbox, path, { body: property })).toMatchObject({
      status: 201,
      body: { name: 'source_id', hubspotDefined: false },
    });
    expect(await call(sandbox, path, { body: property })).toMatchObject({ status: 409 });
    expect(await call(sandbox, `${path}/source_id`)).toMatchObject({ status: 200, body: { hasUniqueValue: false } });
    expect(await call(sandbox, `${path}/nothing`)).toMatchObject({ status: 404 });
    expect(await call(sandbox, '/crm/v3/objects/products', { body: { properties: { source_id: '1' } } })).toMatchObject(
      { status: 201 },
    );
  },
);

test('a definition that lacks a field, or has a bad name or type, answers 400', async () => {
  const sandbox = await startedSandbox();
  for (const bad of [{ label: null }, { name: 'Bad Name' }, { type: 'blob' }]) {
    expect(await call(sandbox, '/crm/v3/properties/deals', { body: { ...property, ...bad } })).toMatchObject({
      status: 400,
    });
  }
});

test('a second holder of a unique value answers 409, and clearing the first frees it', async () => {
  const sandbox = await startedSandbox();
  await call(sandbox, '/crm/v3/properties/companies', { body: { ...property, hasUniqueValue: true } });
  const body = { properties: { name: 'Li', source_id: 'c-1' } };
  const first = await call(sandbox, '/crm/v3/objects/companies', { body });
  expect(await call(sandbox, '/crm/v3/objects/companies', { body })).toMatchObject({
    status: 409,
    body: { category: 'CONFLICT' },
  });
  const found = await call(sandbox, '/crm/v3/objects/companies/c-1?idProperty=source_id');
  expect(found.body.id).toBe(first.body.id);
  await call(sandbox, `/crm/v3/objects/companies/${first.body.id}`, {
    method: 'PATCH',
    body: { properties: { source_id: '' } },
  });
  expect(await call(sandbox, '/crm/v3/objects/companies', { body })).toMatchObject({ status: 201 });
});
