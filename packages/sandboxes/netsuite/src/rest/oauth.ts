import type { Route, SandboxAnswer, SandboxRequest } from '@mortise/testing';
import type { Context, NetSuiteState } from '../types.ts';
import { assertionFault } from './assertion.ts';
import { giveToken } from './tokens.ts';

/** Path of the token endpoint. */
export const tokenPath = '/services/rest/auth/oauth2/v1/token';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

function faultOf(form: URLSearchParams, { state }: Context): string | undefined {
  if (form.get('grant_type') !== 'client_credentials') return 'unsupported_grant_type';
  if (form.get('client_assertion_type') !== assertionType) return 'invalid_request';
  return assertionFault(form.get('client_assertion') ?? '', state.settings, state.clock.now());
}

/** `client_credentials` with a signed assertion: machine to machine, no refresh token. */
function token(request: SandboxRequest, context: Context): SandboxAnswer {
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const error = faultOf(form, context);
  if (error !== undefined) return { status: error === 'invalid_client' ? 401 : 400, json: { error } };
  // The vendor sends the seconds as text.
  const lifetime = String(context.state.settings.oauth.accessTokenSeconds);
  return { status: 200, json: { access_token: giveToken(context), expires_in: lifetime, token_type: 'Bearer' } };
}

/** The OAuth 2.0 endpoint. */
export const oauthRoutes: Route<NetSuiteState>[] = [{ method: 'POST', path: tokenPath, handle: token }];
