import { revealSecret, type Secret } from '../contract/secret.ts';
import { lastingHeaders } from '../http/headers.ts';
import type { Auth } from './auth.ts';

/**
 * A fixed token in `Authorization: Bearer …`.
 * @throws ConnectorError `invalid-settings` when the token cannot stand in a header.
 * @example
 * ```ts
 * import { sealSecret } from '@mortise/runtime';
 * import { bearer } from '@mortise/runtime/auth';
 * export const auth = bearer(sealSecret('a token from the vendor'));
 * ```
 */
export const bearer = (token: Secret): Auth<unknown> => {
  // Checked here, so that a token file's line break is reported when the connection is opened.
  const headers = lastingHeaders({ authorization: `Bearer ${revealSecret(token)}` });
  return { secrets: [token], connect: () => ({ headers: () => headers }) };
};
