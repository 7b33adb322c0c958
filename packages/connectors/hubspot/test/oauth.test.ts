import { randomBytes } from 'node:crypto';
import { describeError, sealSecret } from '@mortise/runtime';
import { requiredPermissions, webAuthorization } from '@mortise/runtime/auth';
import { openStore } from '@mortise/store';
import { expect, onTestFinished, test } from 'vitest';
import hubspot from '../src/index.ts';
import { connect, drive, errorOf, recordsOf } from './connection.ts';

const app = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' };
const back = 'http://127.0.0.1/back';

const freshStore = async () => {
  const store = await openStore({ path: ':memory:', key: randomBytes(32) });
  onTestFinished(() => store.close());
  return store;
};

/** A user grants access: the connection is then made of what the store keeps. */
const granted = async () => {
  const store = await freshStore();
  const opened = await connect({ credentials: app, store });
  const { settings, clock } = opened.connection;
  const web = webAuthorization(hubspot, {
    ...{
      settings: { ...settings, authorizeUrl: `${opened.sandbox.url}/oauth/authorize` },
      credentials: app,
      store,
      clock,
    },
    ...{ redirectUri: back, use: { contacts: ['list'], companies: ['list'] } },
  });
  const asked = new URL(await web.authorizeUrl('hubspot'));
  const answer = await fetch(asked, { redirect: 'manual' });
  const connected = await web.callback(new Request(answer.headers.get('location') ?? ''));
  return { ...opened, asked, connected };
};

test('an app asks for the scopes in use and for oauth, and its calls carry the token that the user granted', async () => {
  const { asked, connected, crm, sandbox } = await granted();
  expect(asked.searchParams.get('scope')).toBe('crm.objects.companies.read crm.objects.contacts.read oauth');
  expect(connected.connection).toBe('hubspot');
  expect(await recordsOf(crm.companies.list())).toEqual([]);
  expect(sandbox.requests().map(({ path, status }) => [path, status])).toEqual([
    ['/oauth/authorize', 302],
    ['/oauth/2026-09/token', 200],
    ['/crm/objects/2026-09/companies', 200],
  ]);
});

test('a token that has ended is renewed once by a refresh token that stays', async () => {
  const { crm, sandbox, clock } = await granted();
  await recordsOf(crm.contacts.list());
  for (let hour = 0; hour < 2; hour += 1) {
    await clock.advance(3_600_000);
    await Promise.all([1, 2, 3].map(() => recordsOf(crm.contacts.list())));
  }
  const tokens = sandbox.requests({ path: '/oauth/2026-09/token' });
  // One for the code, one an hour: three calls share it.
  expect(tokens.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('a refresh token that HubSpot no longer takes is unauthenticated, and says that the connection must be made again', async () => {
  const credentials = { ...app, refreshToken: sealSecret('refresh-that-was-revoked') };
  const { crm, sandbox, clock } = await connect({ credentials });
  const error = await drive(clock, errorOf(recordsOf(crm.contacts.list())));
  expect(error).toMatchObject({ code: 'unauthenticated', vendorCode: 'BAD_REFRESH_TOKEN', status: 400 });
  expect(describeError(error)).toContain("connection 'hubspot' needs to be connected again");
  expect(JSON.stringify(error)).not.toContain('refresh-that-was-revoked');
  // It is not sent again.
  await drive(clock, errorOf(recordsOf(crm.contacts.list())));
  expect(sandbox.requests()).toHaveLength(1);
});

test('a wrong client secret is named, and the refresh token stays in use', async () => {
  const credentials = { ...app, clientSecret: 'wrong', refreshToken: 'any' };
  const { crm, clock, sandbox } = await connect({ credentials });
  const error = await drive(clock, errorOf(crm.contacts.get('1')));
  expect(error).toMatchObject({ code: 'unauthenticated', vendorCode: 'BAD_CLIENT_SECRET' });
  expect(error.message).toContain('BAD_CLIENT_SECRET');
  // A refresh token that was refused for good would not be sent again.
  await drive(clock, errorOf(crm.contacts.get('1')));
  expect(sandbox.requests()).toHaveLength(2);
});

test('service keys need no oauth scope', () => {
  expect(requiredPermissions(hubspot, { contacts: ['list'] })).toEqual(['crm.objects.contacts.read']);
});

for (const credentials of [{}, { token: 'a', ...app }, { clientId: 'a' }, { token: 'a', refreshToken: 'b' }]) {
  test(`credentials of ${Object.keys(credentials).join(' and ') || 'nothing'} are refused`, async () => {
    const error = await errorOf(connect({ credentials }));
    expect(error).toMatchObject({ code: 'invalid-settings' });
    expect(error.message).toContain('give token, or clientId and clientSecret');
  });
}
