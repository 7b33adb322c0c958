import { constants, generateKeyPairSync, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { type Auth, type ConnectionOptions, open, sealSecret } from '@mortise/runtime';
import { clientCredentials, jwtBearer, type OAuthClient, tokenExchange } from '@mortise/runtime/auth';
import { virtualClock } from '@mortise/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AuthorizationServer, clientKey, startAuthorizationServer } from '../support/authorization-server.ts';
import { temporaryStore } from '../support/connections.ts';
import { machineConnector } from '../support/machine-connector.ts';
import { refusal } from '../support/refusal.ts';
import { scriptedVendor } from '../support/scripted-vendor.ts';
import { watched } from '../support/things-connector.ts';

let server: AuthorizationServer;
beforeAll(async () => {
  server = await startAuthorizationServer();
});
afterAll(() => server.stop());

const connect = (url: string, { auth, ...given }: ConnectionOptions & { auth: Auth<unknown> }) => {
  const { events, options } = watched({ id: 'acme', ...given });
  return { live: open(machineConnector(url, auth), options), events };
};

/** The provider's client credentials grant for a client. */
const machine = (client: OAuthClient, given: ConnectionOptions = {}) => {
  const auth = clientCredentials({
    server: { issuer: server.url, tokenEndpoint: `${server.url}/token` },
    client,
    scope: ['things.read'],
  });
  return connect(server.url, { auth, ...given });
};

const privateKey = sealSecret(clientKey.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
const clients: Record<string, OAuthClient> = {
  'a secret of any characters in the header': { id: 'machine', secret: sealSecret('machine:secret+%/&=') },
  'a secret in the body': { id: 'poster', secret: sealSecret('poster-secret-91'), sendsSecretIn: 'body' },
  'a signed assertion': { id: 'signer', key: { algorithm: 'ES256', privateKey, keyId: 'one' } },
};

for (const [name, client] of Object.entries(clients)) {
  test(`client credentials with ${name} give a token of the scope asked for, which is used until it ends`, async () => {
    const clock = virtualClock(Date.now());
    const { store } = await temporaryStore({ clock });
    const before = server.log.length;
    const { live } = machine(client, { store, clock });
    expect(await live.things.get('1')).toEqual({ id: '1' });
    expect(await live.things.get('1')).toEqual({ id: '1' });
    // Another process finds it in the store.
    expect(await machine(client, { store, clock }).live.things.get('1')).toEqual({ id: '1' });
    expect(server.log.slice(before)).toMatchObject([{ grant: 'client_credentials', status: 200 }]);
    await clock.advance(271_000);
    expect(await live.things.get('1')).toEqual({ id: '1' });
    expect(server.log.slice(before)).toHaveLength(2);
  });
}

test('client credentials work without a store, for the life of the process', async () => {
  const { live } = machine({ id: 'machine', secret: sealSecret('machine:secret+%/&=') });
  const before = server.log.length;
  await Promise.all([live.things.get('1'), live.things.get('1')]);
  expect(server.log.slice(before)).toHaveLength(1);
});

test('a client whose secret is wrong is told so, and the secret is nowhere', async () => {
  const { live, events } = machine({ id: 'machine', secret: sealSecret('wrong-secret-4711') });
  const error = await refusal(live.things.get('1'));
  expect(error).toMatchObject({
    code: 'unauthenticated',
    vendorCode: 'invalid_client',
    message: expect.stringContaining('does not accept the client id and its secret or key'),
  });
  const shown = [error, events].flatMap((value) => [JSON.stringify(value), inspect(value, { depth: 9 })]).join();
  for (const form of ['wrong-secret-4711', Buffer.from('machine:wrong-secret-4711').toString('base64')]) {
    expect(shown).not.toContain(form);
  }
});

test('a scope that the client may not have is forbidden', async () => {
  const auth = clientCredentials({
    server: { tokenEndpoint: `${server.url}/token` },
    client: { id: 'machine', secret: sealSecret('machine:secret+%/&=') },
    scope: ['things.write'],
  });
  const error = await refusal(connect(server.url, { auth }).live.things.get('1'));
  expect(error).toMatchObject({ code: 'forbidden', vendorCode: 'invalid_scope' });
});

/** Header and claims of a JWT whose signature holds. */
const verified = (assertion: string, key: Parameters<typeof verify>[2]) => {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { header: read(header), claims: read(payload) };
};

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });

test('a JWT bearer grant signs an assertion for the user, and a new one for each attempt', async () => {
  const vendor = await scriptedVendor({
    token: (_request, number) => (number === 1 ? { status: 503, body: {} } : { body: { access_token: 'a1' } }),
  });
  const pem = rsa.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString();
  const auth = jwtBearer({
    server: { tokenEndpoint: `${vendor.url}/token` },
    client: { id: 'consumer-key' },
    key: { algorithm: 'RS256', privateKey: sealSecret(pem) },
    subject: 'alice@example.com',
    audience: 'https://login.example.com',
    claims: { scope: 'api' },
  });
  const now = Date.parse('2026-11-25T12:00:00Z');
  const clock = { ...virtualClock(now), schedule: (run: () => void, ms: number) => realTimer(run, ms) };
  await connect(vendor.url, { auth, clock }).live.things.get('1');
  expect(vendor.apiTokens).toEqual(['a1']);
  const assertions = vendor.tokenRequests.map(({ parameters }) => {
    expect(parameters.grant_type).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    return verified(parameters.assertion ?? '', rsa.publicKey);
  });
  expect(assertions).toHaveLength(2);
  expect(new Set(assertions.map(({ claims }) => claims.jti)).size).toBe(2);
  expect(assertions[0]).toMatchObject({
    header: { alg: 'RS256', typ: 'JWT' },
    claims: { iss: 'consumer-key', sub: 'alice@example.com', aud: 'https://login.example.com', scope: 'api' },
  });
  expect(assertions[0]?.claims.exp).toBe(now / 1_000 + 180);
});

const realTimer = (run: () => void, milliseconds: number) => {
  const timer = setTimeout(run, Math.min(milliseconds, 10_000));
  return () => clearTimeout(timer);
};

test('PS256 signs as its name says', async () => {
  const vendor = await scriptedVendor({ token: () => ({ body: { access_token: 'a1' } }) });
  const pem = rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const key = { algorithm: 'PS256', privateKey: sealSecret(pem), keyId: 'certificate' } as const;
  const auth = clientCredentials({ server: { tokenEndpoint: `${vendor.url}/token` }, client: { id: 'suite', key } });
  await connect(vendor.url, { auth }).live.things.get('1');
  const options = { key: rsa.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const { header, claims } = verified(vendor.tokenRequests[0]?.parameters.client_assertion ?? '', options);
  expect(header).toEqual({ alg: 'PS256', typ: 'JWT', kid: 'certificate' });
  expect(claims).toMatchObject({ iss: 'suite', sub: 'suite', aud: `${vendor.url}/token` });
});

test('a key of another kind, or none at all, is refused when the method is defined', async () => {
  for (const privateKeyText of ['no key', clientKey.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()]) {
    const key = { algorithm: 'RS256', privateKey: sealSecret(privateKeyText) } as const;
    const define = () =>
      jwtBearer({ server: { tokenEndpoint: 'https://x.example/' }, client: { id: 'a' }, subject: 'b', key });
    expect(define).toThrow('the private key is not an RSA key in PEM, which RS256 needs');
  }
});

test('a token exchange sends a new subject token each time, and takes an answer without a token type', async () => {
  const clock = virtualClock(Date.now());
  let issued = 0;
  const vendor = await scriptedVendor({
    token: (_request, number) => ({
      body: { access_token: `a${number}`, expires_in: 60, scope: 'read_products,write_products' },
    }),
  });
  const auth = tokenExchange({
    server: { tokenEndpoint: `${vendor.url}/token` },
    client: { id: 'app', secret: sealSecret('app-secret'), sendsSecretIn: 'body' },
    subject: async () => sealSecret(`session-${++issued}`),
    subjectType: 'urn:ietf:params:oauth:token-type:id_token',
    requestedType: 'urn:shopify:params:oauth:token-type:offline-access-token',
    parameters: { expiring: '1' },
  });
  const { live } = connect(vendor.url, { auth, clock });
  await live.things.get('1');
  await clock.advance(60_000);
  await live.things.get('1');
  expect(vendor.apiTokens).toEqual(['a1', 'a2']);
  expect(vendor.tokenRequests.map(({ parameters }) => parameters)).toMatchObject([
    { subject_token: 'session-1', expiring: '1', client_id: 'app', client_secret: 'app-secret' },
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'session-2',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      requested_token_type: 'urn:shopify:params:oauth:token-type:offline-access-token',
    },
  ]);
  expect(await live.things.port.access.granted()).toEqual(['read_products', 'write_products']);
});

for (const [name, answer] of Object.entries({
  'a page of HTML': { body: '<html>' },
  'no access token': { body: { token_type: 'bearer' } },
  'a token type that is not Bearer': { body: { access_token: 'a', token_type: 'mac' } },
  'a list': { body: [] },
})) {
  test(`a token endpoint that answers ${name} ends in unexpected-content, and no request is sent`, async () => {
    const vendor = await scriptedVendor({ token: () => answer });
    const auth = clientCredentials({ server: { tokenEndpoint: `${vendor.url}/token` }, client: { id: 'a' } });
    expect(await refusal(connect(vendor.url, { auth }).live.things.get('1'))).toMatchObject({
      code: 'unexpected-content',
    });
    expect(vendor.apiTokens).toEqual([]);
  });
}

test('a token endpoint that is not https is refused before a secret is sent', () => {
  const auth = clientCredentials({ server: { tokenEndpoint: 'http://login.example.com/token' }, client: { id: 'a' } });
  expect(() => connect('http://127.0.0.1:1', { auth })).toThrow('may not speak http://');
});
