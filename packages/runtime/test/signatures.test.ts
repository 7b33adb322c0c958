import { expect, test } from 'vitest';
import { oauth1, tokenBased } from '../src/auth/index.ts';
import { oauth1Header } from '../src/auth/oauth1/oauth1.ts';
import { hmacSignature, signatureBase } from '../src/auth/oauth1/signature.ts';
import { passportSignature } from '../src/auth/oauth1/token-based.ts';
import { sealSecret } from '../src/index.ts';
import { connect } from './support/connection.ts';
import { json, serve } from './support/server.ts';

const pair = ([key, secret]: readonly [string, string]) => ({ key: sealSecret(key), secret: sealSecret(secret) });

test('the example of OAuth Core 1.0, appendix A.5, is signed as printed there', () => {
  const base = signatureBase({
    method: 'GET',
    url: new URL('http://photos.example.net/photos?file=vacation.jpg&size=original'),
    parameters: {
      oauth_consumer_key: 'dpf43f3p2l4k3l03',
      oauth_token: 'nnch734d00sl2jdk',
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: '1191242096',
      oauth_nonce: 'kllo9940pd9333jh',
      oauth_version: '1.0',
    },
  });
  const secrets = { consumerSecret: 'kd94hf93k423kf44', tokenSecret: 'pfkkdhi9sl3r4s00' };
  expect(hmacSignature(base, { method: 'HMAC-SHA1', ...secrets })).toBe('tR3+Ty81lMeYAr/Fid0kMTYa/WM=');
});

test('the base string of RFC 5849, section 3.4.1.1, is as printed there, but for its form body', () => {
  const base = signatureBase({
    method: 'post',
    url: new URL('http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2=&a3=2+q'),
    parameters: {
      oauth_consumer_key: '9djdj82h48djs9d2',
      oauth_token: 'kkk9d7dh3k39sjv7',
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: '137131201',
      oauth_nonce: '7d8f3e4a',
    },
  });
  expect(base).toBe(
    'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D' +
      '%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1' +
      '%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
  );
});

const netSuiteVectors = [
  {
    account: '1234567',
    consumer: [
      '71cc02b731f05895561ef0862d71553a3ac99498a947c3b7beaf4a1e4a29f7c4',
      '7278da58caf07f5c336301a601203d10a58e948efa280f0618e25fcee1ef2abd',
    ],
    token: [
      '89e08d9767c5ac85b374415725567d05b54ecf0960ad2470894a52f741020d82',
      '060cd9ab3ffbbe1e3d3918e90165ffd37ab12acc76b4691046e2d29c7d7674c2',
    ],
    moment: { nonce: '6obMKq0tmY8ylVOdEkA1', timestamp: 1_439_829_974 },
    signature: 'FCghIZqXNetuZY8ILWOFH0ucdfzQOmAuL+q+kF21zPs=',
  },
  {
    account: '123456',
    consumer: [
      'ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4',
      'd26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5',
    ],
    token: [
      '2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc',
      'c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295',
    ],
    moment: { nonce: 'fjaLirsIcCGVZWzBX0pg', timestamp: 1_508_242_306 },
    signature: 'tIcC5zyKUmycB5Ml/cNxOHDusw03Y5KPQiXVNUHHp4U=',
  },
] as const;

for (const { account, consumer, token, moment, signature } of netSuiteVectors) {
  test(`the passport that NetSuite publishes for account ${account} is signed as printed there`, () => {
    const options = { account, consumer: pair(consumer), token: pair(token) };
    expect(passportSignature(options, moment)).toBe(signature);
  });
}

test('every attempt is signed anew, over its method, URL and query', async () => {
  const server = await serve((response, _request, number) => json(response, {}, number === 0 ? 503 : 200));
  const options = { consumer: pair(['ck_1', 'cs_1']), token: pair(['tk_1', 'ts_1']), realm: '123456_SB1' };
  const { get } = connect(server.origin, { auth: oauth1(options) });
  await get('things?b=2&a=%20x');
  const headers = server.requests.map(({ headers: { authorization } }) => authorization ?? '');
  expect(headers).toHaveLength(2);
  expect(headers[0]).not.toBe(headers[1]);
  for (const header of headers) {
    const field = (name: string) => decodeURIComponent(new RegExp(`${name}="([^"]*)"`).exec(header)?.[1] ?? '');
    const moment = { timestamp: Number(field('oauth_timestamp')), nonce: field('oauth_nonce') };
    expect(moment.nonce).toMatch(/^[0-9a-zA-Z]{6,64}$/);
    const request = { method: 'GET', url: new URL(`${server.origin}${server.requests[0]?.url}`) };
    expect(header).toBe(oauth1Header(options, { request, moment }));
    expect(header).toContain('realm="123456_SB1"');
  }
});

test('a passport goes into the SOAP header, in the order and namespaces of the API, with a nonce of its own', async () => {
  const namespaces = { messages: 'urn:messages_2025_2.example', core: 'urn:core_2025_2.example' };
  const options = { account: '123456', consumer: pair(['ck', 'cs']), token: pair(['tk', 'ts']) };
  const { clock } = connect('http://127.0.0.1:1');
  const facts = { connector: 'acme', connection: 'acme', options: { clock }, quota: [], redact: String };
  const unused = { remember: () => undefined, auth: { headers: () => ({}) } };
  const context = { connection: 'acme', transports: undefined, facts: { ...facts, ...unused } };
  const live = tokenBased({ ...options, soap: namespaces }).connect(context as never);
  const request = { method: 'POST', url: new URL('https://example.com/') };
  const [first, second] = [live.soapHeader?.(request), live.soapHeader?.(request)];
  const block = Object.values(first ?? {})[0] as Record<string, unknown>; // checked below
  expect(Object.keys(first ?? {})).toEqual(['{urn:messages_2025_2.example}tokenPassport']);
  expect(Object.keys(block)).toEqual(
    ['account', 'consumerKey', 'token', 'nonce', 'timestamp', 'signature'].map((name) => `{${namespaces.core}}${name}`),
  );
  const nonce = String(block[`{${namespaces.core}}nonce`]);
  const timestamp = Number(block[`{${namespaces.core}}timestamp`]);
  expect(block[`{${namespaces.core}}signature`]).toEqual({
    '@algorithm': 'HMAC-SHA256',
    '#text': passportSignature(options, { nonce, timestamp }),
  });
  expect(JSON.stringify(second)).not.toContain(nonce);
  expect(live.headers(request)).toEqual({});
});
