import '@shopify/shopify-api/adapters/node';
import { Signature } from '@hubspot/api-client';
import {
  githubWebhooks,
  hubspotLegacySignatures,
  hubspotWebhooks,
  type SignatureScheme,
  shopifyWebhooks,
  standardWebhooks,
} from '@mortise/runtime/webhooks';
import { ApiVersion, shopifyApi } from '@shopify/shopify-api';
import { createSHA256HMAC, HashFormat } from '@shopify/shopify-api/runtime';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';

const url = 'https://hooks.example.com/webhooks/shop?a=1';

/** Whether our verification takes what somebody else signed. */
const weTake = (
  scheme: SignatureScheme,
  { headers, body, secret }: { headers: Readonly<Record<string, string>>; body: string; secret: string },
): boolean => {
  const header = (name: string) => headers[name];
  const claim = scheme.claim(header);
  const request = { method: 'POST', url, header, body: Buffer.from(body) };
  return claim !== undefined && scheme.matches(request, { claim, secret });
};

const weSign = (scheme: SignatureScheme, { body, secret }: { body: string; secret: string }) =>
  scheme.sign({ method: 'POST', url, body: Buffer.from(body) }, { secret, now: Date.now(), id: 'msg_1' });

const bodies = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.json());
const whsec = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

test('standardwebhooks verifies what we sign, and we verify what it signs', () => {
  const library = new Webhook(whsec);
  fc.assert(
    fc.property(bodies, (body) => {
      const ours = weSign(standardWebhooks.signature, { body, secret: whsec });
      expect(() => library.verify(body, { ...ours }, { jsonParse: false })).not.toThrow();
      expect(() => library.verify(`${body} `, { ...ours }, { jsonParse: false })).toThrow();
      const at = new Date();
      const theirs = {
        ...{ 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)) },
        'webhook-signature': library.sign('msg_1', at, body),
      };
      expect(weTake(standardWebhooks.signature, { headers: theirs, body, secret: whsec })).toBe(true);
      expect(weTake(standardWebhooks.signature, { headers: theirs, body: `${body} `, secret: whsec })).toBe(false);
    }),
    { numRuns: 50 },
  );
});

const shopify = shopifyApi({
  ...{ apiKey: 'key', apiSecretKey: 'shopify app secret', hostName: 'hooks.example.com' },
  ...{ apiVersion: ApiVersion.July26, isEmbeddedApp: false, logger: { log: () => undefined } },
});

const shopifyTakes = async (headers: Readonly<Record<string, string>>, rawBody: string): Promise<boolean> => {
  const rawRequest = { method: 'POST', url: '/webhooks/shop', headers };
  const { valid } = await shopify.webhooks.validate({ rawBody, rawRequest });
  return valid;
};

test('@shopify/shopify-api validates what we sign, and we verify what it signs', async () => {
  const secret = 'shopify app secret';
  const facts = {
    ...{ 'x-shopify-topic': 'orders/create', 'x-shopify-shop-domain': 'a.myshopify.com' },
    ...{ 'x-shopify-api-version': '2026-07', 'x-shopify-webhook-id': 'w1' },
  };
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const headers = { ...facts, ...weSign(shopifyWebhooks.signature, { body, secret }) };
      expect(await shopifyTakes(headers, body)).toBe(true);
      expect(await shopifyTakes(headers, `${body} `)).toBe(false);
      const theirs = await createSHA256HMAC(secret, body, HashFormat.Base64);
      const signed = { 'x-shopify-hmac-sha256': theirs };
      expect(weTake(shopifyWebhooks.signature, { headers: signed, body, secret })).toBe(true);
      expect(weTake(shopifyWebhooks.signature, { headers: signed, body: `${body} `, secret })).toBe(false);
    }),
    { numRuns: 30 },
  );
});

const hubspotVersions: readonly ['v1' | 'v2' | 'v3', SignatureScheme, string][] = [
  ['v1', hubspotLegacySignatures.v1, 'x-hubspot-signature'],
  ['v2', hubspotLegacySignatures.v2, 'x-hubspot-signature'],
  ['v3', hubspotWebhooks.signature, 'x-hubspot-signature-v3'],
];

test.each(hubspotVersions)('@hubspot/api-client takes our signature %s, and we take its', (version, scheme, name) => {
  const secret = 'hubspot app secret';
  fc.assert(
    fc.property(bodies, (body) => {
      const ours = weSign(scheme, { body, secret });
      const timestamp = Number(ours['x-hubspot-request-timestamp'] ?? Date.now());
      const options = { clientSecret: secret, method: 'POST', url, signatureVersion: version, timestamp };
      const isValid = (requestBody: string) =>
        Signature.isValid({ ...options, requestBody, signature: ours[name] ?? '' });
      expect([isValid(body), isValid(`${body} `)]).toEqual([true, false]);
      const theirs = {
        [name]: Signature.getSignature('POST', version, { ...options, requestBody: body, signature: '' }),
        ...(version === 'v3'
          ? { 'x-hubspot-request-timestamp': String(timestamp) }
          : { 'x-hubspot-signature-version': version }),
      };
      expect(weTake(scheme, { headers: theirs, body, secret })).toBe(true);
      expect(weTake(scheme, { headers: theirs, body: `${body} `, secret })).toBe(false);
    }),
    { numRuns: 50 },
  );
});

test("GitHub's published example verifies", () => {
  const headers = {
    'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  };
  const given = { headers, body: 'Hello, World!', secret: "It's a Secret to Everybody" };
  expect(weTake(githubWebhooks.signature, given)).toBe(true);
});
