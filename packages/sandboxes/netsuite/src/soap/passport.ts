import { createHmac, timingSafeEqual } from 'node:crypto';
import type { NetSuiteSettings } from '../settings.ts';
import type { Context } from '../types.ts';
import { child, childText, type XmlElement } from '../xml/tree.ts';
import { SoapFailure } from './fault.ts';

/** Nonces that were used: a passport is good once. */
export const nonceSchema = `
CREATE TABLE IF NOT EXISTS used_nonces (token TEXT NOT NULL, nonce TEXT NOT NULL, timestamp INTEGER NOT NULL,
  PRIMARY KEY (token, nonce)) WITHOUT ROWID;`;

/** What a passport's signature is made from; `timestamp` is Unix seconds. */
export type SignatureInput = {
  account: string;
  consumerKey: string;
  consumerSecret: string;
  token: string;
  tokenSecret: string;
  nonce: string;
  timestamp: string;
};

/** RFC 3986: `encodeURIComponent` leaves five characters more than the vendor does. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The signature that a passport must carry: HMAC-SHA256 over its parts, base64. */
export function signPassport(input: SignatureInput): string {
  const base = [input.account, input.consumerKey, input.token, input.nonce, input.timestamp].map(encoded).join('&');
  const key = `${encoded(input.consumerSecret)}&${encoded(input.tokenSecret)}`;
  return createHmac('sha256', key).update(base).digest('base64');
}

function same(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The vendor does not say which part was wrong. */
function refusal({ loginFaultCode }: NetSuiteSettings, message = 'Invalid login attempt.'): SoapFailure {
  return new SoapFailure({ fault: 'invalidCredentials', code: loginFaultCode, message });
}

function hasGoodSignature(passport: XmlElement, settings: NetSuiteSettings): boolean {
  const part = (name: string): string => childText(passport, name) ?? '';
  const signature = child(passport, 'signature');
  if (signature?.attributes.algorithm !== 'HMAC-SHA256') return false;
  const { account, tba } = settings;
  const given = { nonce: part('nonce'), timestamp: part('timestamp') };
  const named = [part('account') === account, part('consumerKey') === tba.consumerKey, part('token') === tba.token];
  return named.every(Boolean) && same(signature.text.trim(), signPassport({ account, ...tba, ...given }));
}

function isFresh(passport: XmlElement, { state, database }: Context): boolean {
  const nonce = childText(passport, 'nonce') ?? '';
  const timestamp = childText(passport, 'timestamp') ?? '';
  if (!/^[A-Za-z0-9]{6,64}$/.test(nonce) || !/^\d{1,12}$/.test(timestamp)) return false;
  const now = state.clock.now();
  if (Math.abs(now - Number(timestamp) * 1000) > state.settings.clockSkewMs) return false;
  const oldest = Math.floor((now - 2 * state.settings.clockSkewMs) / 1000);
  database.statement('DELETE FROM used_nonces WHERE timestamp < ?').run(oldest);
  const sql = 'INSERT OR IGNORE INTO used_nonces VALUES (?, ?, ?)';
  return database.statement(sql).run(state.settings.tba.token, nonce, Number(timestamp)).changes === 1;
}

/** Checks the header's tokenPassport. Throws the vendor's fault for a wrong, replayed or late one. */
export function checkPassport(header: XmlElement | undefined, context: Context): void {
  const { settings } = context.state;
  const passport = child(header, 'tokenPassport');
  if (passport === undefined) throw refusal(settings);
  if (childText(child(header, 'applicationInfo'), 'applicationId') !== undefined)
    throw refusal(settings, 'Ambiguous authentication');
  if (!hasGoodSignature(passport, settings) || !isFresh(passport, context)) throw refusal(settings);
}
