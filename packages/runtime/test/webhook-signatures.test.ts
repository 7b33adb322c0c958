import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SignatureScheme, SignedRequest } from '../src/contract/webhooks.ts';
import {
  githubWebhooks,
  hmac,
  hubspotLegacySignatures,
  hubspotWebhooks,
  shopifyWebhooks,
  standardWebhooks,
  stripeWebhooks,
} from '../src/protocols/webhooks/index.ts';
import { isAuthentic, isTimely } from '../src/protocols/webhooks/signature.ts';
import { thrownBy } from './support/connection.ts';

const now = 1_700_000_000_123;
const whsec = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

const requestOf = (headers: Readonly<Record<string, string>>, parts: Partial<SignedRequest> = {}): SignedRequest => ({
  ...{ method: 'POST', url: 'https://hooks.example.com/webhooks/a', body: Buffer.from('{"a":1}') },
  header: (name) => headers[name],
  ...parts,
});

const passes = (scheme: SignatureScheme, request: SignedRequest, secrets: readonly string[]): boolean => {
  const claim = scheme.claim(request.header);
  return claim !== undefined && isTimely(claim, { now }) && isAuthentic(scheme, request, { claim, secrets });
};

const schemes: readonly [name: string, scheme: SignatureScheme, secret: string][] = [
  ['Standard Webhooks', standardWebhooks.signature, whsec],
  ['Shopify', shopifyWebhooks.signature, 'shopify secret'],
  ['HubSpot v3', hubspotWebhooks.signature, 'hubspot secret'],
  ['HubSpot v2', hubspotLegacySignatures.v2, 'hubspot secret'],
  ['HubSpot v1', hubspotLegacySignatures.v1, 'hubspot secret'],
  ['Stripe', stripeWebhooks.signature, 'whsec_as_text'],
  ['GitHub', githubWebhooks.signature, 'github secret'],
];

const signed = (scheme: SignatureScheme, secret: string) => {
  const request = requestOf({});
  return requestOf(scheme.sign(request, { secret, now, id: 'msg_1' }));
};

test.each(schemes)('%s: what it signs it takes, under one of several secrets', (_, scheme, secret) => {
  const other = secret.startsWith('whsec_') ? `whsec_${Buffer.alloc(24, 8).toString('base64')}` : 'another secret';
  const request = signed(scheme, secret);
  expect(passes(scheme, request, [secret])).toBe(true);
  expect(passes(scheme, request, [other, secret])).toBe(true);
  expect(passes(scheme, request, [secret, other])).toBe(true);
  expect(passes(scheme, request, [other])).toBe(false);
  expect(passes(scheme, request, [])).toBe(false);
});

test.each(schemes)('%s: one changed bit of the body, and a signature cut short, are refused', (_, scheme, secret) => {
  const request = signed(scheme, secret);
  const body = Uint8Array.from(request.body);
  body[3] = (body[3] ?? 0) ^ 1;
  expect(passes(scheme, { ...request, body }, [secret])).toBe(false);
  const headers = scheme.sign(requestOf({}), { secret, now, id: 'msg_1' });
  for (const [name, value] of Object.entries(headers)) {
    const others = [value.slice(0, -1), value.slice(0, 4), '', `${value}A`];
    for (const changed of others.filter((other) => other !== value)) {
      expect(passes(scheme, requestOf({ ...headers, [name]: changed }), [secret]), `${name}: ${changed}`).toBe(false);
    }
  }
});

test.each(schemes)('%s: an empty secret is no key', (_, scheme, secret) => {
  const request = signed(scheme, secret);
  expect(thrownBy(() => passes(scheme, request, [''])).code).toBe('invalid-settings');
});

test.each(schemes)('%s: whatever stands in its headers is refused and throws nothing', (_, scheme, secret) => {
  const headers = scheme.sign(requestOf({}), { secret, now, id: 'msg_1' });
  const names = Object.keys(headers);
  const noise = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.stringMatching(/^[tv]1?a?[=,][A-Za-z0-9+/=, ]{0,80}$/),
    fc.constantFrom(...Object.values(headers)).chain((value) =>
      fc.tuple(fc.nat(value.length), fc.string({ maxLength: 3 })).map(([at, text]) => {
        return `${value.slice(0, at)}${text}${value.slice(at + 1)}`;
      }),
    ),
  );
  fc.assert(
    fc.property(fc.array(noise, { minLength: names.length, maxLength: names.length }), (values) => {
      const changed = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
      const isTheSame = names.every((name) => changed[name]?.toLowerCase() === headers[name]?.toLowerCase());
      fc.pre(!isTheSame);
      // A correct signature beside others is a rotation; noise that still holds the right one is let through.
      fc.pre(
        !Object.values(headers).some(
          (value) => value.length > 20 && Object.values(changed).some((text) => text.includes(value.slice(-20))),
        ),
      );
      expect(passes(scheme, requestOf(changed), [secret])).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test('HubSpot v1 and v2 match the vectors of its documentation', () => {
  const secret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
  const v1 =
    '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]';
  const url = 'https://www.example.com/webhook_uri';
  const vectors = [
    ['v1', 'POST', v1, '232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de'],
    ['v2', 'GET', '', 'eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e'],
    [
      'v2',
      'POST',
      '{"example_field":"example_value"}',
      '9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900',
    ],
  ] as const;
  for (const [version, method, body, signature] of vectors) {
    const headers = { 'x-hubspot-signature': signature, 'x-hubspot-signature-version': version };
    const request = requestOf(headers, { method, url, body: Buffer.from(body) });
    expect(passes(hubspotLegacySignatures[version], request, [secret])).toBe(true);
  }
});

test('HubSpot v3 undoes the documented escapes of the URI before it signs, and no others', () => {
  const body = Buffer.from('[]');
  const hubspotSigns = (uri: string) => ({
    'x-hubspot-request-timestamp': String(now),
    'x-hubspot-signature-v3': createHmac('sha256', 'secret').update(`POST${uri}[]${now}`).digest('base64'),
  });
  const escaped = 'https://a.example/h%3A%2f%3F%40%21%24%27%28%29%2A%2C%3B?q=%20%25%3D';
  const undone = "https://a.example/h:/?@!$'()*,;?q=%20%25%3D";
  const { signature } = hubspotWebhooks;
  expect(passes(signature, requestOf(hubspotSigns(undone), { url: escaped, body }), ['secret'])).toBe(true);
  expect(passes(signature, requestOf(hubspotSigns(escaped), { url: escaped, body }), ['secret'])).toBe(true);
  const more = undone.replace('%20', ' ');
  expect(passes(signature, requestOf(hubspotSigns(more), { url: escaped, body }), ['secret'])).toBe(false);
});

test('Standard Webhooks takes any valid one of several signatures, and looks at 16 at most', () => {
  const headers = standardWebhooks.signature.sign(requestOf({}), { secret: whsec, now, id: 'msg_1' });
  const valid = headers['webhook-signature'] ?? '';
  const wrong = `v1,${Buffer.alloc(32, 1).toString('base64')}`;
  const withSignatures = (value: string) => requestOf({ ...headers, 'webhook-signature': value });
  const { signature } = standardWebhooks;
  expect(passes(signature, withSignatures(`${wrong} v1a,AAAA v2,x ${valid}`), [whsec])).toBe(true);
  expect(passes(signature, withSignatures(`${valid} ${wrong}`), [whsec])).toBe(true);
  expect(passes(signature, withSignatures(`${wrong} ${wrong}`), [whsec])).toBe(false);
  expect(passes(signature, withSignatures(`${`${wrong} `.repeat(16)}${valid}`), [whsec])).toBe(false);
});

test('Standard Webhooks checks v1a by the public key alone: a secret cannot stand in for it, nor the other way round', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const whpk = `whpk_${raw.toString('base64')}`;
  const timestamp = String(Math.floor(now / 1_000));
  const content = `msg_1.${timestamp}.{"a":1}`;
  const asymmetric = `v1a,${signWith(null, Buffer.from(content), privateKey).toString('base64')}`;
  const forged = `v1,${createHmac('sha256', raw).update(content).digest('base64')}`;
  const request = (signature: string) =>
    requestOf({ 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature });
  const { signature } = standardWebhooks;
  expect(passes(signature, request(asymmetric), [whpk])).toBe(true);
  // The public key is public: an HMAC made with it proves nothing.
  expect(passes(signature, request(forged), [whpk])).toBe(false);
  expect(passes(signature, request(asymmetric), [whsec])).toBe(false);
  expect(passes(signature, request(`v1a,${'A'.repeat(86)}==`), [whpk])).toBe(false);
  expect(passes(signature, request('v1a,short'), [whpk])).toBe(false);
});

test.each(['whsec_', 'whsec_not base64!', 'whpk_AAAA', 'whpk_'])('a secret such as %s is refused', (secret) => {
  const request = signed(standardWebhooks.signature, whsec);
  const error = thrownBy(() => passes(standardWebhooks.signature, request, [secret]));
  expect(error.code).toBe('invalid-settings');
  expect(error.message).not.toContain('AAAA');
});

test('a timestamp counts 300 seconds either way, and only digits are one', () => {
  const at = (seconds: string) => {
    const timestamp = seconds;
    const body = '{"a":1}';
    const v1 = createHmac('sha256', 'secret').update(`${timestamp}.${body}`).digest('hex');
    return requestOf({ 'stripe-signature': `t=${timestamp},v1=${v1}` });
  };
  const seconds = Math.floor(now / 1_000);
  const taken = (text: string) => passes(stripeWebhooks.signature, at(text), ['secret']);
  expect([-299, 0, 299].map((shift) => taken(String(seconds + shift)))).toEqual([true, true, true]);
  expect([-301, 301].map((shift) => taken(String(seconds + shift)))).toEqual([false, false]);
  expect([`${seconds}x`, `+${seconds}`, `${seconds}.5`, `0x65`, ''].map(taken)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

test("Stripe's header may hold several v1, other versions count for nothing, and two timestamps are refused", () => {
  const [timestamp] = [String(Math.floor(now / 1_000))];
  const v1 = createHmac('sha256', 'secret').update(`${timestamp}.{"a":1}`).digest('hex');
  const taken = (value: string) =>
    passes(stripeWebhooks.signature, requestOf({ 'stripe-signature': value }), ['secret']);
  expect(taken(`t=${timestamp},v1=${'0'.repeat(64)},v1=${v1}`)).toBe(true);
  expect(taken(`t=${timestamp}, v1=${v1.toUpperCase()}`)).toBe(true);
  expect(taken(`t=${timestamp},v0=${v1}`)).toBe(false);
  expect(taken(`t=${timestamp},t=1,v1=${v1}`)).toBe(false);
});

test('a scheme of its own is a few lines of data', () => {
  const scheme = hmac({
    ...{ header: 'x-acme-signature', algorithm: 'sha512', encoding: 'base64', prefix: 'acme ', id: 'x-acme-id' },
    timestamp: { header: 'x-acme-at', unit: 'ms' },
    signed: ({ id, timestamp, method, body }) => [id, '|', timestamp, '|', method, '|', body],
    key: (secret) => Buffer.from(secret, 'hex'),
  });
  const request = signed(scheme, 'a0a1');
  expect(request.header('x-acme-signature')).toMatch(/^acme [A-Za-z0-9+/]{86}==$/);
  expect([request.header('x-acme-at'), request.header('x-acme-id')]).toEqual([String(now), 'msg_1']);
  expect(passes(scheme, request, ['a0a1'])).toBe(true);
  expect(passes(scheme, { ...request, method: 'PUT' }, ['a0a1'])).toBe(false);
  expect(thrownBy(() => passes(scheme, request, ['']))?.code).toBe('invalid-settings');
});
