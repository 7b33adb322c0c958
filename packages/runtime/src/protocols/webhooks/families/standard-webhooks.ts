import { createHmac, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readField } from '../../../contract/field.ts';
import type { HeaderReader, SignatureScheme, SigningRequest, WebhookFamily } from '../../../contract/webhooks.ts';
import { connectorError } from '../../../errors/connector-error.ts';
import { jsonOf } from '../json-body.ts';
import { anyOf, isSameSignature, timestampMs } from '../signature.ts';

const secretPrefix = 'whsec_';
const publicKeyPrefix = 'whpk_';
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
const publicKeyLength = 32;

/** More signatures than any rotation needs; the public kind costs a hundred times an HMAC each. */
const mostSignatures = 16;

const refused = (reason: string) =>
  connectorError('invalid-settings', `a webhook secret ${reason}: give the one that the vendor shows, whsec_ and all`);

const decoded = (text: string): Buffer => {
  if (!base64.test(text)) throw refused('is not base64');
  return Buffer.from(text, 'base64');
};

const publicKey = (secret: string): KeyObject => {
  const bytes = decoded(secret.slice(publicKeyPrefix.length));
  if (bytes.length !== publicKeyLength) throw refused('is no Ed25519 public key');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' });
};

const contentOf = ({ id, timestamp, body }: { id: string; timestamp: string; body: Uint8Array }): Buffer =>
  Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);

const symmetric = (secret: string, content: Uint8Array): string => {
  const key = decoded(secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret);
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
};

const claim = (header: HeaderReader) => {
  const [id, timestamp, value] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(header);
  const signedAt = timestampMs(timestamp, 's');
  if (id === undefined || id === '' || signedAt === undefined || value === undefined) return undefined;
  const signatures = value.split(' ').filter((part) => /^v1a?,./.test(part));
  return signatures.length === 0
    ? undefined
    : { id, timestamp, signedAt, signatures: signatures.slice(0, mostSignatures) };
};

const isSignedBy = (key: KeyObject, { content, signature }: { content: Uint8Array; signature: string }): boolean =>
  verify(null, content, key, Buffer.from(signature.slice('v1a,'.length), 'base64'));

/**
 * Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature`, a list of `v1,` (HMAC,
 * secret `whsec_…`) and `v1a,` (Ed25519, public key `whpk_…`). Which kind is checked is up to the secret and never to the
 * request. Signs with secrets only.
 */
const signature: SignatureScheme = {
  claim,
  matches: ({ body }, { claim: { signatures, id = '', timestamp = '' }, secret }) => {
    const content = contentOf({ id, timestamp, body });
    if (secret.startsWith(publicKeyPrefix)) {
      const key = publicKey(secret);
      const candidates = signatures.filter((text) => text.startsWith('v1a,'));
      return anyOf(candidates, (text) => isSignedBy(key, { content, signature: text }));
    }
    const expected = symmetric(secret, content);
    return anyOf(signatures, (text) => isSameSignature(text, expected));
  },
  sign: ({ body }: SigningRequest, { secret, now, id = '' }) => {
    const timestamp = String(Math.floor(now / 1_000));
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': symmetric(secret, contentOf({ id, timestamp, body })),
    };
  },
};

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/**
 * Vendors that follow Standard Webhooks 1.0. The topic is the body's `type`; which record it is about differs from vendor
 * to vendor: give your own `read` for that.
 */
export const standardWebhooks: WebhookFamily = {
  signature,
  read: ({ header, body }) => {
    const payload = jsonOf(body);
    const at = Date.parse(text(readField(payload, 'timestamp')) ?? '');
    return [
      {
        key: header('webhook-id') ?? '',
        topic: text(readField(payload, 'type')) ?? 'unknown',
        occurredAt: Number.isNaN(at) ? undefined : at,
      },
    ];
  },
};
