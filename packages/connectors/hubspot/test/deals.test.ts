import { expect, test } from 'vitest';
import { connect, drive, person, recordsOf } from './connection.ts';

const order = (key: string, contactId: string | null = null) => ({
  key,
  name: `Order ${key}`,
  stage: 'closedwon',
  amount: { amountMinor: 129_90, currency: 'EUR' },
  closedAt: new Date('2026-11-01T10:00:00.000Z'),
  contactId,
  companyId: null,
});

const withContacts = async (count: number) => {
  const opened = await connect({ prepared: true });
  const people = Array.from({ length: count }, (_, index) => person(`p${index}@example.test`));
  const outcomes = await opened.crm.contacts.upsert(people.map(({ email }) => ({ properties: written(email) })));
  const ids = outcomes.map((outcome) => (outcome.ok ? outcome.record.id : ''));
  const associations = () => opened.sandbox.writes({ type: 'associations deals contacts' });
  return { ...opened, ids, associations };
};

const written = (email: string) => ({
  email,
  firstname: null,
  lastname: null,
  phone: null,
  company: null,
  address: null,
  city: null,
  state: null,
  zip: null,
  country: null,
});

test('a deal is written with its contact and reads back the same by list, search, get and find', async () => {
  const { crm, ids, clock } = await withContacts(1);
  const given = order('1001', ids[0]);
  const [outcome] = await crm.deals.model.upsert([given]);
  expect(outcome).toMatchObject({ ok: true, created: true, record: { ...given, companyId: null } });
  if (!outcome?.ok) return;
  const { record } = outcome;
  expect(await crm.deals.model.get(record.id)).toEqual(record);
  expect(await crm.deals.model.find({ field: 'properties.mortise_key', value: '1001' })).toEqual(record);
  expect(await drive(clock, recordsOf(crm.deals.model.list()))).toEqual([record]);
  expect(await drive(clock, recordsOf(crm.deals.model.list({ since: new Date(0) })))).toEqual([record]);
});

test('an association that is there is not written again', async () => {
  const { crm, ids, associations } = await withContacts(1);
  await crm.deals.model.upsert([order('1001', ids[0])]);
  const [again] = await crm.deals.model.upsert([order('1001', ids[0])]);
  expect(again).toMatchObject({ ok: true, created: false, record: { contactId: ids[0] } });
  expect(associations()).toHaveLength(1);
});

test('a deal whose contact does not exist fails alone, and succeeds when it is written again', async () => {
  const { crm, ids, sandbox, associations } = await withContacts(2);
  const outcomes = await crm.deals.model.upsert([order('1', ids[0]), order('2', '999999'), order('3')]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
  expect(outcomes[1]).toMatchObject({
    error: { code: 'not-found', vendorCode: 'OBJECT_NOT_FOUND', operation: 'deals.upsert' },
  });
  const [again] = await crm.deals.model.upsert([order('2', ids[1])]);
  expect(again).toMatchObject({ ok: true, created: false, record: { contactId: ids[1] } });
  expect(associations()).toHaveLength(2);
  expect(sandbox.duplicateCreates()).toEqual([]);
});

test('an association request that is refused as a whole is halved until the culprit is alone', async () => {
  const { crm, ids, sandbox } = await withContacts(1);
  const path = '*/batch/associate/default';
  const body = { status: 'error', category: 'VALIDATION_ERROR', message: 'bad id' };
  // Whole request, first half, then of the first half its first: only that one stays refused.
  sandbox.inject({ kind: 'status', status: 400, body, match: { path }, count: 3 });
  const outcomes = await crm.deals.model.upsert(['1', '2', '3', '4'].map((key) => order(key, ids[0])));
  expect(outcomes.map(({ ok }) => ok)).toEqual([false, true, true, true]);
});

test('an association request that fails for another reason rejects the write, and a repeat completes it', async () => {
  const { crm, ids, sandbox, associations } = await withContacts(1);
  const body = { status: 'error', category: 'MISSING_SCOPES', message: 'no' };
  sandbox.inject({ kind: 'status', status: 403, body, match: { path: '*/batch/associate/default' } });
  await expect(crm.deals.model.upsert([order('1', ids[0])])).rejects.toMatchObject({ code: 'forbidden' });
  const [again] = await crm.deals.model.upsert([order('1', ids[0])]);
  expect(again).toMatchObject({ ok: true, created: false, record: { contactId: ids[0] } });
  expect(associations()).toHaveLength(1);
  expect(sandbox.duplicateCreates()).toEqual([]);
});

test('a deal without a contact of its own keeps the one that HubSpot has, and says so', async () => {
  const { crm, ids } = await withContacts(1);
  await crm.deals.model.upsert([order('1', ids[0])]);
  const [outcome] = await crm.deals.model.upsert([order('1')]);
  expect(outcome).toMatchObject({ ok: true, record: { contactId: ids[0] } });
});

test('of several contacts every read and the outcome name the one of the lowest id', async () => {
  const { crm, ids, clock, associations } = await withContacts(2);
  await crm.deals.model.upsert([order('1', ids[1])]);
  const [outcome] = await crm.deals.model.upsert([order('1', ids[0])]);
  const [again] = await crm.deals.model.upsert([order('1', ids[1])]);
  const lowest = { contactId: ids[0] };
  expect([outcome, again]).toMatchObject([
    { ok: true, record: lowest },
    { ok: true, record: lowest },
  ]);
  expect(await drive(clock, recordsOf(crm.deals.model.list()))).toMatchObject([lowest]);
  expect(await drive(clock, recordsOf(crm.deals.model.list({ since: new Date(0) })))).toMatchObject([lowest]);
  expect(associations()).toHaveLength(2);
});

test('contacts that cannot be read are an error, not a deal without a contact', async () => {
  const { crm, ids, sandbox, clock } = await withContacts(1);
  await crm.deals.model.upsert([order('1', ids[0])]);
  const errors = [{ status: 'error', category: 'INTERNAL_ERROR', message: 'x', context: {} }];
  sandbox.inject({
    kind: 'status',
    status: 207,
    body: { results: [], errors },
    match: { path: '*/contacts/batch/read' },
  });
  const read = drive(clock, recordsOf(crm.deals.list({ since: new Date(0) })));
  await expect(read).rejects.toMatchObject({ code: 'unavailable', operation: 'deals.list' });
});

test('an amount without a currency is rejected with its reason, and the page goes on', async () => {
  const { crm, clock } = await connect({ sandbox: { seed: { number: 7, deals: 3 } } });
  const pages = crm.deals.model.list();
  const read = async () => {
    for await (const { records, rejected } of pages) return { records, rejected };
    return undefined;
  };
  const page = await drive(clock, read());
  const reasons = page?.rejected.flatMap(({ issues }) => issues.map(({ reason }) => reason));
  expect(new Set(reasons)).toEqual(new Set(['compute: the amount has no currency beside it']));
});
