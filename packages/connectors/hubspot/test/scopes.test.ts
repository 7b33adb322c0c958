import { requiredPermissions } from '@mortise/runtime/auth';
import { expect, test } from 'vitest';
import hubspot from '../src/index.ts';
import { connect, drive, errorOf, person, recordsOf } from './connection.ts';

const use = {
  contacts: ['list', 'get', 'find', 'deletions', 'upsert'],
  products: ['list', 'upsert'],
  companies: ['upsert'],
  deals: ['list', 'upsert'],
} as const;
const required = requiredPermissions(hubspot, use);
const { email: _email, firstName: _first, lastName: _last, company: _company, ...address } = person('');
const acme = { ...address, name: 'Acme', domain: 'acme.test' };
const stamp = '2026-11-01T00:00:00Z';

/** A run over everything in use, with a token of these scopes. */
const runWith = async (grantedScopes: readonly string[]) => {
  const { crm, clock, sandbox } = await connect({ prepared: true });
  const settings = { method: 'POST', body: JSON.stringify({ grantedScopes }) };
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${sandbox.url}/__sandbox/settings`, { ...settings, headers })).ok).toBe(true);
  const run = async (): Promise<void> => {
    const [contact] = await crm.contacts.model.upsert([person('ann@example.com')]);
    if (contact?.ok !== true) throw contact?.error ?? new Error('no outcome');
    const [company] = await crm.companies.model.upsert([acme]);
    if (company?.ok !== true) throw company?.error ?? new Error('no outcome');
    await recordsOf(crm.contacts.list());
    await recordsOf(crm.contacts.list({ since: new Date(stamp) }));
    await crm.contacts.get(contact.record.id ?? '');
    await recordsOf(crm.products.list());
    const product = { sku: 'W-1', name: 'Widget', description: null, price: null };
    await crm.products.model.upsert([product]);
    const deal = {
      key: '1001',
      name: 'Order',
      stage: null,
      amount: null,
      closedAt: null,
      contactId: contact.record.id,
      companyId: company.record.id,
    };
    // The second one looks up which contacts the deal has.
    for (let time = 0; time < 2; time += 1) {
      const [outcome] = await crm.deals.model.upsert([deal]);
      if (outcome?.ok === false) throw outcome.error;
    }
    await recordsOf(crm.deals.list());
  };
  return { clock, run };
};

test('everything in use needs eight scopes, and reading contacts one', () => {
  expect(required).toEqual(
    ['companies', 'contacts', 'deals', 'products'].flatMap((type) => [
      `crm.objects.${type}.read`,
      `crm.objects.${type}.write`,
    ]),
  );
  expect(requiredPermissions(hubspot, { contacts: ['list'] })).toEqual(['crm.objects.contacts.read']);
  expect(requiredPermissions(hubspot, {})).toEqual([]);
});

test('a run with exactly the derived scopes works', async () => {
  const { clock, run } = await runWith(required);
  await drive(clock, run());
});

for (const removed of required) {
  test(`without ${removed} the run fails, and names it`, async () => {
    const { clock, run } = await runWith(required.filter((scope) => scope !== removed));
    const error = await drive(clock, errorOf(run()));
    expect(error).toMatchObject({
      code: 'forbidden',
      permissions: [removed],
      message: expect.stringContaining(removed),
    });
  });
}
