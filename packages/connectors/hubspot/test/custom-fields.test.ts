import { open } from '@mortise/runtime';
import { expect, test } from 'vitest';
import { z } from 'zod';
import hubspot from '../src/index.ts';
import { connect, drive, errorOf, noon, person, recordsOf } from './connection.ts';

const property = (name: string) => ({ name, label: name, type: 'string', fieldType: 'text', groupName: 'x' });

/** An account whose contacts have the properties `tier` and `segment`, and a connection that knows them. */
const connectCustom = async () => {
  const { sandbox, connection, clock } = await connect();
  const headers = { authorization: 'Bearer sandbox-token', 'content-type': 'application/json' };
  for (const name of ['tier', 'segment']) {
    const url = `${sandbox.url}/crm/v3/properties/contacts`;
    await fetch(url, { method: 'POST', headers, body: JSON.stringify(property(name)) });
  }
  const contacts = z.object({ tier: z.string().nullable(), segment: z.enum(['retail', 'trade']).nullable() });
  return { sandbox, clock, connection, crm: open(hubspot, { ...connection, fields: { contacts } }) };
};

test('a custom property is written, answered, read and asked for by its name', async () => {
  const { crm, sandbox, clock } = await connectCustom();
  const ada = { ...person('ada@example.test'), custom: { tier: 'gold', segment: 'trade' as const } };
  const [outcome] = await crm.contacts.model.upsert([ada]);
  expect(outcome).toMatchObject({ ok: true, record: { custom: { tier: 'gold', segment: 'trade' } } });
  const [read] = await drive(clock, recordsOf(crm.contacts.model.list()));
  expect(read?.custom).toEqual({ tier: 'gold', segment: 'trade' });
  const [listing] = sandbox.requests({ method: 'GET' }).filter(({ path }) => path.endsWith('/contacts'));
  expect(new URLSearchParams(listing?.query).get('properties')).toMatch(/,country,tier,segment$/);
  const wire = await crm.contacts.find({ field: 'properties.email', value: 'ada@example.test' });
  expect(wire?.properties.tier).toBe('gold');
});

test('the search for changes asks for custom properties too', async () => {
  const { crm, clock } = await connectCustom();
  await crm.contacts.model.upsert([{ ...person('ada@example.test'), custom: { tier: 'gold' } }]);
  await clock.advance(120_000);
  const [changed] = await drive(clock, recordsOf(crm.contacts.model.list({ since: new Date(noon) })));
  expect(changed?.custom).toEqual({ tier: 'gold', segment: null });
});

test('only the custom properties that a record names are written, and null clears one', async () => {
  const { crm } = await connectCustom();
  await crm.contacts.model.upsert([{ ...person('ada@example.test'), custom: { tier: 'gold', segment: 'retail' } }]);
  await crm.contacts.model.upsert([{ ...person('ada@example.test'), custom: { tier: null } }]);
  const [outcome] = await crm.contacts.model.upsert([person('ada@example.test')]);
  expect(outcome).toMatchObject({ ok: true, record: { custom: { tier: null, segment: 'retail' } } });
});

test('a value that the given schema does not take is put aside, and the page goes on', async () => {
  const { crm, connection, clock } = await connectCustom();
  const loose = open(hubspot, { ...connection, fields: { contacts: z.object({ segment: z.string().nullable() }) } });
  await loose.contacts.model.upsert([
    { ...person('ada@example.test'), custom: { segment: 'canary' } },
    { ...person('bob@example.test'), custom: { segment: 'trade' } },
  ]);
  const pages = crm.contacts.model.list()[Symbol.asyncIterator]();
  const page = (await drive(clock, Promise.resolve(pages.next()))).value;
  expect(page?.records).toHaveLength(1);
  const issues = page?.rejected[0]?.issues;
  expect(issues).toMatchObject([{ path: 'properties.segment' }]);
  expect(JSON.stringify(issues)).not.toContain('canary');
});

test('a property that the account does not have is refused by HubSpot for the record that names it', async () => {
  const { connection } = await connect();
  const crm = open(hubspot, { ...connection, fields: { contacts: z.object({ tier: z.string().nullable() }) } });
  const written = crm.contacts.model.upsert([{ ...person('ada@example.test'), custom: { tier: 'gold' } }]);
  const outcome = await written.then(
    ([first]) => (first?.ok === false ? first.error : undefined),
    () => errorOf(written),
  );
  expect(outcome).toMatchObject({ code: 'invalid-request' });
});

test('without fields at open nothing is asked for and nothing is written beyond the mapping', async () => {
  const { crm, clock } = await connect();
  await crm.contacts.model.upsert([person('ada@example.test')]);
  const [read] = await drive(clock, recordsOf(crm.contacts.model.list()));
  expect(read && 'custom' in read).toBe(false);
});
