import { revealSecret, type Secret } from '../contract/secret.ts';
import type { Auth } from './auth.ts';

/**
 * A fixed token in `Authorization: Bearer …`.
 * @example
 * ```ts
 * import { bearer, sealSecret } from '@mortise/runtime';
 * export const auth = bearer(sealSecret('a token from the vendor'));
 * ```
 */
export const bearer = (token: Secret): Auth<unknown> => {
  const headers = { authorization: `Bearer ${revealSecret(token)}` };
  return { secrets: [token], connect: () => ({ headers: () => headers }) };
};
