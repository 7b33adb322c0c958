import { Client } from '@hubspot/api-client';
import { describe, expect, test } from 'vitest';
import { call, results, startedSandbox } from './started.ts';

const merged = async (mergeId: 'primary' | 'new') => {
  const sandbox = await startedSandbox({ settings: { mergeId } });
  const client = new Client({ accessToken: 'sandbox-token', basePath: sandbox.url });
  const { crm } = client;
  const made: string[] = [];
  for (const [email, phone] of [
    ['a@example.test', ''],
    ['b@example.test', '7'],
  ] as const) {
    made.push((await crm.contacts.basicApi.create({ properties: { email, phone }, associations: [] })).id);
  }
  const [primary = '', loser = ''] = made;
  const company = await crm.companies.basicApi.create({ properties: { name: 'X' }, associations: [] });
  await crm.associations.v4.basicApi.createDefault('contacts', loser, 'companies', company.id);
  const body = { primaryObjectId: primary, objectIdToMerge: loser };
  const answer = await client.apiRequest({ method: 'POST', path: '/crm/v3/objects/contacts/merge', body });
  expect(answer.status).toBe(200);
  return { sandbox, primary, loser, company };
};

describe('vendors.md 2, merge', () => {
  test("the vendor's client merges, and the id that is gone leads to the survivor", async () => {
    const { sandbox, primary, loser, company } = await merged('primary');
    const byLoser = await call(
      sandbox,
      `/crm/v3/objects/contacts/${loser}?properties=email,phone,hs_merged_object_ids`,
    );
    expect(byLoser.body).toMatchObject({
      id: primary,
      properties: { email: 'a@example.test', phone: '7', hs_merged_object_ids: loser },
    });
    const byEmail = await call(sandbox, '/crm/v3/objects/contacts/b@example.test?idProperty=email');
    expect(byEmail.body.id).toBe(primary);
    const list = await call(sandbox, '/crm/v3/objects/contacts');
    expect(results(list).map(({ id }) => id)).toEqual([primary]);
    const archived = await call(sandbox, '/crm/v3/objects/contacts?archived=true');
    expect(results(archived)).toEqual([]);
    const contacts = await call(sandbox, `/crm/v4/objects/companies/${company.id}/associations/contacts`);
    expect(results(contacts)).toMatchObject([{ toObjectId: primary }]);
  });

  test("setting mergeId 'new': both ids lead to a third", async () => {
    const { sandbox, primary, loser } = await merged('new');
    const ids = await Promise.all([primary, loser].map((id) => call(sandbox, `/crm/v3/objects/contacts/${id}`)));
    const survivors = new Set(ids.map(({ body }) => body.id));
    expect(survivors.size).toBe(1);
    expect([primary, loser].some((id) => survivors.has(id))).toBe(false);
  });

  test('products do not merge, an object not with itself, and one that is not there answers 404', async () => {
    const sandbox = await startedSandbox({ seed: 7 });
    const merge = (type: string, ids: [string, string]) =>
      call(sandbox, `/crm/v3/objects/${type}/merge`, { body: { primaryObjectId: ids[0], objectIdToMerge: ids[1] } });
    expect((await merge('products', ['1001', '1002'])).status).toBe(400);
    expect((await merge('contacts', ['1001', '1001'])).status).toBe(400);
    expect((await merge('contacts', ['1001', '999999'])).status).toBe(404);
  });
});

describe('vendors.md 2, standing of account and version', () => {
  test('a closed account and an ended version answer as their settings say', async () => {
    const sandbox = await startedSandbox({ settings: { account: 'closed', sunsetVersions: ['2026-03'] } });
    const closed = await call(sandbox, '/crm/objects/2026-09/contacts');
    expect([closed.status, closed.body.category]).toEqual([403, 'PORTAL_DEACTIVATED']);
    expect((await call(sandbox, '/crm/objects/2026-03/contacts')).status).toBe(410);
  });
});
