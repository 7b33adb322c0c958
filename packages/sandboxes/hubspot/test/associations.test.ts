import { expect, test } from 'vitest';
import { call, results, startedSandbox } from './started.ts';

const batches = ['/crm/v4/associations', '/crm/associations/2026-03', '/crm/associations/2026-09'];

test.each(batches)('section 2, associations: %s associates, reads both directions and archives', async (base) => {
  const sandbox = await startedSandbox({ seed: 7 });
  const pair = { from: { id: '1001' }, to: { id: '1002' } };
  const made = await call(sandbox, `${base}/contacts/companies/batch/associate/default`, { body: { inputs: [pair] } });
  expect(made).toMatchObject({
    status: 200,
    body: { results: [{ ...pair, associationSpec: { associationTypeId: 279 } }] },
  });
  const back = await call(sandbox, `${base}/companies/contacts/batch/read`, { body: { inputs: [{ id: '1002' }] } });
  expect(results(back)).toMatchObject([
    { from: { id: '1002' }, to: [{ toObjectId: '1001', associationTypes: [{ typeId: 280 }] }] },
  ]);
  const gone = { inputs: [{ from: { id: '1001' }, to: [{ id: '1002' }] }] };
  expect(await call(sandbox, `${base}/contacts/companies/batch/archive`, { body: gone })).toMatchObject({
    status: 204,
  });
  const none = await call(sandbox, `${base}/companies/contacts/batch/read`, { body: { inputs: [{ id: '1002' }] } });
  expect(none).toMatchObject({
    status: 207,
    body: { errors: [{ subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND' }] },
  });
});

test('section 2, associations: batch create takes a type, and a missing end is an error of a 207', async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 }];
  const inputs = ['1001', '77'].map((id) => ({ from: { id: '1001' }, to: { id }, types }));
  const answer = await call(sandbox, '/crm/associations/2026-03/deals/contacts/batch/create', { body: { inputs } });
  expect(answer).toMatchObject({ status: 207, body: { numErrors: 1, errors: [{ context: { toObjectId: ['77'] } }] } });
  expect(results(answer)).toMatchObject([{ associationSpec: { associationTypeId: 3 } }]);
});

test.each(['/crm/v3/objects', '/crm/v4/objects', '/crm/objects/2026-03'])(
  'section 2, associations: PUT default under %s, twice has one effect',
  async (base) => {
    const sandbox = await startedSandbox({ seed: 7 });
    const path = `${base}/deals/1001/associations/default/contacts/1001`;
    for (const _ of [1, 2])
      expect(await call(sandbox, path, { method: 'PUT' })).toMatchObject({ status: 200, body: { status: 'COMPLETE' } });
    const targets = await call(sandbox, `${base}/deals/1001/associations/contacts`);
    expect(results(targets)).toEqual([
      { toObjectId: '1001', associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 3, label: null }] },
    ]);
  },
);

test('section 2, create: associations of a create are made with it, or neither is', async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  const create = (id: string) => ({
    body: {
      properties: { dealname: 'x' },
      associations: [{ to: { id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 }] }],
    },
  });
  expect(await call(sandbox, '/crm/v3/objects/deals', create('77'))).toMatchObject({ status: 404 });
  expect(sandbox.writes()).toEqual([]);
  const { body } = await call(sandbox, '/crm/v3/objects/deals', create('1001'));
  const read = await call(sandbox, `/crm/v3/objects/deals/${body.id}?associations=contacts`);
  expect(read.body.associations).toEqual({ contacts: { results: [{ id: '1001', type: 'deal_to_contact' }] } });
});

test('an association does not bump the stamp, and one to an archived object is not shown', async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  const before = await call(sandbox, '/crm/v3/objects/contacts/1001');
  await call(sandbox, '/crm/v4/objects/contacts/1001/associations/default/companies/1001', { method: 'PUT' });
  expect((await call(sandbox, '/crm/v3/objects/contacts/1001')).body.updatedAt).toBe(before.body.updatedAt);
  await call(sandbox, '/crm/v3/objects/companies/1001', { method: 'DELETE' });
  const targets = await call(sandbox, '/crm/v4/objects/contacts/1001/associations/companies');
  expect(results(targets)).toEqual([]);
});

test('two types that never meet answer 400', async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  const path = '/crm/v4/objects/contacts/1001/associations/default/products/1001';
  expect(await call(sandbox, path, { method: 'PUT' })).toMatchObject({ status: 400 });
});

test('ids that are no numbers answer errors of the vendor, not of the database', async () => {
  const sandbox = await startedSandbox({ seed: 7 });
  const path = '/crm/v4/objects/contacts/abc/associations';
  expect(await call(sandbox, `${path}/default/companies/1001`, { method: 'PUT' })).toMatchObject({ status: 404 });
  expect(await call(sandbox, `${path}/companies`)).toMatchObject({ status: 200, body: { results: [] } });
  expect(await call(sandbox, `${path}/companies/1001`, { method: 'DELETE' })).toMatchObject({ status: 204 });
  expect(await call(sandbox, '/crm/v3/objects/contacts/abc')).toMatchObject({ status: 404 });
});
