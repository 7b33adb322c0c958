import type { Secret } from '../../contract/secret.ts';
import { revealSecret } from '../../contract/secret.ts';
import type { Auth } from '../auth.ts';
import { type GrantOptions, grantAuth } from './grants.ts';
import type { OAuthToken } from './token.ts';

/** An authorization code grant, as a vendor definition has it. */
export interface AuthorizationCodeOptions extends Omit<GrantOptions, 'scope'> {
  /** Parameters of the URL where users grant access, for instance `access_type: 'offline'`. */
  readonly authorizationParameters?: Readonly<Record<string, string>>;
  /** What stands between the scopes in that URL: a space (RFC 6749) unless given; Shopify has a comma. */
  readonly scopeSeparator?: string;
  /** A refresh token that the host has got otherwise: used until the store has one. */
  readonly refreshToken?: Secret;
}

/** How a user grants access in a browser. `webAuthorization` and `loopbackAuthorization` run it. */
export type AuthorizationFlow = AuthorizationCodeOptions;

const beginningWith = (refreshToken: Secret): OAuthToken => ({
  version: 1,
  accessToken: '',
  refreshToken: revealSecret(refreshToken),
  obtainedAt: 0,
  expiresAt: 0,
});

/**
 * OAuth 2.0 authorization code with PKCE: a user grants access once, in a browser, and the token is renewed from then
 * on. Connections need a store for their tokens. Calls of a connection that nobody has granted access to yet, or no
 * longer, are `unauthenticated`.
 * @example
 * ```ts
 * import { sealSecret } from '@mortise/runtime';
 * import { authorizationCode } from '@mortise/runtime/auth';
 * export const auth = authorizationCode({
 *   server: {
 *     authorizationEndpoint: 'https://login.example.com/oauth/authorize',
 *     tokenEndpoint: 'https://login.example.com/oauth/token',
 *   },
 *   client: { id: 'mortise', secret: sealSecret('a secret of the vendor') },
 * });
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc9700
 */
export const authorizationCode = (options: AuthorizationCodeOptions): Auth<unknown> => {
  const { refreshToken } = options;
  const initial = refreshToken === undefined ? undefined : beginningWith(refreshToken);
  const secrets = refreshToken === undefined ? [] : [refreshToken];
  return { ...grantAuth(options, { secrets, grant: () => ({ initial }) }), authorization: options };
};
