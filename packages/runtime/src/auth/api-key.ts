import { revealSecret, type Secret } from '../contract/secret.ts';
import { lastingHeaders } from '../http/headers.ts';
import type { Auth } from './auth.ts';

/** Where an API key goes. */
export interface ApiKeyOptions {
  /** Name of the header, for instance `x-api-key`. */
  readonly header: string;
  readonly key: Secret;
  /** What stands before the key in the header, with its space: `Token ` for instance. Nothing unless given. */
  readonly prefix?: string;
}

/**
 * A fixed key in a header of the vendor's choice.
 * @throws ConnectorError `invalid-settings` when the key cannot stand in a header.
 * @example
 * ```ts
 * import { sealSecret } from '@mortise/runtime';
 * import { apiKey } from '@mortise/runtime/auth';
 * export const auth = apiKey({ header: 'x-api-key', key: sealSecret('a key from the vendor') });
 * ```
 */
export const apiKey = ({ header, key, prefix = '' }: ApiKeyOptions): Auth<unknown> => {
  // Checked here, so that a key file's line break is reported when the connection is opened.
  const headers = lastingHeaders({ [header]: `${prefix}${revealSecret(key)}` });
  return { secrets: [key], connect: () => ({ headers: () => headers }) };
};
