import { clientCredentialsGrantRequest, genericTokenEndpointRequest, refreshTokenGrantRequest } from 'oauth4webapi';
import { revealSecret, type Secret } from '../../contract/secret.ts';
import type { Auth } from '../auth.ts';
import { privateKeyOf, type SigningKey, signedAssertion } from '../signed-jwt.ts';
import { clientSecrets, type OAuthClient, type OAuthServer } from './definition.ts';
import { liveToken } from './live-token.ts';
import type { TokenGrant } from './obtaining.ts';
import type { OAuthToken } from './token.ts';
import { type TokenEndpoint, tokenEndpoint } from './token-endpoint.ts';

/** What every grant names. */
export interface GrantOptions {
  readonly server: OAuthServer;
  readonly client: OAuthClient;
  /** What to ask for; the vendor's default when absent. */
  readonly scope?: readonly string[];
  /** Parameters that this vendor wants besides, for instance `audience`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Header that carries the token alone, as Shopify has it; `Authorization: Bearer` unless given. */
  readonly tokenHeader?: string;
}

/** The parameters of a request for a token, the scope among them. */
const grantParameters = ({ scope, parameters }: GrantOptions): Record<string, string> => ({
  ...parameters,
  ...(scope !== undefined && scope.length > 0 && { scope: scope.join(' ') }),
});

/**
 * Renews by a refresh token.
 * Repeated also when no answer came: the refresh token may have been used up by the first sending, and then nothing but
 * the vendor's grace for a second one could help.
 */
const refreshBy =
  (endpoint: TokenEndpoint) =>
  (known: OAuthToken, guard: () => void): Promise<OAuthToken> =>
    endpoint.ask({
      operation: 'auth.refresh',
      effect: 'idempotent',
      renewed: known,
      beforeEach: guard,
      send: ({ server, client, authenticate, options }) =>
        refreshTokenGrantRequest(server, client, authenticate, known.refreshToken ?? '', options),
    });

/** The parts of a grant that differ. */
export type GrantOf = (endpoint: TokenEndpoint) => Omit<TokenGrant, 'refresh'>;

/** An auth method on a grant. */
export const grantAuth = (
  { server, client, tokenHeader }: GrantOptions,
  { secrets, grant }: { readonly secrets?: readonly Secret[]; readonly grant: GrantOf },
): Auth<unknown> => ({
  secrets: [...clientSecrets(client), ...(secrets ?? [])],
  connect: (context) => {
    const endpoint = tokenEndpoint(context.facts, { server, client });
    return liveToken({ context, endpoint, grant: { ...grant(endpoint), refresh: refreshBy(endpoint) } }, tokenHeader);
  },
});

/**
 * OAuth 2.0 client credentials: the application acts for itself, and no user is asked.
 * @throws ConnectorError `invalid-settings` for a key that cannot sign; when opened, `unsafe-url`.
 * @example
 * ```ts
 * import { sealSecret } from '@mortise/runtime';
 * import { clientCredentials } from '@mortise/runtime/auth';
 * export const auth = clientCredentials({
 *   server: { tokenEndpoint: 'https://login.example.com/oauth/token' },
 *   client: { id: 'mortise', secret: sealSecret('a secret of the vendor') },
 *   scope: ['stock:read'],
 * });
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export const clientCredentials = (options: GrantOptions): Auth<unknown> =>
  grantAuth(options, {
    grant: (endpoint) => ({
      request: (guard) =>
        endpoint.ask({
          operation: 'auth.client-credentials',
          effect: 'idempotent',
          scope: options.scope,
          beforeEach: guard,
          send: ({ server, client, authenticate, options: given }) =>
            clientCredentialsGrantRequest(server, client, authenticate, grantParameters(options), given),
        }),
    }),
  });

/** For whom a JWT vouches, and what signs it. */
export interface JwtBearerOptions extends GrantOptions {
  readonly key: SigningKey;
  /** `iss`; the client's id unless given. */
  readonly issuer?: string;
  /** `sub`: the user for whom the application acts. */
  readonly subject: string;
  /** `aud`; the issuer of the server unless given, or else its token endpoint. */
  readonly audience?: string;
  /** Claims that the vendor wants besides. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** How long each assertion is good for, milliseconds; 3 minutes unless given, which is the most that Salesforce takes. */
  readonly lifetimeMs?: number;
}

const defaultAssertionMs = 180_000;
const jwtBearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * OAuth 2.0 JWT bearer grant (RFC 7523): a signed assertion stands for the user's consent. A new one for each request.
 * @throws ConnectorError `invalid-settings` for a key that cannot sign.
 * @see https://www.rfc-editor.org/rfc/rfc7523
 */
export const jwtBearer = (options: JwtBearerOptions): Auth<unknown> => {
  const { key, server, client, subject, claims, lifetimeMs = defaultAssertionMs } = options;
  const signing = { key: privateKeyOf(key), keyId: key.keyId, algorithm: key.algorithm };
  const audience = options.audience ?? server.issuer ?? server.tokenEndpoint;
  const said = { issuer: options.issuer ?? client.id, subject, audience, claims, lifetimeMs };
  return grantAuth(options, {
    secrets: [key.privateKey],
    grant: ({ ask, road }) => ({
      request: (guard) =>
        ask({
          operation: 'auth.jwt-bearer',
          effect: 'idempotent',
          scope: options.scope,
          beforeEach: (body) => {
            guard();
            body.set('assertion', signedAssertion(signing, { ...said, now: road.clock.now() }));
          },
          send: ({ server: at, client: by, authenticate, options: given }) =>
            genericTokenEndpointRequest(at, by, authenticate, jwtBearerGrant, grantParameters(options), given),
        }),
    }),
  });
};

/** What is exchanged for a token. */
export interface TokenExchangeOptions extends GrantOptions {
  /** The token to exchange: fixed, or asked for at each exchange because it is short-lived. */
  readonly subject: Secret | (() => Promise<Secret>);
  /** URI of its type, for instance `urn:ietf:params:oauth:token-type:id_token`. */
  readonly subjectType: string;
  /** URI of the type wanted; the vendor's choice when absent. */
  readonly requestedType?: string;
}

const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';

/**
 * OAuth 2.0 token exchange (RFC 8693): a token of one kind for one of another, as Shopify has it for session tokens.
 * @throws ConnectorError `invalid-settings` for a key that cannot sign; when opened, `unsafe-url`.
 * @see https://www.rfc-editor.org/rfc/rfc8693
 */
export const tokenExchange = (options: TokenExchangeOptions): Auth<unknown> => {
  const { subject, subjectType, requestedType } = options;
  const fixed = typeof subject === 'function' ? [] : [subject];
  return grantAuth(options, {
    secrets: fixed,
    grant: ({ ask }) => ({
      request: async (guard) => {
        const given = typeof subject === 'function' ? await subject() : subject;
        const parameters = {
          ...grantParameters(options),
          subject_token: revealSecret(given),
          subject_token_type: subjectType,
          ...(requestedType !== undefined && { requested_token_type: requestedType }),
        };
        return ask({
          operation: 'auth.token-exchange',
          effect: 'idempotent',
          scope: options.scope,
          beforeEach: guard,
          send: ({ server, client, authenticate, options: library }) =>
            genericTokenEndpointRequest(server, client, authenticate, exchangeGrant, parameters, library),
        });
      },
    }),
  });
};
