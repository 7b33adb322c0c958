import { createHmac } from 'node:crypto';

/** The hash of a signature, by its OAuth name. */
export type SignatureMethod = 'HMAC-SHA1' | 'HMAC-SHA256';

const hashes = { 'HMAC-SHA1': 'sha1', 'HMAC-SHA256': 'sha256' } as const;

/** RFC 5849, section 3.6: what encodeURIComponent leaves as it is, and the RFC does not. */
const left = /[!'()*]/g;

/** Percent-encodes a text as OAuth 1.0 does. */
export const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(left, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** A request, as far as it is signed. Bodies are not: those of the APIs here are no forms. */
export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  /** The `oauth_…` parameters, without the signature. */
  readonly parameters: Readonly<Record<string, string>>;
}

type Pair = readonly [string, string];

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Names first, then values: both in the order of their bytes, which encoded texts compare by. */
const inOrder = ([name, value]: Pair, [otherName, otherValue]: Pair): number =>
  byText(name, otherName) || byText(value, otherValue);

/** What is signed of a request: method, URL without its query, and all parameters in order (RFC 5849, section 3.4.1). */
export const signatureBase = ({ method, url, parameters }: SignedRequest): string => {
  const all = [...url.searchParams, ...Object.entries(parameters)];
  const pairs = all.map(([name, value]): Pair => [percentEncoded(name), percentEncoded(value)]);
  const text = pairs
    .toSorted(inOrder)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return [method.toUpperCase(), `${url.origin}${url.pathname}`, text].map(percentEncoded).join('&');
};

/** What signs. */
export interface SigningSecrets {
  readonly method: SignatureMethod;
  readonly consumerSecret: string;
  /** Empty where there is no token. */
  readonly tokenSecret: string;
}

/** The signature of a text, in base64 (RFC 5849, section 3.4.2). */
export const hmacSignature = (text: string, { method, consumerSecret, tokenSecret }: SigningSecrets): string =>
  createHmac(hashes[method], `${percentEncoded(consumerSecret)}&${percentEncoded(tokenSecret)}`)
    .update(text)
    .digest('base64');
