import { type Failure, readField } from '@mortise/runtime';
import type { RestOptions } from '@mortise/runtime/rest';

/** What Directus' codes mean where the status alone says less, or something else. */
const meanings: Readonly<Record<string, Pick<Failure, 'code' | 'renew' | 'reach'>>> = {
  // Also what an unknown bearer string gets: a static token that was taken back, or the token of an ended session.
  INVALID_CREDENTIALS: { code: 'unauthenticated', renew: true },
  TOKEN_EXPIRED: { code: 'unauthenticated', renew: true },
  // 403, for a token that is no token of this server: a permission would not help.
  INVALID_TOKEN: { code: 'unauthenticated', renew: true },
  USER_SUSPENDED: { code: 'unauthenticated' },
  FORBIDDEN: { code: 'forbidden' },
  RECORD_NOT_UNIQUE: { code: 'conflict' },
  ROUTE_NOT_FOUND: { code: 'invalid-settings' },
  LIMIT_EXCEEDED: { code: 'invalid-request' },
};

const nameForm = /^[A-Z_]{1,60}$/;

/** The code of Directus' first error. Its message is left out: it may quote values. */
const codeOf = (body: unknown): string | undefined => {
  const errors = readField(body, 'errors');
  const code = Array.isArray(errors) ? readField(errors[0], 'extensions.code') : undefined;
  return typeof code === 'string' && nameForm.test(code) ? code : undefined;
};

/** Reads Directus' error body. */
export const classify: NonNullable<RestOptions['classify']> = ({ body, status }, failure) => {
  if (failure === undefined) return undefined;
  const vendorCode = codeOf(body);
  const known = vendorCode === undefined ? undefined : meanings[vendorCode];
  return { ...failure, message: `Directus answered ${status}`, vendorCode, ...known };
};
