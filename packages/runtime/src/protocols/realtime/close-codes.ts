import type { ConnectorErrorCode } from '../../errors/codes.ts';
import { type ConnectionEnd, completed } from './connection-end.ts';

/** What a close code means. */
export interface CloseMeaning {
  readonly code: ConnectorErrorCode;
  /** What happened, behind "the vendor closed the connection:". */
  readonly says: string;
  /** `reconnect`: with back-off. `renew`: once with new credentials. `stop`: another connection would end the same. */
  readonly next: 'reconnect' | 'renew' | 'stop';
}

const reconnect = (code: ConnectorErrorCode, says: string): CloseMeaning => ({ code, says, next: 'reconnect' });
const renew = (says: string): CloseMeaning => ({ code: 'unauthenticated', says, next: 'renew' });
const stop = (code: ConnectorErrorCode, says: string): CloseMeaning => ({ code, says, next: 'stop' });

/**
 * RFC 6455 section 7.4 and its IANA registry up to 3999; the graphql-transport-ws protocol from 4400 on. 4004 is what
 * Directus 12.4 closes with on a bad token.
 */
const meanings: Readonly<Record<number, CloseMeaning>> = {
  1001: reconnect('unavailable', 'it is going away'),
  1002: stop('unexpected-content', 'it found a fault in the protocol'),
  1003: stop('unexpected-content', 'it does not take this kind of data'),
  1005: reconnect('unavailable', 'it gave no reason'),
  1006: reconnect('unreachable', 'the line broke'),
  1007: stop('unexpected-content', 'it could not read what was sent'),
  1008: stop('forbidden', 'its policy does not allow it'),
  1009: stop('too-large', 'what was sent is too large for it'),
  1010: stop('unexpected-content', 'it does not know an extension'),
  1011: reconnect('unavailable', 'it failed'),
  1012: reconnect('unavailable', 'it restarts'),
  1013: reconnect('unavailable', 'it is overloaded'),
  1014: reconnect('unavailable', 'its gateway failed'),
  3000: renew('the credentials were not taken'),
  3003: stop('forbidden', 'a permission is missing'),
  3008: reconnect('timeout', 'it waited too long'),
  4004: renew('the credentials were not taken'),
  4400: stop('invalid-request', 'the request is wrong'),
  4401: renew('the credentials were not taken'),
  4403: renew('the credentials were not taken'),
  4406: stop('unexpected-content', 'it does not speak this subprotocol'),
  4408: reconnect('timeout', 'it waited too long for the opening message'),
  4409: stop('conflict', 'the subscription exists already'),
  4429: reconnect('rate-limited', 'there were too many requests'),
  4500: stop('unavailable', 'it failed and wants no repeat'),
};

/** Unregistered codes of an application: what they mean is unknown, and a repeat may be unwelcome. */
const firstPrivateCode = 3000;

/** Meanings that a vendor gives to close codes of its own, over the registered ones. */
export type CloseMeanings = Readonly<Record<number, CloseMeaning>>;

const meaningOf = (closeCode: number, own: CloseMeanings): CloseMeaning =>
  own[closeCode] ??
  meanings[closeCode] ??
  (closeCode >= firstPrivateCode
    ? stop('invalid-request', 'for a reason of its own')
    : reconnect('unavailable', 'for a reason unknown'));

/** What follows from a close code. The reason that comes with it is left out: it may quote values. */
export const closeEnd = (closeCode: number, own: CloseMeanings = {}): ConnectionEnd => {
  if (closeCode === 1000 && own[1000] === undefined) return completed;
  const { code, says, next } = meaningOf(closeCode, own);
  const message = `the vendor closed the connection with ${closeCode}: ${says}`;
  const failure = { code, message, vendorCode: String(closeCode), renew: next === 'renew' };
  return { failure, retry: next === 'reconnect' };
};
