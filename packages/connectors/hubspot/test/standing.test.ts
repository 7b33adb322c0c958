import { describeError } from '@mortise/runtime';
import { expect, test } from 'vitest';
import hubspot, { api, apiVersion, vendorFacts } from '../src/index.ts';
import { connect, drive, errorOf, recordsOf } from './connection.ts';

test('a closed account is unauthenticated, and the error says whose turn it is', async () => {
  const { crm } = await connect({ sandbox: { settings: { account: 'closed' } } });
  const error = await errorOf(recordsOf(crm.contacts.list()));
  expect(error).toMatchObject({ code: 'unauthenticated', status: 403, vendorCode: 'PORTAL_DEACTIVATED' });
  expect(describeError(error)).toContain('its owner opens it again, or connect another account');
});

for (const sunsetStatus of [410, 404]) {
  test(`a version that has ended and answers ${sunsetStatus} is schema drift: a newer connector helps`, async () => {
    const settings = { sunsetVersions: [apiVersion], sunsetStatus };
    const { crm, sandbox } = await connect({ sandbox: { settings } });
    const error = await errorOf(recordsOf(crm.contacts.list()));
    expect(error).toMatchObject({ code: 'schema-drift', status: sunsetStatus });
    expect(describeError(error)).toContain(`no longer answers version ${apiVersion}`);
    expect(describeError(error)).toContain('install a newer version of the connector');
    expect(sandbox.requests()).toHaveLength(1);
  });
}

test('a wrong token is unauthenticated, and the error says what to give', async () => {
  const { crm } = await connect({ token: 'wrong' });
  const error = await errorOf(crm.contacts.get('1'));
  expect(error).toMatchObject({ code: 'unauthenticated', vendorCode: 'INVALID_AUTHENTICATION' });
  expect(describeError(error)).toContain('give a valid service key, or connect the account again');
});

test('a record merged away is a deletion, its id leads to the survivor, and the survivor is listed once', async () => {
  const { crm, clock, sandbox } = await connect({ sandbox: { seed: { number: 7, contacts: 5 } } });
  const before = await drive(clock, recordsOf(crm.contacts.list()));
  const [primary = '', loser = ''] = before.map(({ id }) => id);
  const answer = await fetch(`${sandbox.url}/crm/v3/objects/contacts/merge`, {
    method: 'POST',
    headers: { authorization: 'Bearer sandbox-token', 'content-type': 'application/json' },
    body: JSON.stringify({ primaryObjectId: primary, objectIdToMerge: loser }),
  });
  expect(answer.status).toBe(200);
  const gone: string[] = [];
  const read = async () => {
    for await (const { ids } of crm.contacts.deletions({ since: new Date(clock.now() - 1000) })) gone.push(...ids);
  };
  await drive(clock, read());
  expect(gone).toEqual([loser]);
  expect((await crm.contacts.get(loser)).id).toBe(primary);
  const after = await drive(clock, recordsOf(crm.contacts.list()));
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id).filter((id) => id !== loser));
});

test('the facts for review are those that the code uses', () => {
  expect(hubspot.vendor).toMatchObject({ api });
  expect(api.sunset).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(api.limits.map(({ value }) => value)).toEqual(expect.arrayContaining(Object.values(vendorFacts.limits)));
});
