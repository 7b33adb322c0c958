import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { inspect } from 'node:util';
import { describeError, isConnectorError, open } from '@mortise/runtime';
import { checkPermissions, loopbackAuthorization } from '@mortise/runtime/auth';
import { openStore } from '@mortise/store';
import { virtualClock } from '@mortise/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AuthorizationServer, startAuthorizationServer } from '../support/authorization-server.ts';
import { browse } from '../support/browser.ts';
import { connectAccount, openAccount, redirectUri, temporaryStore, webOf } from '../support/connections.ts';
import { refusal } from '../support/refusal.ts';
import { quickly, thingsConnector, webSecret } from '../support/things-connector.ts';

let server: AuthorizationServer;
beforeAll(async () => {
  server = await startAuthorizationServer();
});
afterAll(() => server.stop());

/** What the API and the token endpoint are asked while something runs. */
const counted = async <Outcome>(run: () => Promise<Outcome>) => {
  const [calls, tokens] = [server.apiRequests.length, server.log.length];
  const outcome = await run();
  return { outcome, api: server.apiRequests.slice(calls), token: server.log.slice(tokens) };
};

/** An account of a store of its own, connected and open. */
const account = async () => {
  const { store, path, key } = await temporaryStore();
  const { connected, back, web } = await connectAccount(server, { store });
  await connected();
  return { store, path, key, back, web, ...openAccount(server, { store }) };
};

test('an account connected in the browser is used, and exactly the derived scope was asked for', async () => {
  const { store } = await temporaryStore();
  const { url, connected } = await connectAccount(server, { store });
  expect(url.searchParams.get('scope')).toBe('things.read');
  expect(url.searchParams.get('code_challenge_method')).toBe('S256');
  expect(await connected()).toEqual({
    connection: 'acme',
    permissions: { required: ['things.read'], granted: ['things.read'], missing: [], unused: [] },
  });
  const { live } = openAccount(server, { store });
  expect(await live.things.get('1')).toEqual({ id: '1' });
});

test('accounts of many users are connected by id, each with a token of its own', async () => {
  const { store } = await temporaryStore();
  for (const connection of ['customer 1', 'customer 2']) {
    await (await connectAccount(server, { store, connection })).connected();
  }
  const tokens = await Promise.all(['customer 1', 'customer 2'].map((id) => store.tokens.read(id)));
  expect(new Set(tokens).size).toBe(2);
  expect(await openAccount(server, { store, id: 'customer 2' }).live.things.get('1')).toEqual({ id: '1' });
});

test('a connection that nobody has granted access to is unauthenticated, and nothing is sent', async () => {
  const { store } = await temporaryStore();
  const { outcome, api, token } = await counted(() => refusal(openAccount(server, { store }).live.things.get('1')));
  expect(outcome).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('not connected yet') });
  expect([api, token]).toEqual([[], []]);
});

test('a command line is connected over 127.0.0.1, as a public client', async () => {
  const { store } = await temporaryStore();
  const settings = { url: server.url, clientId: 'command-line' };
  const given = { settings, store, connection: 'acme', use: { things: ['get'] } } as const;
  const login = await loopbackAuthorization(thingsConnector, given);
  const redirect = login.url.searchParams.get('redirect_uri') ?? '';
  expect(redirect).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  const back = await browse(login.url, { until: redirect });
  const stranger = await fetch(`${redirect}?state=guessed&code=1`);
  expect(stranger.status).toBe(404);
  const page = await fetch(back);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('You can close this window')]);
  expect(await login.finished).toMatchObject({ connection: 'acme' });
  await expect(fetch(redirect)).rejects.toThrow('fetch failed');
  const live = open(thingsConnector, { id: 'acme', settings, store });
  expect(await live.things.get('1')).toEqual({ id: '1' });
});

test('a command line whose user never comes back ends with a timeout, and a browser’s idle connection with it', async () => {
  const { store } = await temporaryStore();
  const clock = virtualClock(Date.now());
  const settings = { url: server.url, clientId: 'command-line' };
  const given = { settings, store, clock, connection: 'acme', use: { things: ['get'] } } as const;
  const login = await loopbackAuthorization(thingsConnector, given);
  // Browsers open connections that they may need, and keep them: a process with one of these would not end.
  const redirect = new URL(login.url.searchParams.get('redirect_uri') ?? '');
  const speculative = connect(Number(redirect.port), redirect.hostname);
  await once(speculative, 'connect');
  const closed = once(speculative, 'close');
  const ended = refusal(login.finished);
  await clock.advance(300_000);
  expect(await ended).toMatchObject({ code: 'timeout', message: expect.stringContaining('within 300 seconds') });
  await closed;
});

test('case 19: a refused token is renewed once and the call sent again; refused again, it needs to be connected', async () => {
  const { live } = await account();
  await live.things.get('1');
  server.refuse(server.apiRequests.at(-1)?.authorization);
  const renewed = await counted(() => live.things.get('1'));
  expect(renewed.outcome).toEqual({ id: '1' });
  expect(renewed.api.map(({ status }) => status)).toEqual([401, 200]);
  expect(renewed.token.map(({ grant, status }) => [grant, status])).toEqual([['refresh_token', 200]]);
  const { live: suspended } = await account();
  server.refuseAll(true);
  const { outcome, api, token } = await counted(() => refusal(suspended.things.get('1')));
  server.refuseAll(false);
  expect(outcome).toMatchObject({
    code: 'unauthenticated',
    message: expect.stringContaining("connection 'acme' needs to be connected again"),
  });
  expect(api.map(({ status }) => status)).toEqual([401, 401]);
  expect(token).toHaveLength(1);
});

test('case 20: a missing scope is not retried, and the error names it', async () => {
  const { live } = await account();
  const { outcome, api, token } = await counted(() => refusal(live.things.create([{ id: '2' }])));
  expect(outcome).toMatchObject({
    code: 'forbidden',
    operation: 'things.create',
    permissions: ['things.write'],
    message: expect.stringContaining("it lacks the permission 'things.write'"),
  });
  expect(api.map(({ status }) => status)).toEqual([403]);
  expect(token).toEqual([]);
});

test('case 31: fifty calls refused at once renew the token once', async () => {
  const { live } = await account();
  await live.things.get('1');
  server.refuse(server.apiRequests.at(-1)?.authorization);
  const { outcome, api, token } = await counted(() =>
    Promise.all(Array.from({ length: 50 }, () => live.things.get('1'))),
  );
  expect(outcome).toHaveLength(50);
  expect(api.filter(({ status }) => status === 401)).toHaveLength(50);
  expect(api.filter(({ status }) => status === 200)).toHaveLength(50);
  expect(token.map(({ grant }) => grant)).toEqual(['refresh_token']);
});

test('case 39: a state that was not given out is refused, and nothing is sent or kept', async () => {
  const { store } = await temporaryStore();
  const { web, back } = await connectAccount(server, { store });
  for (const change of [
    (url: URL) => url.searchParams.set('state', `x${url.searchParams.get('state')?.slice(1)}`),
    (url: URL) => url.searchParams.delete('state'),
    (url: URL) => url.searchParams.set('state', `${'A'.repeat(32)}.${Buffer.from('other').toString('base64url')}`),
  ]) {
    const forged = new URL(back);
    change(forged);
    const { outcome, token } = await counted(() => refusal(web.callback(new Request(forged))));
    expect(outcome).toMatchObject({ code: 'invalid-request', message: expect.stringContaining('begin again') });
    expect(token).toEqual([]);
  }
  expect(await store.tokens.read('acme')).toBeUndefined();
  // The real one is still good.
  expect(await web.callback(new Request(back))).toMatchObject({ connection: 'acme' });
});

test('case 39: a callback that comes twice is taken once, also at the same time', async () => {
  const { store } = await temporaryStore();
  const { web, back } = await connectAccount(server, { store });
  const { outcome, token } = await counted(() =>
    Promise.allSettled([web.callback(new Request(back)), web.callback(new Request(back))]),
  );
  expect(outcome.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(token).toHaveLength(1);
  expect(await refusal(web.callback(new Request(back)))).toMatchObject({ code: 'invalid-request' });
  expect(await openAccount(server, { store }).live.things.get('1')).toEqual({ id: '1' });
});

test('case 39: what looks at the link before the browser does not use it up', async () => {
  const { store } = await temporaryStore();
  const { web, back } = await connectAccount(server, { store });
  const { outcome, token } = await counted(() => refusal(web.callback(new Request(back, { method: 'HEAD' }))));
  expect(outcome).toMatchObject({ code: 'invalid-request', connector: 'things' });
  expect(token).toEqual([]);
  expect(await web.callback(new Request(back))).toMatchObject({ connection: 'acme' });
});

test('case 39: a code that the vendor has exchanged already is unauthenticated', async () => {
  const { store } = await temporaryStore();
  const first = await connectAccount(server, { store });
  await first.connected();
  const before = await store.tokens.read('acme');
  const second = await connectAccount(server, { store });
  const replayed = new URL(second.back);
  replayed.searchParams.set('code', first.back.searchParams.get('code') ?? '');
  expect(await refusal(second.web.callback(new Request(replayed)))).toMatchObject({
    code: 'unauthenticated',
    vendorCode: 'invalid_grant',
  });
  expect(await store.tokens.read('acme')).toBe(before);
});

test('case 39: an answer of another issuer, or of none, is refused before the code is sent anywhere', async () => {
  for (const change of [
    (url: URL) => url.searchParams.set('iss', 'https://evil.example'),
    (url: URL) => url.searchParams.delete('iss'),
  ]) {
    const { store } = await temporaryStore();
    const { web, back } = await connectAccount(server, { store });
    change(back);
    const { outcome, token } = await counted(() => refusal(web.callback(new Request(back))));
    expect(outcome).toMatchObject({ code: 'unexpected-content', message: expect.stringContaining('another server') });
    expect(token).toEqual([]);
    expect(await store.tokens.read('acme')).toBeUndefined();
  }
});

test('case 39: an authorization whose PKCE challenge was taken away ends without a token', async () => {
  const { store } = await temporaryStore();
  const web = webOf(server, { store });
  const url = await web.authorizeUrl('acme');
  url.searchParams.delete('code_challenge');
  url.searchParams.delete('code_challenge_method');
  const back = await browse(url, { until: redirectUri });
  const error = await refusal(web.callback(new Request(back)));
  expect(error).toMatchObject({ code: 'unauthenticated', vendorCode: 'invalid_request' });
  expect(error.message).toContain('PKCE');
  expect(await store.tokens.read('acme')).toBeUndefined();
});

test('case 39: an authorization that took longer than ten minutes is refused', async () => {
  const { store } = await temporaryStore();
  const clock = virtualClock(Date.now());
  const { web, back } = await connectAccount(server, { store, clock });
  await clock.advance(600_000);
  const error = await refusal(web.callback(new Request(back)));
  expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringContaining('took too long') });
});

test('case 39: what was begun in one browser is not finished in another', async () => {
  const { store } = await temporaryStore();
  const web = webOf(server, { store });
  const back = await browse(await web.authorizeUrl('acme', { browser: 'session of mallory' }), { until: redirectUri });
  const elsewhere = refusal(web.callback(new Request(back), { browser: 'session of alice' }));
  expect(await elsewhere).toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining('another browser'),
  });
  expect(await refusal(web.callback(new Request(back)))).toMatchObject({ code: 'invalid-request' });
  expect(await web.callback(new Request(back), { browser: 'session of mallory' })).toMatchObject({
    connection: 'acme',
  });
});

test("case 40: a user who denies access is told so by the vendor's reason, and nothing is kept", async () => {
  const { store } = await temporaryStore();
  const { connected, back } = await connectAccount(server, { store, deed: 'deny' });
  expect(back.searchParams.get('error')).toBe('access_denied');
  const { outcome, token } = await counted(() => refusal(connected()));
  expect(outcome).toMatchObject({ code: 'unauthenticated', vendorCode: 'access_denied' });
  expect(describeError(outcome)).toContain('access was not granted (access_denied: End-User aborted interaction)');
  expect(token).toEqual([]);
  expect(await store.tokens.read('acme')).toBeUndefined();
});

test('case 41: no token, code, verifier or secret is in an error, an event or the state file', async () => {
  const { store, path, live, events, back, web } = await account();
  await live.things.get('1');
  const kept = JSON.parse((await store.tokens.read('acme')) ?? '{}');
  server.refuseAll(true);
  const error = await refusal(live.things.get('1'));
  server.refuseAll(false);
  const replay = await refusal(web.callback(new Request(back)));
  const secrets = server.log
    .flatMap(({ parameters }) => ['code', 'code_verifier', 'refresh_token'].map((name) => parameters[name]))
    .concat([kept.accessToken, kept.refreshToken, webSecret])
    .filter((secret) => secret !== undefined);
  expect(secrets.length).toBeGreaterThan(6);
  const files = [path, `${path}-wal`].filter(existsSync).map((name) => readFileSync(name, 'latin1'));
  const shown = [error, replay, events].flatMap((value) => [inspect(value, { depth: 9 }), JSON.stringify(value)]);
  const everything = [...files, ...shown, error.stack, replay.stack, describeError(error)].join('\n');
  const encoded = (text: string) => [text, encodeURIComponent(text), Buffer.from(text).toString('base64').slice(0, -4)];
  for (const secret of secrets.flatMap(encoded)) expect(everything.includes(secret)).toBe(false);
});

/** Works on the state file behind the store's back, as somebody with a SQLite shell could. */
const behindItsBack = (path: string, sql: string) => {
  const file = new DatabaseSync(path);
  file.exec(sql);
  file.close();
};

/** Three accounts in one store, and what became of a call of each. */
const threeAccounts = async () => {
  const { store, path } = await temporaryStore();
  for (const connection of ['one', 'two', 'three']) {
    await (await connectAccount(server, { store, connection })).connected();
  }
  const outcomes = () =>
    Promise.all(
      ['one', 'two', 'three'].map((id) =>
        openAccount(server, { store, id })
          .live.things.get('1')
          .then(
            () => 'ok',
            (thrown: unknown) => (isConnectorError(thrown) ? thrown.code : 'another error'),
          ),
      ),
    );
  return { path, store, outcomes };
};

test('case 42: a token that was tampered with is refused, nothing is sent for it, and other connections live', async () => {
  const { path, outcomes } = await threeAccounts();
  // The last byte of the ciphertext, turned around.
  behindItsBack(
    path,
    `UPDATE token SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) ||
       CASE WHEN substr(sealed, -1) = x'00' THEN x'01' ELSE x'00' END AS BLOB) WHERE connection = 'one'`,
  );
  const { outcome, token, api } = await counted(outcomes);
  expect(outcome).toEqual(['state-refused', 'ok', 'ok']);
  expect(token).toEqual([]);
  expect(api.map(({ status }) => status)).toEqual([200, 200]);
});

test('case 42: tokens whose rows were swapped open for neither connection, and other connections live', async () => {
  const { path, outcomes } = await threeAccounts();
  behindItsBack(
    path,
    `UPDATE token SET connection = 'held' WHERE connection = 'one';
     UPDATE token SET connection = 'one' WHERE connection = 'two';
     UPDATE token SET connection = 'two' WHERE connection = 'held'`,
  );
  const { outcome, token } = await counted(outcomes);
  expect(outcome).toEqual(['state-refused', 'state-refused', 'ok']);
  expect(token).toEqual([]);
});

test('case 42: a store opened with another master key is refused as a whole, and nothing in it is changed', async () => {
  const { path, outcomes } = await threeAccounts();
  const error = await refusal(openStore({ path, key: Buffer.alloc(32, 1) }));
  expect(error).toMatchObject({ code: 'state-refused', message: expect.stringContaining('another key') });
  expect(await outcomes()).toEqual(['ok', 'ok', 'ok']);
});

test('the scopes granted are compared with the operations in use, as data and as an event', async () => {
  const { live, events } = await account();
  const report = await checkPermissions(live, { things: ['get', 'create'] });
  expect(report).toMatchObject({ missing: ['things.write'], unused: [], granted: ['things.read'] });
  expect(events.at(-1)).toMatchObject({ type: 'permissions-checked', missing: ['things.write'], unused: [] });
  expect(await checkPermissions(live, { things: [] })).toMatchObject({ missing: [], unused: ['things.read'] });
});

test('a token endpoint that redirects elsewhere is not followed', async () => {
  const { store } = await temporaryStore();
  const { connected } = await connectAccount(server, { store, limits: quickly });
  server.interrupt((response) => response.writeHead(307, { location: 'http://127.0.0.1:1/steal' }).end());
  const error = await refusal(connected()).finally(() => server.interrupt());
  expect(error).toMatchObject({ code: 'unsafe-url', message: expect.stringContaining('is not followed') });
});
