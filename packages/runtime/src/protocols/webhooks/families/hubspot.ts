import { createHash } from 'node:crypto';
import { keyText, readField } from '../../../contract/field.ts';
import type { ReadDelivery, SignatureScheme, SigningRequest, WebhookFamily } from '../../../contract/webhooks.ts';
import { hmac } from '../hmac.ts';
import { digestOf, jsonItems, jsonOf } from '../json-body.ts';
import { anyOf, isSameSignature, usableSecret } from '../signature.ts';

/** The escapes that HubSpot undoes in the URI before it signs; all others stay. */
const undone = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

const signedUrl = (url: string): string => url.replace(undone, (escaped) => decodeURIComponent(escaped));

const version3 = (urlOf: (url: string) => string) =>
  hmac({
    header: 'x-hubspot-signature-v3',
    encoding: 'base64',
    timestamp: { header: 'x-hubspot-request-timestamp', unit: 'ms' },
    signed: ({ method, url, body, timestamp }) => [method, urlOf(url), body, timestamp],
  });
const asDocumented = version3(signedUrl);
const asCalled = version3((url) => url);

/**
 * HubSpot v3: base64 HMAC-SHA256 of method, URI, body and timestamp (milliseconds) under the app's client secret. The URI
 * is the public one: behind a proxy, set `publicUrl`. It is tried as documented, with HubSpot's escapes undone, and as it
 * was called, which is what HubSpot's own client checks.
 * Source: developers.hubspot.com, "Validate requests"; `Signature` of `@hubspot/api-client` 14.
 */
const signature: SignatureScheme = {
  ...asDocumented,
  matches: (request, given) => anyOf([asDocumented, asCalled], (scheme) => scheme.matches(request, given)),
};

const digest = (parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

const hashScheme = (version: 'v1' | 'v2'): SignatureScheme => {
  const compute = ({ method, url, body }: SigningRequest, secret: string): string =>
    digest([usableSecret(secret), ...(version === 'v1' ? [] : [method, url]), body]);
  return {
    claim: (header) => {
      const value = header('x-hubspot-signature');
      const isOurs = header('x-hubspot-signature-version') === version;
      return value === undefined || value === '' || !isOurs ? undefined : { signatures: [value] };
    },
    matches: (request, { claim: { signatures }, secret }) => {
      const expected = compute(request, secret);
      return anyOf(signatures, (each) => isSameSignature(each.toLowerCase(), expected));
    },
    sign: (request, { secret }) => ({
      'x-hubspot-signature': compute(request, secret),
      'x-hubspot-signature-version': version,
    }),
  };
};

/**
 * HubSpot's older signatures, hashes without a timestamp: nothing but the delivery's key tells a replay. HubSpot sends v3
 * beside them; use these only where v3 does not come.
 */
export const hubspotLegacySignatures = { v1: hashScheme('v1'), v2: hashScheme('v2') } as const;

/** `eventId` is not unique at HubSpot; these fields together are. */
const keyFields = [
  'portalId',
  'objectId',
  'fromObjectId',
  'toObjectId',
  'subscriptionType',
  'propertyName',
  'occurredAt',
];

/** Events of a form that is not documented: all but the count of attempts, which alone differs in a repetition. */
const keyOfOther = (body: Uint8Array): string =>
  digestOf(
    Buffer.from(body)
      .toString('utf8')
      .replace(/"attemptNumber"\s*:\s*\d+/, ''),
  );

const readEvent = (body: Uint8Array): ReadDelivery => {
  const event = jsonOf(body);
  const field = (name: string) => keyText(readField(event, name));
  const topic = field('subscriptionType') ?? 'unknown';
  const id = field('objectId') ?? field('fromObjectId');
  const at = readField(event, 'occurredAt');
  const isKnown = id !== undefined && at !== undefined && topic !== 'unknown';
  return {
    key: isKnown ? keyFields.map((name) => field(name) ?? '').join(' ') : keyOfOther(body),
    topic,
    subject: id === undefined ? undefined : `${topic.split('.')[0]}/${id}`,
    occurredAt: typeof at === 'number' ? at : undefined,
    body,
  };
};

/** HubSpot's webhooks: a list of up to 100 events a request, each a delivery of its own, in no order. */
export const hubspotWebhooks: WebhookFamily = { signature, read: ({ body }) => jsonItems(body).map(readEvent) };
