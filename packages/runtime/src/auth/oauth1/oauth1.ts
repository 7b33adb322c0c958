import { randomBytes } from 'node:crypto';
import { revealSecret, type Secret } from '../../contract/secret.ts';
import { callRoad } from '../../resilience/call-road.ts';
import type { Auth, AuthHeaders, AuthRequest } from '../auth.ts';
import { hmacSignature, percentEncoded, type SignatureMethod, signatureBase } from './signature.ts';

/** A key and its secret, as vendors give them out together. */
export interface KeyPair {
  readonly key: Secret;
  readonly secret: Secret;
}

/** What OAuth 1.0a signs with. */
export interface OAuth1Options {
  /** The application. */
  readonly consumer: KeyPair;
  /** The account that it acts for; absent for vendors that have one pair only. */
  readonly token?: KeyPair;
  /** `HMAC-SHA256` unless given. */
  readonly method?: SignatureMethod;
  /** `realm` of the header, for instance NetSuite's account id. It is not signed. */
  readonly realm?: string;
}

/** A value that comes once: letters and digits, because NetSuite takes nothing else. */
export const newNonce = (): string => randomBytes(16).toString('hex');

/** When and by which nonce a request is signed. */
export interface SigningMoment {
  /** Unix seconds. */
  readonly timestamp: number;
  readonly nonce: string;
}

/** The Authorization header of one request. */
export const oauth1Header = (
  options: OAuth1Options,
  { request, moment }: { readonly request: AuthRequest; readonly moment: SigningMoment },
): string => {
  const { consumer, token, realm, method = 'HMAC-SHA256' } = options;
  const parameters = {
    oauth_consumer_key: revealSecret(consumer.key),
    oauth_nonce: moment.nonce,
    oauth_signature_method: method,
    oauth_timestamp: String(moment.timestamp),
    ...(token !== undefined && { oauth_token: revealSecret(token.key) }),
    oauth_version: '1.0',
  };
  const secrets = {
    method,
    consumerSecret: revealSecret(consumer.secret),
    tokenSecret: token === undefined ? '' : revealSecret(token.secret),
  };
  const signature = hmacSignature(signatureBase({ ...request, parameters }), secrets);
  const fields = { ...(realm !== undefined && { realm }), ...parameters, oauth_signature: signature };
  const written = Object.entries(fields).map(([name, value]) => `${name}="${percentEncoded(value)}"`);
  return `OAuth ${written.join(', ')}`;
};

/** The secrets of two key pairs, for redaction. */
export const pairSecrets = ({ consumer, token }: Pick<OAuth1Options, 'consumer' | 'token'>): readonly Secret[] =>
  [consumer, token].flatMap((pair) => (pair === undefined ? [] : [pair.key, pair.secret]));

/**
 * OAuth 1.0a: signs each request, and each repeat of it anew. Query parameters are signed along, bodies are not.
 * @example
 * ```ts
 * import { sealSecret } from '@mortise/runtime';
 * import { oauth1 } from '@mortise/runtime/auth';
 * export const auth = oauth1({ consumer: { key: sealSecret('ck_…'), secret: sealSecret('cs_…') } });
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc5849
 */
export const oauth1 = (options: OAuth1Options): Auth<unknown> => ({
  secrets: pairSecrets(options),
  connect: ({ facts }) => {
    const { clock } = callRoad(facts);
    return {
      headers: (request): AuthHeaders => {
        const moment = { timestamp: Math.floor(clock.now() / 1_000), nonce: newNonce() };
        return { authorization: oauth1Header(options, { request, moment }) };
      },
    };
  },
});
