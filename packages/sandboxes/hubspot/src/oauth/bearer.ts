import type { SandboxRequest } from '@mortise/testing';
import { HubSpotFailure } from '../failure.ts';
import { objectTypes } from '../object-types.ts';
import type { HubSpotState } from '../types.ts';
import { tokenStatus } from './tokens.ts';

function bearerOf(request: SandboxRequest): string {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim() ?? '';
}

/** True when the caller came with an OAuth token, not with a service key. */
export function isOAuth(request: SandboxRequest, state: HubSpotState): boolean {
  return !state.settings.accessTokens.includes(bearerOf(request));
}

/** Refuses a request without a good bearer. Throws the vendor's 401. */
export function authenticate(request: SandboxRequest, state: HubSpotState): void {
  const token = bearerOf(request);
  if (state.settings.accessTokens.includes(token)) return;
  const status = tokenStatus(state, { kind: 'access', token });
  if (status === 'valid') return;
  if (status === 'expired') {
    throw new HubSpotFailure(401, 'EXPIRED_AUTHENTICATION', {
      message: 'The OAuth token used to make this call expired',
    });
  }
  const message =
    'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview';
  throw new HubSpotFailure(401, 'INVALID_AUTHENTICATION', { message });
}

const readingPost = /\/(search|batch\/read)$/;

/** Refuses a request whose scopes the token lacks. Throws the vendor's 403, which names them. Associations need both ends'. */
export function requireScope(request: SandboxRequest, state: HubSpotState): void {
  const { grantedScopes } = state.settings;
  if (grantedScopes === undefined) return;
  const { type, from, to } = request.params;
  const types = objectTypes.filter((candidate) => [type ?? from, to].includes(candidate));
  const reads = request.method === 'GET' || readingPost.test(request.template);
  const scopes = types.map((candidate) => `crm.objects.${candidate}.${reads ? 'read' : 'write'}`);
  const missing = scopes.filter((scope) => !grantedScopes.includes(scope));
  if (missing.length === 0) return;
  throw new HubSpotFailure(403, 'MISSING_SCOPES', {
    message: "This app hasn't been granted all required scopes to make this call.",
    errors: [
      { message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: missing } },
    ],
  });
}
