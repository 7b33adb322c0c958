import { expect, test } from 'vitest';
import { connect, drive, errorOf, noon, pagesOf, person, recordsOf } from './connection.ts';

test('the list without a window reads every contact and asks for the mapped properties only', async () => {
  const { crm, sandbox, clock } = await connect({ sandbox: { seed: { number: 7, contacts: 250 } } });
  const pages = await drive(clock, pagesOf(crm.contacts.model.list()));
  expect(pages.map(({ records }) => records.length)).toEqual([100, 100, 50]);
  expect(new Set(pages.flatMap(({ records }) => records.map(({ id }) => id))).size).toBe(250);
  const query = new URLSearchParams(sandbox.requests()[0]?.query);
  expect(query.get('properties')).toBe('email,firstname,lastname,phone,company,address,city,state,zip,country');
  expect(query.has('associations')).toBe(false);
});

test('the list is taken up again behind a page', async () => {
  const { crm, clock } = await connect({ sandbox: { seed: { number: 7, contacts: 30 } } });
  const [first] = await drive(clock, pagesOf(crm.contacts.list({ pageSize: 10 })));
  expect(await drive(clock, recordsOf(crm.contacts.list({ pageSize: 10, cursor: first?.next })))).toHaveLength(20);
});

test('ids beyond 2^53 keep all their digits', async () => {
  const { crm, clock } = await connect({ sandbox: { seed: { number: 7, contacts: 100 } } });
  const ids = (await drive(clock, recordsOf(crm.contacts.list()))).map(({ id }) => id);
  const big = ids.filter((id) => id.length >= 16);
  expect(big.length).toBeGreaterThan(0);
  for (const id of big) expect((await crm.contacts.get(id)).id).toBe(id);
});

test('a contact is found by its address, which stands in no URL', async () => {
  const { crm, sandbox } = await connect();
  await crm.contacts.model.upsert([person('ada@example.test', 'Lovelace')]);
  const found = await crm.contacts.model.find({ field: 'properties.email', value: 'ada@example.test' });
  expect(found).toMatchObject({ lastName: 'Lovelace' });
  expect(await crm.contacts.find({ field: 'id', value: found?.id ?? '' })).toMatchObject({ id: found?.id });
  expect(JSON.stringify(sandbox.requests().map(({ path, query }) => path + query))).not.toContain('example');
});

test('what is not there is found as undefined, without an error event', async () => {
  const { crm, events } = await connect();
  expect(await crm.contacts.find({ field: 'properties.email', value: 'nobody@example.test' })).toBeUndefined();
  expect(events.map(({ type }) => type)).toEqual(['call-succeeded']);
});

test('finding by a property that is not unique is refused', async () => {
  const { crm } = await connect();
  const byCity = crm.contacts.find({ field: 'properties.city', value: 'Berlin' });
  expect(await errorOf(byCity)).toMatchObject({ code: 'invalid-request', operation: 'contacts.find' });
  const byStamp = crm.contacts.find({ field: 'updatedAt', value: 'x' });
  expect(await errorOf(byStamp)).toMatchObject({ code: 'invalid-request', operation: 'contacts.find' });
});

test('a record that is not there has no get', async () => {
  const { crm } = await connect();
  expect(await errorOf(crm.contacts.get('4711'))).toMatchObject({ code: 'not-found', vendorCode: 'OBJECT_NOT_FOUND' });
});

test('deletions are the archived records, from the given instant on', async () => {
  const { crm, sandbox, clock } = await connect({ sandbox: { seed: { number: 7, contacts: 12 } } });
  const ids = (await recordsOf(crm.contacts.list())).map(({ id }) => id);
  const archive = 'UPDATE objects SET archived_at = ? WHERE type = ? AND CAST(id AS TEXT) = ?';
  sandbox.database.statement(archive).run(noon - 1000, 'contacts', ids[0] ?? '');
  sandbox.database.statement(archive).run(noon + 1000, 'contacts', ids[1] ?? '');
  const read = async (since?: Date) => {
    const gone: string[] = [];
    for await (const page of crm.contacts.deletions({ since, pageSize: 1 })) gone.push(...page.ids);
    return gone;
  };
  expect(await drive(clock, read())).toEqual([ids[0], ids[1]].toSorted());
  expect(await drive(clock, read(new Date(noon)))).toEqual([ids[1]]);
});

test('a page that HubSpot answers in another form is refused without quoting it', async () => {
  const { crm, sandbox } = await connect();
  const body = { results: [{ id: 5, properties: { email: 'a@example.test' } }] };
  sandbox.inject({ kind: 'status', status: 200, body, match: { method: 'GET' } });
  const error = await errorOf(recordsOf(crm.contacts.list()));
  expect(error).toMatchObject({ code: 'unexpected-content' });
  expect(JSON.stringify(error)).not.toContain('a@example.test');
});
