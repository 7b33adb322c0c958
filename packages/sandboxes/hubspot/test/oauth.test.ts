import { isRecord } from '@mortise/testing';
import { expect, test } from 'vitest';
import { call, manualClock, startedSandbox } from './started.ts';

const client = { client_id: 'sandbox-client', client_secret: 'sandbox-secret' };
const contacts = '/crm/v3/objects/contacts';

async function token(sandbox: { url: string }, form: Record<string, string>, path = '/oauth/2026-03/token') {
  const response = await fetch(sandbox.url + path, {
    method: 'POST',
    body: new URLSearchParams({ ...client, ...form }),
  });
  const body: unknown = await response.json();
  return { status: response.status, body: isRecord(body) ? body : {} };
}

async function code(sandbox: { url: string }): Promise<string> {
  const query = 'client_id=sandbox-client&redirect_uri=http%3A%2F%2F127.0.0.1%2Fback&state=s1';
  const response = await fetch(`${sandbox.url}/oauth/authorize?${query}`, { redirect: 'manual' });
  const target = new URL(response.headers.get('location') ?? '');
  expect(target.searchParams.get('state')).toBe('s1');
  return target.searchParams.get('code') ?? '';
}

test('section 2, OAuth: a code is spent once and gives a pair', async () => {
  const sandbox = await startedSandbox();
  const form = { grant_type: 'authorization_code', code: await code(sandbox), redirect_uri: 'http://127.0.0.1/back' };
  const pair = await token(sandbox, form, '/oauth/v3/token');
  expect(pair).toMatchObject({ status: 200, body: { expires_in: 1800, token_type: 'bearer', hub_id: 62515 } });
  expect(await call(sandbox, contacts, { token: String(pair.body.access_token) })).toMatchObject({ status: 200 });
  expect(await token(sandbox, form)).toMatchObject({ status: 400, body: { status: 'BAD_AUTH_CODE' } });
});

test('section 2, OAuth: an access token lives 1800 s, then 401 EXPIRED_AUTHENTICATION, and a refresh mends it', async () => {
  const clock = manualClock(1_000_000);
  const sandbox = await startedSandbox({ clock });
  const pair = await token(sandbox, { grant_type: 'authorization_code', code: await code(sandbox) });
  const access = String(pair.body.access_token);
  clock.set(1_000_000 + 1_799_999);
  expect(await call(sandbox, contacts, { token: access })).toMatchObject({ status: 200 });
  clock.set(1_000_000 + 1_800_000);
  expect(await call(sandbox, contacts, { token: access })).toMatchObject({
    status: 401,
    body: { category: 'EXPIRED_AUTHENTICATION' },
  });
  const next = await token(sandbox, { grant_type: 'refresh_token', refresh_token: String(pair.body.refresh_token) });
  expect(await call(sandbox, contacts, { token: String(next.body.access_token) })).toMatchObject({ status: 200 });
});

test('section 2, OAuth: a bad refresh token answers 400 with the vendor body', async () => {
  const sandbox = await startedSandbox();
  expect(await token(sandbox, { grant_type: 'refresh_token', refresh_token: 'no' })).toEqual({
    status: 400,
    body: { status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' },
  });
});

test('section 2, OAuth: refresh tokens stay unless the setting rotates them', async () => {
  const sandbox = await startedSandbox({ settings: { oauth: { rotateRefreshTokens: true } } });
  const pair = await token(sandbox, { grant_type: 'authorization_code', code: await code(sandbox) });
  const form = { grant_type: 'refresh_token', refresh_token: String(pair.body.refresh_token) };
  const next = await token(sandbox, form);
  expect(next.body.refresh_token).not.toBe(pair.body.refresh_token);
  expect(await token(sandbox, form)).toMatchObject({ status: 400, body: { status: 'BAD_REFRESH_TOKEN' } });
});

test('section 2, OAuth: the v1 token endpoint is gone from 16 February 2027', async () => {
  const clock = manualClock(Date.UTC(2027, 1, 15));
  const sandbox = await startedSandbox({ clock });
  const form = { grant_type: 'client_credentials' };
  expect(await token(sandbox, form, '/oauth/v1/token')).toMatchObject({ status: 200 });
  clock.set(Date.UTC(2027, 1, 16));
  expect(await token(sandbox, form, '/oauth/v1/token')).toMatchObject({ status: 404 });
  expect(await token(sandbox, form, '/oauth/2026-03/token')).toMatchObject({ status: 200 });
});

test('section 2, OAuth: parameters must be in the body', async () => {
  const sandbox = await startedSandbox();
  const query = new URLSearchParams({ ...client, grant_type: 'client_credentials' });
  const response = await fetch(`${sandbox.url}/oauth/v3/token?${query}`, { method: 'POST' });
  expect(response.status).toBe(400);
  expect(JSON.stringify(sandbox.requests())).not.toContain('sandbox-secret');
});

test('section 2, errors: a missing and a wrong bearer answer 401 INVALID_AUTHENTICATION', async () => {
  const sandbox = await startedSandbox();
  expect(await call(sandbox, contacts, { token: 'wrong' })).toMatchObject({
    status: 401,
    body: { category: 'INVALID_AUTHENTICATION' },
  });
  const response = await fetch(sandbox.url + contacts);
  expect(response.status).toBe(401);
});

test('section 2, errors: a missing scope answers 403 and is named', async () => {
  const sandbox = await startedSandbox({ settings: { grantedScopes: ['crm.objects.contacts.read'] } });
  expect(await call(sandbox, contacts)).toMatchObject({ status: 200 });
  expect(await call(sandbox, `${contacts}/search`, { body: {} })).toMatchObject({ status: 200 });
  const refused = await call(sandbox, contacts, { body: { properties: {} } });
  expect(refused).toMatchObject({ status: 403, body: { category: 'MISSING_SCOPES' } });
  expect(JSON.stringify(refused.body)).toContain('crm.objects.contacts.write');
});

test('section 2, limits: the daily headers are absent for an OAuth token', async () => {
  const sandbox = await startedSandbox();
  const { body } = await token(sandbox, { grant_type: 'client_credentials' });
  const { headers } = await call(sandbox, contacts, { token: String(body.access_token) });
  expect(headers.get('x-hubspot-ratelimit-daily')).toBeNull();
  expect(headers.get('x-hubspot-ratelimit-max')).toBe('190');
});
