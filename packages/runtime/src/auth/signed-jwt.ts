import { constants, createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { revealSecret, type Secret } from '../contract/secret.ts';
import { connectorError } from '../errors/connector-error.ts';

/** A private key that signs JWTs. */
export interface SigningKey {
  readonly algorithm: 'RS256' | 'PS256' | 'ES256';
  /** PEM: PKCS #8, or what OpenSSL writes. */
  readonly privateKey: Secret;
  /** Goes into `kid`, where the vendor knows keys by a name. */
  readonly keyId?: string;
}

/** What an assertion says, besides when it was made. */
export interface AssertionClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** Claims that the vendor wants besides, for instance `scope`. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** How long it is good for, milliseconds. */
  readonly lifetimeMs: number;
}

/** Nobody's clock is exact: an assertion that begins in the server's future is refused. */
const skewMs = 10_000;

/** RFC 7518: PS256 salts with as many bytes as the hash has, and ES256 writes both numbers side by side. */
const signingOf = {
  RS256: {},
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  ES256: { dsaEncoding: 'ieee-p1363' },
} as const;
const typeOf = { RS256: 'rsa', PS256: 'rsa', ES256: 'ec' } as const;

/**
 * Reads a private key.
 * @throws ConnectorError `invalid-settings` when it is none, or one for another algorithm.
 */
export const privateKeyOf = ({ algorithm, privateKey }: SigningKey): KeyObject => {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(revealSecret(privateKey));
  } catch {
    // OpenSSL's message says nothing that a person could use.
  }
  if (key?.asymmetricKeyType === typeOf[algorithm]) return key;
  const wanted = typeOf[algorithm] === 'rsa' ? 'an RSA' : 'an elliptic curve';
  throw connectorError('invalid-settings', `the private key is not ${wanted} key in PEM, which ${algorithm} needs`);
};

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A signed JWT that vouches for a client or a user for a short time (RFC 7523, section 3). A new one for each request. */
export const signedAssertion = (
  {
    key,
    keyId,
    algorithm,
  }: { readonly key: KeyObject; readonly keyId?: string | undefined } & Pick<SigningKey, 'algorithm'>,
  { claims, issuer, subject, audience, lifetimeMs, now }: AssertionClaims & { readonly now: number },
): string => {
  const header = { alg: algorithm, typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) };
  const seconds = (milliseconds: number) => Math.floor(milliseconds / 1_000);
  const times = { iat: seconds(now - skewMs), exp: seconds(now + lifetimeMs) };
  const payload = { ...claims, iss: issuer, sub: subject, aud: audience, jti: randomUUID(), ...times };
  const text = `${encoded(header)}.${encoded(payload)}`;
  const signature = sign('sha256', Buffer.from(text), { key, ...signingOf[algorithm] });
  return `${text}.${signature.toString('base64url')}`;
};
