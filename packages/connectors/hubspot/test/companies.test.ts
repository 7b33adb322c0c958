import { expect, test } from 'vitest';
import { connect, drive, errorOf, recordsOf } from './connection.ts';

const company = (domain: string | null, name = 'Acme') => ({
  ...{ name, domain, phone: '+49 30 1', street: null, city: '東京', region: null, postalCode: '01234', country: 'JP' },
});

test('a company is written, found by its domain, and reads back the same by list, search and get', async () => {
  const { crm, sandbox, clock } = await connect({ prepared: true });
  const [outcome] = await crm.companies.model.upsert([company('acme.test')]);
  expect(outcome).toMatchObject({ ok: true, created: true, record: company('acme.test') });
  if (!outcome?.ok) return;
  const { record } = outcome;
  expect(await crm.companies.model.get(record.id)).toEqual(record);
  expect(await crm.companies.model.find({ field: 'properties.mortise_key', value: 'acme.test' })).toEqual(record);
  expect(await drive(clock, recordsOf(crm.companies.model.list()))).toEqual([record]);
  expect(await drive(clock, recordsOf(crm.companies.model.list({ since: new Date(0) })))).toEqual([record]);
  const [again] = await crm.companies.model.upsert([company('acme.test', 'Acme Ltd')]);
  expect(again).toMatchObject({ ok: true, created: false, record: { id: record.id, name: 'Acme Ltd' } });
  expect(sandbox.duplicateCreates()).toEqual([]);
});

test('companies without a domain fail alone', async () => {
  const { crm } = await connect({ prepared: true });
  const outcomes = await crm.companies.model.upsert([company(null), company('b.test')]);
  expect(outcomes).toMatchObject([{ ok: false, error: { code: 'invalid-record' } }, { ok: true }]);
});

test('companies are changed and deleted like any other record', async () => {
  const { crm, clock, sandbox } = await connect({ sandbox: { seed: { number: 7, companies: 120 } } });
  const all = await drive(clock, recordsOf(crm.companies.list()));
  expect(all).toHaveLength(120);
  const id = all[0]?.id ?? '';
  const deleted = await fetch(`${sandbox.url}/crm/v3/objects/companies/${id}`, {
    method: 'DELETE',
    headers: { authorization: 'Bearer sandbox-token' },
  });
  expect(deleted.status).toBe(204);
  const gone: string[] = [];
  const read = async () => {
    for await (const { ids } of crm.companies.deletions()) gone.push(...ids);
  };
  await drive(clock, read());
  expect(gone).toEqual([id]);
  expect(await errorOf(crm.companies.get(id))).toMatchObject({ code: 'not-found' });
});
