import { createHmac, timingSafeEqual } from 'node:crypto';
import { isRecord, parseJson, type SandboxAnswer, type SandboxRequest } from '@mortise/testing';
import { grantedScopes } from '../graphql/scopes.ts';
import type { Context, ShopifyRoute, ShopifyState } from '../types.ts';
import { issueToken, useCode, useRefreshToken } from './tokens.ts';

const refused = (error: string, description: string): SandboxAnswer => ({
  status: 400,
  json: { error, error_description: description },
});

/** Parameters come as JSON or as a form; both are taken. */
function parametersOf({ body }: SandboxRequest): Record<string, unknown> | undefined {
  if (body instanceof URLSearchParams) return Object.fromEntries(body);
  return isRecord(body) ? body : undefined;
}

const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';
const idTokenType = 'urn:ietf:params:oauth:token-type:id_token';
const offlineType = 'urn:shopify:params:oauth:token-type:offline-access-token';

/** Whether a session token is one of ours: HS256 by the app's secret, for this app, and not over. */
function isSessionToken({ settings, clock }: ShopifyState, token: string): boolean {
  const [head = '', claims = '', signature = ''] = token.split('.');
  const wanted = createHmac('sha256', settings.oauth.clientSecret).update(`${head}.${claims}`).digest();
  const got = Buffer.from(signature, 'base64url');
  if (got.length !== wanted.length || !timingSafeEqual(got, wanted)) return false;
  const read = parseJson(Buffer.from(claims, 'base64url').toString('utf8'));
  return isRecord(read) && read.aud === settings.oauth.clientId && Number(read.exp) * 1000 > clock.now();
}

function offline(state: ShopifyState, { isExpiring, parent }: { isExpiring: boolean; parent?: string }): SandboxAnswer {
  const scope = grantedScopes(state).join(',');
  if (!isExpiring) return { status: 200, json: { access_token: issueToken(state, 'access'), scope } };
  const { accessTokenSeconds, refreshTokenDays } = state.settings.oauth;
  const refreshSeconds = refreshTokenDays * 86_400;
  return {
    status: 200,
    json: {
      access_token: issueToken(state, 'access', { seconds: accessTokenSeconds }),
      expires_in: accessTokenSeconds,
      refresh_token: issueToken(state, 'refresh', { seconds: refreshSeconds, ...(parent !== undefined && { parent }) }),
      refresh_token_expires_in: refreshSeconds,
      scope,
    },
  };
}

function exchanged(state: ShopifyState, given: Record<string, unknown>): SandboxAnswer {
  const isKnown = given.subject_token_type === idTokenType && given.requested_token_type === offlineType;
  if (!isKnown) return refused('invalid_request', 'The stand-in exchanges an id token for an offline token.');
  if (!isSessionToken(state, String(given.subject_token ?? ''))) {
    return refused('invalid_subject_token', 'The session token is not valid.');
  }
  return offline(state, { isExpiring: String(given.expiring) === '1' });
}

function byClientCredentials(state: ShopifyState): SandboxAnswer {
  const seconds = state.settings.oauth.clientCredentialsSeconds;
  const token = issueToken(state, 'access', { seconds });
  return { status: 200, json: { access_token: token, scope: grantedScopes(state).join(','), expires_in: seconds } };
}

function token(request: SandboxRequest, { state }: Context): SandboxAnswer {
  const given = parametersOf(request);
  if (given === undefined) return refused('invalid_request', 'The parameters are missing.');
  const { clientId, clientSecret } = state.settings.oauth;
  if (given.client_id !== clientId || given.client_secret !== clientSecret) {
    return refused('application_cannot_be_found', 'No app has this client id and secret.');
  }
  const isExpiring = String(given.expiring) === '1';
  switch (given.grant_type ?? 'authorization_code') {
    case exchangeGrant:
      return exchanged(state, given);
    case 'client_credentials':
      return byClientCredentials(state);
    case 'refresh_token': {
      const parent = String(given.refresh_token ?? '');
      if (!useRefreshToken(state, parent)) return refused('invalid_grant', 'The refresh token is over.');
      return offline(state, { isExpiring: true, parent });
    }
    case 'authorization_code':
      if (!useCode(state, String(given.code ?? '')))
        return refused('invalid_request', 'The authorization code was not found or was already used.');
      return offline(state, { isExpiring });
    default:
      return refused('unsupported_grant_type', 'There is no such grant.');
  }
}

/** The consent page, which agrees at once: redirects with a code and the hmac over the sorted query. */
function authorize({ query }: SandboxRequest, { state, clock }: Context): SandboxAnswer {
  const { clientId, clientSecret } = state.settings.oauth;
  const target = query.get('redirect_uri');
  if (query.get('client_id') !== clientId || target === null || !URL.canParse(target)) {
    return refused('invalid_request', 'The client id or the redirect address is not valid.');
  }
  const given = {
    code: issueToken(state, 'code', { seconds: 600 }),
    host: Buffer.from(`${state.settings.shopDomain}/admin`).toString('base64url'),
    shop: state.settings.shopDomain,
    state: query.get('state') ?? '',
    timestamp: String(Math.floor(clock.now() / 1000)),
  };
  const hmac = createHmac('sha256', clientSecret).update(new URLSearchParams(given).toString()).digest('hex');
  const address = new URL(target);
  for (const [name, value] of Object.entries({ ...given, hmac })) address.searchParams.set(name, value);
  return { status: 302, headers: { location: address.href } };
}

/** The shop's OAuth endpoints. */
export const oauthRoutes: readonly ShopifyRoute[] = [
  { method: 'POST', path: '/admin/oauth/access_token', handle: token },
  { method: 'GET', path: '/admin/oauth/authorize', handle: authorize },
];
