import type { Route, SandboxAnswer, SandboxRequest } from '@mortise/testing';
import { originOf } from '../origin.ts';
import type { Context, NetSuiteState } from '../types.ts';

/** Where an account lives, asked without credentials: every domain is this stand-in's own. */
function discover(request: SandboxRequest, { state }: Context): SandboxAnswer {
  if (request.query.get('account') !== state.settings.account)
    return { status: 400, json: { error: { code: 'INVALID_ACCT', message: 'There is no such account.' } } };
  const origin = originOf(request);
  return { status: 200, json: { webservicesDomain: origin, restDomain: origin, systemDomain: origin } };
}

/** The discovery service. */
export const discoveryRoutes: Route<NetSuiteState>[] = [
  { method: 'GET', path: '/rest/datacenterurls', handle: discover },
];
