import { createHash } from 'node:crypto';
import type { Auth, AuthContext, LiveAuth, SoapHeaderBlocks } from '../../auth/auth.ts';
import { revealSecret, type Secret } from '../../contract/secret.ts';
import { type Clock, type Random, systemClock, systemRandom } from '../../resilience/clock.ts';

/** WS-Security with a user name, as the OASIS UsernameToken Profile 1.1 describes it. */
export interface UsernameTokenOptions {
  readonly username: string;
  readonly password: Secret;
  /**
   * What is sent of the password: itself, or a digest of it with a nonce and the time, which the vendor takes once.
   * `PasswordDigest` unless given.
   */
  readonly type?: 'PasswordDigest' | 'PasswordText';
  /** How long the message says that it is valid, milliseconds; no timestamp unless given. */
  readonly validForMs?: number;
  /** Tells the server to refuse the request when it does not know WS-Security; not said unless given. */
  readonly mustUnderstand?: boolean;
}

const oasis = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
const security = `${oasis}-wssecurity-secext-1.0.xsd`;
const utility = `${oasis}-wssecurity-utility-1.0.xsd`;
const base64 = `${oasis}-soap-message-security-1.0#Base64Binary`;
const passwordType = (type: string): string => `${oasis}-username-token-profile-1.0#${type}`;

const nonceBytes = 16;

/** Whole seconds: older servers do not read fractions. */
const stamp = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');

/** Unique, which is all that a nonce must be: it is sent in the clear, and the digest hangs on the password. */
const newNonce = (random: Random): Buffer =>
  Buffer.from(Array.from({ length: nonceBytes }, () => Math.floor(random() * 256)));

const digest = ({ nonce, created, password }: { nonce: Buffer; created: string; password: string }): string =>
  createHash('sha1').update(nonce).update(created).update(password).digest('base64');

const blocks = (
  options: UsernameTokenOptions,
  { clock, random }: { clock: Clock; random: Random },
): SoapHeaderBlocks => {
  const { username, type = 'PasswordDigest', validForMs, mustUnderstand } = options;
  const password = revealSecret(options.password);
  const now = clock.now();
  const created = stamp(now);
  const nonce = newNonce(random);
  const shown = type === 'PasswordText' ? password : digest({ nonce, created, password });
  const timestamp = { [`{${utility}}Created`]: created, [`{${utility}}Expires`]: stamp(now + (validForMs ?? 0)) };
  return {
    [`{${security}}Security`]: {
      '@soap:mustUnderstand': mustUnderstand === undefined ? undefined : Number(mustUnderstand),
      [`{${utility}}Timestamp`]: validForMs === undefined ? undefined : timestamp,
      UsernameToken: {
        Username: username,
        Password: { '@Type': passwordType(type), '#text': shown },
        Nonce: { '@EncodingType': base64, '#text': nonce.toString('base64') },
        [`{${utility}}Created`]: created,
      },
    },
  };
};

/**
 * Signs each request with a WS-Security UsernameToken in its SOAP header: a new nonce and time for every attempt.
 * @example
 * ```ts
 * import { env } from '@mortise/runtime';
 * import { usernameToken } from '@mortise/runtime/soap';
 * export const auth = usernameToken({ username: 'shop', password: env('SHOP_PASSWORD') });
 * ```
 */
export const usernameToken = (options: UsernameTokenOptions): Auth<unknown> => ({
  secrets: [options.password],
  connect: ({ facts }: AuthContext<unknown>): LiveAuth => {
    const { clock = systemClock, random = systemRandom } = facts.options;
    const headers = {};
    return { headers: () => headers, soapHeader: () => blocks(options, { clock, random }) };
  },
});
