import type { SandboxRequest } from '@mortise/testing';
import type { Context } from '../types.ts';
import { RestFailure } from './failure.ts';
import { isGoodToken } from './tokens.ts';

const loginRefused = 'Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI.';

function throttled({ settings }: Context['state']): RestFailure {
  const seconds = settings.restRetryAfterSeconds;
  return new RestFailure(settings.restThrottleStatus, 'CONCURRENCY_LIMIT_EXCEEDED', {
    message: 'Concurrent request limit exceeded. Request blocked.',
    headers: seconds === 0 ? {} : { 'retry-after': String(seconds) },
  });
}

/** Lets a REST request in. Throws the vendor's error for a closed account, a bad bearer or too many at once. */
export function enter(request: SandboxRequest, context: Context): void {
  const { settings } = context.state;
  if (settings.closed)
    throw new RestFailure(403, settings.closedFaultCode, { message: 'The account is no longer active.' });
  if (settings.unavailable)
    throw new RestFailure(503, 'ACCT_TEMP_UNAVAILABLE', { message: 'The account is temporarily unavailable.' });
  if (request.inFlight > settings.concurrentRequests) throw throttled(context.state);
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined && isGoodToken(bearer, context)) return;
  const headers = { 'www-authenticate': 'Bearer realm="sandbox", error="invalid_token"' };
  throw new RestFailure(401, 'INVALID_LOGIN', { message: loginRefused, headers });
}

/** Throws 403 unless the role may do this. */
export function requirePermission({ state }: Context, permission: string): void {
  const granted = state.settings.grantedPermissions;
  if (granted === undefined || granted.includes(permission)) return;
  const message = `Permission Violation: the role lacks the permission ${permission}.`;
  throw new RestFailure(403, 'INSUFFICIENT_PERMISSION', { message });
}
