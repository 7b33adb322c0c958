import type { SandboxAnswer, SandboxRequest } from '@mortise/testing';
import { notFound } from '../failure.ts';
import type { Context, HubSpotRoute, HubSpotState } from '../types.ts';
import { dropToken, issueToken, tokenStatus } from './tokens.ts';

const codeSeconds = 600;

function refused(status: string, message: string): SandboxAnswer {
  return { status: 400, json: { status, message } };
}

function grantAnswer(
  state: HubSpotState,
  { refresh, use }: { refresh: string | undefined; use: string },
): SandboxAnswer {
  const { accessTokenSeconds } = state.settings.oauth;
  const answer = {
    access_token: issueToken(state, 'access', { seconds: accessTokenSeconds }),
    expires_in: accessTokenSeconds,
    token_type: 'bearer',
    token_use: use,
    hub_id: state.settings.portalId,
    user_id: 1,
    scopes: [...(state.settings.grantedScopes ?? ['oauth'])],
  };
  return { status: 200, json: refresh === undefined ? answer : { ...answer, refresh_token: refresh } };
}

function byCode(state: HubSpotState, form: URLSearchParams): SandboxAnswer {
  const code = form.get('code') ?? '';
  if (tokenStatus(state, { kind: 'code', token: code }) !== 'valid')
    return refused('BAD_AUTH_CODE', 'missing or invalid auth code');
  dropToken(state, code);
  return grantAnswer(state, { refresh: issueToken(state, 'refresh'), use: 'access_token' });
}

function byRefresh(state: HubSpotState, form: URLSearchParams): SandboxAnswer {
  const token = form.get('refresh_token') ?? '';
  if (tokenStatus(state, { kind: 'refresh', token }) !== 'valid') {
    return refused('BAD_REFRESH_TOKEN', 'missing or invalid refresh token');
  }
  if (!state.settings.oauth.rotateRefreshTokens) return grantAnswer(state, { refresh: token, use: 'access_token' });
  dropToken(state, token);
  return grantAnswer(state, { refresh: issueToken(state, 'refresh'), use: 'access_token' });
}

/** The token endpoint: parameters in a form body, never in the query or as JSON. */
function token(request: SandboxRequest, { state }: Context): SandboxAnswer {
  const form = request.body;
  if (!(form instanceof URLSearchParams)) return refused('BAD_REQUEST', 'the token endpoint takes a form-encoded body');
  const { clientId, clientSecret } = state.settings.oauth;
  if (form.get('client_id') !== clientId) return refused('BAD_CLIENT_ID', 'missing or unknown client id');
  if (form.get('client_secret') !== clientSecret)
    return refused('BAD_CLIENT_SECRET', 'missing or invalid client secret');
  const grant = form.get('grant_type');
  if (grant === 'authorization_code') return byCode(state, form);
  if (grant === 'refresh_token') return byRefresh(state, form);
  if (grant === 'client_credentials') return grantAnswer(state, { refresh: undefined, use: 'client_credentials' });
  return refused('BAD_GRANT_TYPE', 'missing or unknown grant type');
}

function tokenV1(request: SandboxRequest, context: Context): SandboxAnswer {
  const { settings, clock } = context.state;
  if (clock.now() >= settings.oauth.v1SunsetAt) throw notFound('This endpoint is gone: use /oauth/2026-03/token');
  return token(request, context);
}

/** The consent page that always consents (at the vendor it is on another host): sends back a code and the state. */
function authorize(request: SandboxRequest, { state }: Context): SandboxAnswer {
  const redirect = request.query.get('redirect_uri') ?? '';
  if (request.query.get('client_id') !== state.settings.oauth.clientId)
    return refused('BAD_CLIENT_ID', 'missing or unknown client id');
  if (!URL.canParse(redirect)) return refused('BAD_REDIRECT_URI', 'missing or invalid redirect uri');
  const target = new URL(redirect);
  target.searchParams.set('code', issueToken(state, 'code', { seconds: codeSeconds }));
  const given = request.query.get('state');
  if (given !== null) target.searchParams.set('state', given);
  return { status: 302, headers: { location: target.href } };
}

/** The OAuth endpoints; they need no bearer and count against no limit. */
export const oauthRoutes: HubSpotRoute[] = [
  { method: 'GET', path: '/oauth/authorize', handle: authorize },
  { method: 'POST', path: '/oauth/2026-03/token', handle: token },
  { method: 'POST', path: '/oauth/2026-09/token', handle: token },
  { method: 'POST', path: '/oauth/v3/token', handle: token },
  { method: 'POST', path: '/oauth/v1/token', handle: tokenV1 },
];
