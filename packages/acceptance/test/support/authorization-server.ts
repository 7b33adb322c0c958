import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

/** A request that the token endpoint got, and what it answered. */
export interface TokenRequestLog {
  readonly grant: string;
  readonly status: number;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A key of a client that authenticates by it. */
export const clientKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Scopes of the provider's API. */
export const scopes = ['things.read', 'things.write', 'things.unused'];

const clients = (redirectUris: readonly string[]): NonNullable<Configuration['clients']> => {
  const flow = {
    redirect_uris: [...redirectUris],
    response_types: ['code' as const],
    grant_types: ['authorization_code', 'refresh_token'],
    application_type: 'native' as const,
  };
  const machine = { redirect_uris: [], response_types: [], grant_types: ['client_credentials'] };
  return [
    { client_id: 'web', client_secret: 'web-secret-7d1e', ...flow },
    { client_id: 'command-line', token_endpoint_auth_method: 'none', ...flow },
    { client_id: 'machine', client_secret: 'machine:secret+%/&=', scope: 'things.read', ...machine },
    {
      client_id: 'poster',
      client_secret: 'poster-secret-91',
      token_endpoint_auth_method: 'client_secret_post',
      ...machine,
    },
    {
      client_id: 'signer',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [{ ...clientKey.publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'one' }] },
      ...machine,
    },
  ];
};

/** How the authorization server is set up. */
export interface AuthorizationServerOptions {
  /** Life of access tokens, seconds. */
  readonly accessTokenSeconds?: number;
  readonly redirectUris?: readonly string[];
}

const configuration = ({ accessTokenSeconds = 300, redirectUris = [] }: AuthorizationServerOptions): Configuration => ({
  clients: clients(['http://127.0.0.1/callback', ...redirectUris]),
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    revocation: { enabled: true },
    introspection: { enabled: true },
  },
  scopes: ['openid', ...scopes],
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  ttl: { AccessToken: accessTokenSeconds, ClientCredentials: accessTokenSeconds, RefreshToken: 86_400, Grant: 86_400 },
  cookies: { keys: ['a key of the tests'] },
});

/** The real `oidc-provider`, with rotation and reuse detection, and an API that takes its tokens. */
export const startAuthorizationServer = async (options: AuthorizationServerOptions = {}) => {
  const log: TokenRequestLog[] = [];
  const apiRequests: { status: number; authorization: string | undefined }[] = [];
  const revokedGrants: string[] = [];
  let provider: Provider | undefined;
  let outage: ((response: ServerResponse) => void) | undefined;
  const refusedTokens = new Set<string>();
  let refusesAll = false;

  const api = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { authorization } = request.headers;
    const value = authorization?.replace('Bearer ', '') ?? '';
    const token = (await provider?.AccessToken.find(value)) ?? (await provider?.ClientCredentials.find(value));
    const isGood = token !== undefined && !refusesAll && !refusedTokens.has(value);
    const scope = request.method === 'GET' ? 'things.read' : 'things.write';
    const status = !isGood ? 401 : token.scopes.has(scope) ? 200 : 403;
    apiRequests.push({ status, authorization });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ id: '1' }));
  };

  const server = createServer((request, response) => {
    if (request.url?.startsWith('/things')) return void api(request, response);
    if (request.url === '/token' && outage !== undefined) return outage(response);
    return provider?.callback()(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address and a port once it listens.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider = new Provider(url, configuration(options));
  provider.use(async (context, next) => {
    await next();
    if (context.path !== '/token') return;
    const { body = {}, params } = context.oidc ?? {};
    const parameters = { ...body, ...params };
    const named = Object.entries(parameters).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    );
    const given = Object.fromEntries(named);
    log.push({ grant: given.grant_type ?? '', status: context.status, parameters: given });
  });
  provider.on('grant.revoked', (_context, grantId) => void revokedGrants.push(grantId));
  return {
    url,
    log,
    apiRequests,
    revokedGrants,
    refreshes: () => log.filter(({ grant }) => grant === 'refresh_token'),
    /** Answers token requests instead of the provider, until it is called without an argument. */
    interrupt: (answer?: (response: ServerResponse) => void) => {
      outage = answer;
    },
    /** Makes the API refuse a token that the provider still holds for good. */
    refuse: (authorization: string | undefined) => void refusedTokens.add(authorization?.replace('Bearer ', '') ?? ''),
    /** Makes the API refuse every token. */
    refuseAll: (isOn: boolean) => {
      refusesAll = isOn;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** A running authorization server. */
export type AuthorizationServer = Awaited<ReturnType<typeof startAuthorizationServer>>;
