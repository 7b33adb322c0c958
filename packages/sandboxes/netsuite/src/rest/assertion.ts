import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { isRecord, parseJson } from '@mortise/testing';
import type { NetSuiteSettings } from '../settings.ts';

/** An assertion lives an hour at most. */
const longestSeconds = 3600;

const algorithm = /^(PS|ES)(256|384|512)$/;

function decoded(part: string | undefined): Record<string, unknown> {
  const value = parseJson(Buffer.from(part ?? '', 'base64url').toString('utf8'));
  return isRecord(value) ? value : {};
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

function isSigned(assertion: string, pem: string): boolean {
  const [head = '', payload = '', signature = ''] = assertion.split('.');
  const [, family, bits] = algorithm.exec(String(decoded(head).alg)) ?? [];
  const key = keyOf(pem);
  const kind = family === 'ES' ? 'ec' : 'rsa';
  if (family === undefined || key === undefined || !key.asymmetricKeyType?.startsWith(kind)) return false;
  const options =
    family === 'ES'
      ? { key, dsaEncoding: 'ieee-p1363' as const }
      : { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(bits) / 8 };
  return verify(`sha${bits}`, Buffer.from(`${head}.${payload}`), options, Buffer.from(signature, 'base64url'));
}

function scopesOf(scope: unknown): string[] {
  if (Array.isArray(scope)) return scope.map(String);
  return typeof scope === 'string' ? scope.split(/[ ,]+/) : [];
}

function hasGoodAudience(audience: unknown, { oauth }: NetSuiteSettings): boolean {
  const audiences = Array.isArray(audience) ? audience : [audience];
  if (oauth.audience !== '') return audiences.includes(oauth.audience);
  return audiences.some((each) => typeof each === 'string' && each.endsWith('/services/rest/auth/oauth2/v1/token'));
}

/** The fault of a client's assertion at a time (Unix milliseconds), as an OAuth error code; undefined when it is good. */
export function assertionFault(assertion: string, settings: NetSuiteSettings, now: number): string | undefined {
  const [head, payload] = assertion.split('.');
  const { iss, aud, iat, exp, scope } = decoded(payload);
  const { clientId, certificateId, publicKey } = settings.oauth;
  if (iss !== clientId || decoded(head).kid !== certificateId) return 'invalid_client';
  if (!isSigned(assertion, publicKey) || !hasGoodAudience(aud, settings)) return 'invalid_client';
  if (typeof iat !== 'number' || typeof exp !== 'number' || exp - iat > longestSeconds) return 'invalid_request';
  const skew = settings.clockSkewMs;
  if (exp * 1000 <= now || iat * 1000 > now + skew) return 'invalid_request';
  return scopesOf(scope).includes('rest_webservices') ? undefined : 'invalid_scope';
}
