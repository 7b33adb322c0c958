import { largeSeed, seedAssociations, seedRecords } from '@mortise/sandbox-hubspot';
import { expect, test } from 'vitest';
import { connect, drive, person, recordsOf } from './connection.ts';

const line = (key: string, dealId: string | null) => ({
  ...{ properties: { mortise_key: key, hs_product_id: '7', name: 'Lamp', hs_sku: '1', quantity: '2', price: '9.90' } },
  associations: { dealId },
  // HubSpot's own: not sent.
  ...{ id: '', createdAt: '', updatedAt: '' },
});
const withCurrency = (record: ReturnType<typeof line>) => ({
  ...record,
  properties: { ...record.properties, hs_line_item_currency_code: 'EUR' },
});

const withDeal = async () => {
  const opened = await connect({ prepared: true });
  const deal = { key: '1', name: 'Order', stage: null, amount: null, closedAt: null };
  const [made] = await opened.crm.deals.model.upsert([{ ...deal, contactId: null, companyId: null }]);
  return { ...opened, dealId: made?.ok ? made.record.id : '' };
};

test('a line item is written with its deal and reads back the same by list, search and get', async () => {
  const { crm, clock, dealId } = await withDeal();
  const [outcome] = await crm.lineItems.upsert([withCurrency(line('1-1', dealId))]);
  expect(outcome).toMatchObject({ ok: true, created: true, record: { associations: { dealId } } });
  if (!outcome?.ok) return;
  const { id } = outcome.record;
  const read = await crm.lineItems.get(id);
  expect(read).toMatchObject({ id, properties: { mortise_key: '1-1', quantity: '2', price: '9.90' } });
  expect(await drive(clock, recordsOf(crm.lineItems.list()))).toEqual([read]);
  expect(await drive(clock, recordsOf(crm.lineItems.list({ since: new Date(0) })))).toEqual([read]);
});

test('a line item whose deal does not exist fails alone', async () => {
  const { crm, dealId } = await withDeal();
  const outcomes = await crm.lineItems.upsert([line('1-1', '999'), line('1-2', dealId)].map(withCurrency));
  expect(outcomes).toMatchObject([
    { ok: false, error: { code: 'not-found', operation: 'lineItems.upsert' } },
    { ok: true },
  ]);
});

test('a deal carries its company beside its contact', async () => {
  const { crm, clock } = await connect({ prepared: true });
  const [contact] = await crm.contacts.model.upsert([person('a@example.test')]);
  const { email: _email, firstName: _first, lastName: _last, company: _company, ...address } = person('');
  const [company] = await crm.companies.model.upsert([{ ...address, name: 'Acme', domain: 'acme.test' }]);
  const ids = { contactId: contact?.ok ? contact.record.id : '', companyId: company?.ok ? company.record.id : '' };
  const deal = { key: '1', name: 'Order', stage: null, amount: null, closedAt: null, ...ids };
  expect(await crm.deals.model.upsert([deal])).toMatchObject([{ ok: true, record: ids }]);
  expect(await drive(clock, recordsOf(crm.deals.model.list()))).toMatchObject([ids]);
  expect(await drive(clock, recordsOf(crm.deals.model.list({ since: new Date(0) })))).toMatchObject([ids]);
});

test('associations are records of their own: made with an outcome each, listed whole, removed by id', async () => {
  const { crm, clock } = await connect({ sandbox: { seed: { number: 7, contacts: 3, companies: 3 } } });
  const contacts = await drive(clock, recordsOf(crm.contacts.list()));
  const companies = await drive(clock, recordsOf(crm.companies.list()));
  const pair = (from: number, toId = companies[0]?.id ?? '') => ({ id: '', fromId: contacts[from]?.id ?? '', toId });
  const outcomes = await crm.contactCompanies.upsert([pair(0), pair(1, '999999'), pair(2)]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
  const listed = await drive(clock, recordsOf(crm.contactCompanies.list()));
  expect(listed.map(({ fromId }) => fromId)).toEqual([pair(0).fromId, pair(2).fromId]);
  await crm.contactCompanies.remove(listed[0]?.id ?? '');
  expect(await drive(clock, recordsOf(crm.contactCompanies.list()))).toEqual(listed.slice(1));
});

test('the associations of a seed are read, each of them once, ids above 2^53 among them', async () => {
  const seed = { ...largeSeed(7), contacts: 300, companies: 60, deals: 250, line_items: 300, merges: 0 };
  const expected = seedAssociations(seedRecords(seed), 7).map(({ from, to }) => `${from.type} ${from.id}:${to.id}`);
  const { crm, clock } = await connect({ sandbox: { seed } });
  const found: string[] = [];
  const kinds = { contacts: crm.contactCompanies, deals: crm.dealCompanies, line_items: crm.lineItemDeals };
  for (const [type, resource] of Object.entries(kinds)) {
    found.push(...(await drive(clock, recordsOf(resource.list()))).map(({ id }) => `${type} ${id}`));
  }
  found.push(...(await drive(clock, recordsOf(crm.dealContacts.list()))).map(({ id }) => `deals ${id}`));
  expect(found.toSorted()).toEqual([...new Set(expected)].toSorted());
  expect(found.some((id) => id.includes('90071992547'))).toBe(true);
});
