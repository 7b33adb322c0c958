import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { tokenBased } from '../src/auth/index.ts';
import { sealSecret } from '../src/index.ts';
import { soapOperation, usernameToken } from '../src/protocols/soap/index.ts';
import { refusal } from './support/connection.ts';
import { serve } from './support/server.ts';
import { connectSoap, envelope, xml } from './support/soap.ts';

const operation = soapOperation({
  ...{ name: 'get', namespace: 'urn:shop', request: z.object({}), answer: z.undefined() },
  effect: 'read',
});
const password = 'canary <pass> & word';

const parts = (text: string) => {
  const inner = (name: string) => new RegExp(`:${name}(?: [^>]*)?>([^<]*)<`).exec(text)?.[1] ?? '';
  return { username: inner('Username'), password: inner('Password'), nonce: inner('Nonce'), created: inner('Created') };
};

const signed = async (options: Partial<Parameters<typeof usernameToken>[0]>, statuses: readonly number[] = []) => {
  const server = await serve((response, _request, number) => void response.writeHead(statuses[number] ?? 202).end());
  let seed = 0;
  const random = () => {
    seed = (seed * 16_807 + 11) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const auth = usernameToken({ username: 'shop & co', password: sealSecret(password), ...options });
  const { send } = connectSoap(server.origin, { auth, random });
  await send({ operation, body: {} });
  return server.requests.map(({ body }) => body);
};

test('a digest is made of nonce, time and password, and the password is not sent', async () => {
  const [text = ''] = await signed({});
  const { username, password: digest, nonce, created } = parts(text);
  const expected = createHash('sha1')
    .update(Buffer.from(nonce, 'base64'))
    .update(created + password)
    .digest('base64');
  expect({ username, digest, created }).toEqual({
    username: 'shop &amp; co',
    digest: expected,
    created: '2026-11-23T12:00:00Z',
  });
  expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
  expect(text).toContain('username-token-profile-1.0#PasswordDigest"');
  expect(text).not.toContain('canary');
});

test('a password that goes out as it is, is escaped', async () => {
  const [text = ''] = await signed({ type: 'PasswordText' });
  expect(parts(text).password).toBe('canary &lt;pass&gt; &amp; word');
  expect(text).toContain('username-token-profile-1.0#PasswordText"');
});

test('every attempt has a nonce and a time of its own', async () => {
  const texts = (await signed({}, [503, 503])).map(parts);
  expect(texts).toHaveLength(3);
  for (const key of ['nonce', 'password'] as const) expect(new Set(texts.map((each) => each[key])).size).toBe(3);
});

test('a time of validity and mustUnderstand are said when they are asked for', async () => {
  const [text = ''] = await signed({ validForMs: 300_000, mustUnderstand: true });
  expect(text).toMatch(/<n\d:Security soap:mustUnderstand="1">/);
  expect(text).toMatch(
    /<(n\d):Timestamp><\1:Created>2026-11-23T12:00:00Z<\/\1:Created><\1:Expires>2026-11-23T12:05:00Z</,
  );
  expect((await signed({}))[0]).not.toMatch(/Timestamp|mustUnderstand/);
});

test('a password that a fault quotes is found in no error', async () => {
  const fault = `<s:Fault><faultcode>canary</faultcode><faultstring>${password.replaceAll(/[<&>]/g, '')}</faultstring></s:Fault>`;
  const server = await serve((response) => xml(response, envelope(fault), 500));
  const auth = usernameToken({ username: 'shop', password: sealSecret('canary') });
  const { send, events } = connectSoap(server.origin, { auth, limits: { attempts: 1 } });
  const error = await refusal(send({ operation, body: {} }));
  expect(JSON.stringify([error, error.message, events])).not.toContain('canary');
});

test('a token passport signs each attempt anew, in the namespaces of its vendor', async () => {
  const server = await serve((response, _request, number) => void response.writeHead(number === 0 ? 503 : 202).end());
  const pair = (key: string) => ({ key: sealSecret(key), secret: sealSecret(`${key}-secret`) });
  const soap = { messages: 'urn:messages.example.com', core: 'urn:core.example.com' };
  const auth = tokenBased({ account: '123456', consumer: pair('consumer'), token: pair('token'), soap });
  await connectSoap(server.origin, { auth }).send({ operation, body: {} });
  const headers = server.requests.map(({ body }) => /<soap:Header>(.*)<\/soap:Header>/.exec(body)?.[1] ?? '');
  for (const [index, header] of headers.entries()) {
    expect(header).toMatch(/^<(n\d):tokenPassport><(n\d):account>123456<\/\2:account>.*<\/\1:tokenPassport>$/);
    expect(header).toMatch(/:signature algorithm="HMAC-SHA256">[\w+/]+=<\//);
    expect(header).not.toContain('secret');
    expect(server.requests[index]?.body).toContain('"urn:messages.example.com"');
  }
  expect(new Set(headers.map((header) => /:nonce>([^<]+)</.exec(header)?.[1])).size).toBe(2);
});
