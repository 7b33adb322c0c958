import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { seedRecords } from '../src/index.ts';
import { itemsOf, restCall } from './rest-call.ts';
import { manualClock, startedSandbox } from './started.ts';

const small = { number: 7, customers: 25, items: 8, orders: 3, deleted: 5 };
const seeded = seedRecords(small);
const record = '/services/rest/record/v1';
const tokenPath = '/services/rest/auth/oauth2/v1/token';
const start = Date.UTC(2026, 5, 1);

const keys = {
  PS256: generateKeyPairSync('rsa', { modulusLength: 3072 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};

function assertion(alg: 'PS256' | 'ES256', key: KeyObject, claims: Record<string, unknown> = {}): string {
  const iat = Math.floor(start / 1000);
  const payload = {
    iss: 'sandbox-client',
    scope: ['rest_webservices'],
    aud: `http://x${tokenPath}`,
    iat,
    exp: iat + 300,
  };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ typ: 'JWT', alg, kid: 'sandbox-certificate' })}.${part({ ...payload, ...claims })}`;
  const options = alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' as const } : { key, padding: 6, saltLength: 32 };
  return `${text}.${sign('sha256', Buffer.from(text), options).toString('base64url')}`;
}

async function token(url: string, signed: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url + tokenPath, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signed,
    }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

async function withKey(alg: 'PS256' | 'ES256') {
  const publicKey = keys[alg].publicKey.export({ type: 'spki', format: 'pem' });
  const clock = manualClock(start);
  return { clock, sandbox: await startedSandbox({ clock, settings: { oauth: { publicKey: String(publicKey) } } }) };
}

describe('vendors.md 6, OAuth 2.0 machine to machine', () => {
  test.each(['PS256', 'ES256'] as const)(
    'an assertion signed with %s gives a bearer that lives an hour',
    async (alg) => {
      const { clock, sandbox } = await withKey(alg);
      const { body } = await token(sandbox.url, assertion(alg, keys[alg].privateKey));
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: '3600' });
      const bearer = { token: String(body.access_token) };
      expect((await restCall(sandbox, `${record}/customer`, bearer)).status).toBe(200);
      clock.set(start + 3_600_000);
      const late = await restCall(sandbox, `${record}/customer`, bearer);
      expect(late).toMatchObject({ status: 401, body: { 'o:errorDetails': [{ 'o:errorCode': 'INVALID_LOGIN' }] } });
      expect(late.headers.get('www-authenticate')).toContain('invalid_token');
    },
  );

  test.each([
    ['another issuer', { iss: 'other' }, 401, 'invalid_client'],
    ['another audience', { aud: 'https://elsewhere.test/' }, 401, 'invalid_client'],
    ['a life of two hours', { exp: start / 1000 + 7200 }, 400, 'invalid_request'],
    ['an end in the past', { iat: start / 1000 - 600, exp: start / 1000 - 300 }, 400, 'invalid_request'],
    ['no scope for REST', { scope: 'restlets' }, 400, 'invalid_scope'],
  ])('%s is refused', async (_, claims, status, error) => {
    const { sandbox } = await withKey('ES256');
    const signed = assertion('ES256', keys.ES256.privateKey, claims);
    expect(await token(sandbox.url, signed)).toEqual({ status, body: { error } });
  });

  test('a signature of another key is refused', async () => {
    const { sandbox } = await withKey('ES256');
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    expect(await token(sandbox.url, assertion('ES256', other))).toMatchObject({ status: 401 });
  });
});

describe('vendors.md 6, REST record service', () => {
  test('the next links lead over every id once', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const ids: unknown[] = [];
    let path: string | undefined = `${record}/customer?limit=10`;
    while (path !== undefined) {
      const answer = await restCall(sandbox, path);
      ids.push(...itemsOf(answer).map(({ id }) => id));
      const links = Array.isArray(answer.body.links) ? answer.body.links : [];
      const next = links.find(({ rel }) => rel === 'next')?.href;
      path = next === undefined ? undefined : String(next).slice(sandbox.url.length);
    }
    const expected = seeded.records.filter(({ type }) => type === 'customer').map(({ id }) => id);
    expect(ids).toEqual(expected.toSorted((a, b) => Number(BigInt(a) - BigInt(b))));
  });

  test('an upsert by external id makes a record once; the whole record is read back', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const path = `${record}/customer/eid:web%2F1`;
    const made = await restCall(sandbox, path, {
      method: 'PUT',
      body: { companyName: '佐藤', subsidiary: { id: '1' } },
    });
    const again = await restCall(sandbox, path, { method: 'PUT', body: { email: 'a@example.test' } });
    expect([made.status, again.status, again.headers.get('location')]).toEqual([
      204,
      204,
      made.headers.get('location'),
    ]);
    expect((await restCall(sandbox, path)).body).toMatchObject({
      externalId: 'web/1',
      companyName: '佐藤',
      email: 'a@example.test',
      isInactive: false,
      subsidiary: { id: '1', refName: 'Parent Company' },
    });
    expect(sandbox.duplicateCreates()).toEqual([]);
  });

  test('an order computes its amounts; lines are added unless the sublist is replaced', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const [customer, item] = ['customer', 'inventoryItem'].map((type) =>
      seeded.records.find((each) => each.type === type),
    );
    const line = (quantity: number) => ({ item: { id: item?.id }, quantity, rate: 0.1 });
    const made = await restCall(sandbox, `${record}/salesOrder`, {
      body: { entity: { id: customer?.id }, item: { items: [line(3)] } },
    });
    const path = (made.headers.get('location') ?? '').slice(sandbox.url.length);
    const patch = (query: string) => ({
      method: 'PATCH',
      path: `${path}${query}`,
      body: { item: { items: [line(1)] } },
    });
    const counted = async (): Promise<unknown> => (await restCall(sandbox, `${path}?expandSubResources=true`)).body;
    expect(await counted()).toMatchObject({ total: 0.3, orderStatus: { id: 'B' }, item: { totalResults: 1 } });
    const added = patch('');
    await restCall(sandbox, added.path, added);
    expect(await counted()).toMatchObject({ total: 0.4, item: { totalResults: 2 } });
    const replaced = patch('?replace=item');
    await restCall(sandbox, replaced.path, replaced);
    expect(await counted()).toMatchObject({ total: 0.1, item: { totalResults: 1 } });
  });

  test('q narrows a list', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const q = encodeURIComponent('isInactive IS false AND entityId START_WITH "C00000"');
    const expected = seeded.records.filter(
      ({ type, fields }) => type === 'customer' && fields.isInactive === 'false' && String(fields.entityId) < 'C000010',
    );
    expect((await restCall(sandbox, `${record}/customer?q=${q}`)).body.totalResults).toBe(expected.length);
  });

  test('null clears a field', async () => {
    const sandbox = await startedSandbox();
    const path = `${record}/customer/eid:a`;
    await restCall(sandbox, path, { method: 'PUT', body: { companyName: 'A', phone: '1' } });
    await restCall(sandbox, path, { method: 'PATCH', body: { phone: null } });
    expect((await restCall(sandbox, path)).body).not.toHaveProperty('phone');
  });

  test('a deleted record is gone, and deleting it again is a 404', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const path = `${record}/customer/${seeded.records[0]?.id}`;
    expect((await restCall(sandbox, path, { method: 'DELETE' })).status).toBe(204);
    expect(await restCall(sandbox, path, { method: 'DELETE' })).toMatchObject({
      status: 404,
      body: { title: 'Not Found', 'o:errorDetails': [{ 'o:errorCode': 'NONEXISTENT_ID' }] },
    });
  });

  test.each([
    ['an unknown field', 'customer', { nothing: 1 }, 'INVALID_CONTENT'],
    ['a missing name', 'customer', { phone: '1' }, 'USER_ERROR'],
    ['a bad reference', 'customer', { companyName: 'A', currency: { id: '99' } }, 'INVALID_KEY_OR_REF'],
    ['a number that is none', 'inventoryItem', { itemId: 'A', cost: 'x' }, 'INVALID_FLD_VALUE'],
  ])('%s is a bad request that writes nothing', async (_, type, body, code) => {
    const sandbox = await startedSandbox();
    expect(await restCall(sandbox, `${record}/${type}`, { body })).toMatchObject({
      status: 400,
      body: { status: 400, 'o:errorDetails': [{ 'o:errorCode': code }] },
    });
    expect(sandbox.writes()).toEqual([]);
  });

  test('a missing permission and a closed account are 403', async () => {
    const narrow = await startedSandbox({ settings: { grantedPermissions: ['customer:view'] } });
    expect((await restCall(narrow, `${record}/customer`, { body: { companyName: 'A' } })).status).toBe(403);
    const closed = await startedSandbox({ settings: { closed: true } });
    expect((await restCall(closed, `${record}/customer`)).status).toBe(403);
  });
});
