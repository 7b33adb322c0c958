import { expect, test } from 'vitest';
import { session } from '../src/auth/index.ts';
import { type Auth, connectorError, type TokenStore } from '../src/index.ts';
import type { RestTransport } from '../src/protocols/rest/index.ts';
import { connect, refusal } from './support/connection.ts';
import { json, serve } from './support/server.ts';

type Rest = { readonly rest: RestTransport };

const login: Auth<Rest> = session<Rest>({
  secrets: [],
  login: async ({ transports }) => {
    const { body } = await transports.rest.send({ method: 'POST', path: 'login', body: { user: 'u' } });
    if (typeof body === 'object' && body !== null && 'token' in body) return String(body.token);
    throw connectorError('unexpected-content', 'the login gave no token');
  },
});

/** A vendor whose every login makes a new token; only the tokens in `valid` are taken. */
const vendor = async (isValid: (token: number) => boolean, loginStatus = 200) => {
  let token = 0;
  const server = await serve((response, { url, headers }) => {
    if (url === '/login') return json(response, { token: `token-${++token}` }, loginStatus);
    const given = Number(headers.authorization?.replace('Bearer token-', ''));
    return isValid(given) ? json(response, { given }) : json(response, {}, 401);
  });
  const logins = () => server.requests.filter(({ url }) => url === '/login');
  return { ...server, logins };
};

const memoryStore = (tokens: Map<string, string>): TokenStore => ({
  read: async (connection) => tokens.get(connection),
  save: async (connection, token) => Boolean(tokens.set(connection, token)),
  remove: async (connection) => tokens.delete(connection),
});

test('a bearer token goes out with every request', async () => {
  const server = await serve((response) => json(response, {}));
  await connect(server.origin).get();
  expect(server.requests[0]?.headers.authorization).toBe('Bearer canary-4f8b+/secret token');
});

test('fifty calls at once share one login, which carries no credentials itself', async () => {
  const server = await vendor(() => true);
  const { get } = connect(server.origin, { auth: login });
  await Promise.all(Array.from({ length: 50 }, () => get()));
  expect(server.logins()).toHaveLength(1);
  expect(server.logins()[0]?.headers.authorization).toBeUndefined();
  expect(server.requests).toHaveLength(51);
});

test('a refused token is renewed once and the call sent again, also an unsafe one', async () => {
  const server = await vendor((token) => token === 2);
  const { post, events } = connect(server.origin, { auth: login });
  expect((await post())?.body).toEqual({ given: 2 });
  expect(server.logins()).toHaveLength(2);
  const types = events.filter(({ type }) => type === 'credentials-renewed');
  expect(types).toHaveLength(1);
});

test('fifty calls refused at once share one new login', async () => {
  let valid = 1;
  const server = await vendor((token) => token === valid);
  const { get } = connect(server.origin, { auth: login });
  await get();
  valid = 2;
  await Promise.all(Array.from({ length: 50 }, () => get()));
  expect(server.logins()).toHaveLength(2);
});

test('a second refusal in one call is the end: unauthenticated', async () => {
  const server = await vendor(() => false);
  const { get } = connect(server.origin, { auth: login });
  expect(await refusal(get())).toMatchObject({ code: 'unauthenticated', status: 401 });
  expect(server.logins()).toHaveLength(2);
  expect(server.requests).toHaveLength(4);
});

test('a login that is refused fails the calls that wait for it, and the next call signs in again', async () => {
  const server = await vendor(() => true, 401);
  const { get } = connect(server.origin, { auth: login });
  const errors = await Promise.all([refusal(get()), refusal(get())]);
  expect(errors.map(({ code, operation }) => [code, operation])).toEqual(
    Array(2).fill(['unauthenticated', 'auth.login']),
  );
  expect(server.requests).toHaveLength(1);
  await refusal(get());
  expect(server.requests).toHaveLength(2);
});

test('a stored token is used without a login', async () => {
  const server = await vendor((token) => token === 77);
  const tokens = new Map([['acme', 'token-77']]);
  const { get } = connect(server.origin, { auth: login, store: { tokens: memoryStore(tokens) } });
  expect((await get())?.body).toEqual({ given: 77 });
  expect(server.logins()).toHaveLength(0);
});

test('a stored token that is refused is replaced, in the store too', async () => {
  const server = await vendor((token) => token === 1);
  const tokens = new Map([['customer-7', 'token-77']]);
  const { get } = connect(server.origin, { id: 'customer-7', auth: login, store: { tokens: memoryStore(tokens) } });
  expect((await get())?.body).toEqual({ given: 1 });
  expect(tokens).toEqual(new Map([['customer-7', 'token-1']]));
});

test('the first caller may leave while signing in without taking the login from the others', async () => {
  const entered = Promise.withResolvers<void>();
  const server = await serve(async (response, { url }) => {
    if (url === '/login') {
      entered.resolve();
      await left.promise;
    }
    json(response, { token: 'token-1' });
  });
  const left = Promise.withResolvers<void>();
  const { get } = connect(server.origin, { auth: login });
  const controller = new AbortController();
  const first = refusal(get('things', { signal: controller.signal }));
  const second = get();
  await entered.promise;
  controller.abort();
  expect((await first).code).toBe('cancelled');
  left.resolve();
  expect((await second)?.status).toBe(200);
  expect(server.requests.map(({ url }) => url)).toEqual(['/login', '/things']);
});

test('the token of a session is kept out of errors although nobody knew it beforehand', async () => {
  const server = await serve((response, { url }) =>
    url === '/login'
      ? json(response, { token: 'session-canary-1' })
      : json(response, {}, 400, { 'x-request-id': 'of session-canary-1' }),
  );
  const { get, events } = connect(server.origin, { auth: login });
  const error = await refusal(get());
  expect(error.requestId).toBe('of [secret]');
  expect(JSON.stringify(events)).not.toContain('session-canary-1');
});

test('a call whose turn has come signs in without its place under the quota: the login may need that very place', async () => {
  const server = await vendor((token) => token === 2);
  const rest = { quota: [{ name: 'default', concurrent: 1 }] };
  const { get } = connect(server.origin, { auth: login, rest });
  const answers = await Promise.all([get(), get(), get()]);
  expect(answers.map((answer) => answer?.body)).toEqual([{ given: 2 }, { given: 2 }, { given: 2 }]);
  expect(server.logins()).toHaveLength(2);
});
