import { createHmac } from 'node:crypto';
import type { HeaderReader, SignatureClaim, SignatureScheme, SigningRequest } from '../../contract/webhooks.ts';
import { anyOf, isSameSignature, timestampMs, usableSecret } from './signature.ts';

/** What a signature can be made of. */
export interface SignedParts extends SigningRequest {
  /** The timestamp as it stands in the request; empty where the scheme has none. */
  readonly timestamp: string;
  /** The id of the message; empty where the scheme has none. */
  readonly id: string;
}

/** Texts and bytes, one after another, that are signed. */
export type SignedContent = readonly (string | Uint8Array)[];

/** What one signature header holds. */
export interface SignatureHeader {
  readonly signatures: readonly string[];
  readonly timestamp?: string | undefined;
}

/** How a vendor makes its signatures. */
export interface HmacOptions {
  /** Name of the header that holds the signature. */
  readonly header: string;
  /** `sha256` unless given. */
  readonly algorithm?: 'sha1' | 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  /** Stands before the signature, for instance `sha256=`. */
  readonly prefix?: string;
  /** The header of the timestamp that is signed, and its unit. */
  readonly timestamp?: { readonly header: string; readonly unit: 's' | 'ms' };
  /** The header of the message id that is signed. */
  readonly id?: string;
  /** What is signed, in order; the raw body alone unless given. */
  readonly signed?: (parts: SignedParts) => SignedContent;
  /** The bytes of the key; the secret as UTF-8 unless given. */
  readonly key?: (secret: string) => Uint8Array;
  /** Takes apart a header that holds more than one signature. */
  readonly read?: (value: string) => SignatureHeader | undefined;
  /** Puts it together again; needed with `read`. */
  readonly write?: (signature: string, timestamp: string) => string;
}

const readClaim = ({ header, prefix = '', timestamp, id, read }: HmacOptions, from: HeaderReader) => {
  const value = from(header);
  if (value === undefined || value === '') return undefined;
  const plain = value.startsWith(prefix) ? { signatures: [value.slice(prefix.length)] } : undefined;
  const found: SignatureHeader | undefined = read === undefined ? plain : read(value);
  if (found === undefined || found.signatures.length === 0) return undefined;
  const claim: SignatureClaim = {
    signatures: found.signatures,
    timestamp: timestamp === undefined ? undefined : (found.timestamp ?? from(timestamp.header)),
    id: id === undefined ? undefined : from(id),
  };
  if (id !== undefined && (claim.id === undefined || claim.id === '')) return undefined;
  if (timestamp === undefined) return claim;
  const signedAt = timestampMs(claim.timestamp, timestamp.unit);
  return signedAt === undefined ? undefined : { ...claim, signedAt };
};

const signatureOf = (options: HmacOptions, { secret, parts }: { secret: string; parts: SignedParts }): string => {
  const { algorithm = 'sha256', encoding, signed = ({ body }) => [body], key = Buffer.from } = options;
  const hmac = createHmac(algorithm, key(usableSecret(secret)));
  for (const part of signed(parts)) hmac.update(part);
  return hmac.digest(encoding);
};

const timestampText = ({ timestamp }: HmacOptions, now: number): string => {
  if (timestamp === undefined) return '';
  return String(timestamp.unit === 's' ? Math.floor(now / 1_000) : Math.floor(now));
};

/**
 * A signature scheme of the HMAC kind, as plain data.
 * @throws ConnectorError `invalid-settings` from `matches` and `sign` when the secret cannot be a key.
 * @example
 * ```ts
 * import { hmac } from '@mortise/runtime/webhooks';
 * export const signature = hmac({
 *   header: 'x-acme-signature',
 *   encoding: 'hex',
 *   timestamp: { header: 'x-acme-timestamp', unit: 's' },
 *   signed: ({ timestamp, body }) => [timestamp, '.', body],
 * });
 * ```
 */
export const hmac = (options: HmacOptions): SignatureScheme => {
  const { header, prefix = '', timestamp, id: idHeader, encoding, write } = options;
  return {
    claim: (from) => readClaim(options, from),
    matches: (request, { claim, secret }) => {
      const parts = { ...request, timestamp: claim.timestamp ?? '', id: claim.id ?? '' };
      const expected = signatureOf(options, { secret, parts });
      // Hexadecimal digits come in either case.
      const normal = (text: string) => (encoding === 'hex' ? text.toLowerCase() : text);
      return anyOf(claim.signatures, (signature) => isSameSignature(normal(signature), expected));
    },
    sign: (request, { secret, now, id = '' }) => {
      const text = timestampText(options, now);
      const signature = signatureOf(options, { secret, parts: { ...request, timestamp: text, id } });
      return {
        ...(timestamp && { [timestamp.header]: text }),
        ...(idHeader !== undefined && { [idHeader]: id }),
        [header]: write === undefined ? `${prefix}${signature}` : write(signature, text),
      };
    },
  };
};
