import {
  AuthorizationResponseError,
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  validateAuthResponse,
} from 'oauth4webapi';
import type { z } from 'zod';
import type { ConnectionFacts } from '../../contract/connection-facts.ts';
import type { Connector } from '../../contract/connector.ts';
import type { ResourceDefinition } from '../../contract/resource.ts';
import { type ConnectorError, connectorError, toConnectorError } from '../../errors/connector-error.ts';
import { redactedError } from '../../errors/redacted-error.ts';
import { checkedBaseUrl } from '../../http/bounds.ts';
import { type PermissionReport, permissionReport, reportPermissions, requiredPermissions } from '../permissions.ts';
import { type FlowOptions, type FlowParts, flowParts } from './flow.ts';
import { keptTokens } from './kept-tokens.ts';
import { waitForLease } from './lease.ts';
import { browserHash, keepPending, newState, type PendingAuthorization, takePending } from './pending.ts';
import { errorName } from './problem.ts';
import type { OAuthToken } from './token.ts';
import { type TokenEndpoint, tokenEndpoint } from './token-endpoint.ts';

/** How a host web application lets its users connect their accounts. */
export type WebAuthorizationOptions<
  Settings extends z.ZodObject,
  Credentials extends z.ZodObject,
  Resources extends Readonly<Record<string, ResourceDefinition>>,
> = FlowOptions<Settings, Credentials, Resources> & {
  /** Where the vendor sends users back to, as it is registered there. */
  readonly redirectUri: string;
  /** How long a user may take, milliseconds; 10 minutes unless given. */
  readonly expiresInMs?: number;
};

/** Which browser an authorization belongs to. */
export interface BrowserOptions {
  /**
   * What only this user's browser session is known by, for instance the id of the session: what was begun in one
   * browser can then not be finished in another, by a user who was lured there.
   */
  readonly browser?: string;
}

/** A connection that a user has granted access to. */
export interface Connected {
  readonly connection: string;
  /** What was granted, against what was asked for. */
  readonly permissions: PermissionReport;
}

/** Authorization in the browser, for many connections of one connector. */
export interface WebAuthorization {
  /**
   * The URL to send a user to who connects the account of that id. A second one of the same id makes the first void.
   * Rejects with a ConnectorError where the store cannot keep what must be known when the user comes back.
   */
  readonly authorizeUrl: (connection: string, options?: BrowserOptions) => Promise<URL>;
  /**
   * Takes the request with which a user comes back, and keeps the token.
   * @throws ConnectorError `unauthenticated` with the user's or the vendor's reason where access was not granted;
   * `invalid-request` for a state that is unknown, over or used; `unexpected-content` for an answer of another server.
   * Nothing is kept then.
   */
  readonly callback: (request: Request, options?: BrowserOptions) => Promise<Connected>;
}

const defaultExpiryMs = 600_000;

/**
 * Lets users of a host web application connect their accounts: `authorizeUrl` sends them away, `callback` takes them
 * back. What must be known in between is in the store, so that any process of the host can take a user back.
 * @throws ConnectorError `invalid-settings`, `unsafe-url`; `invalid-definition` where the vendor has no such grant.
 */
export const webAuthorization = <
  Settings extends z.ZodObject,
  Credentials extends z.ZodObject,
  const Resources extends Readonly<Record<string, ResourceDefinition>>,
>(
  connector: Connector<Settings, Credentials, Resources>,
  options: WebAuthorizationOptions<Settings, Credentials, Resources>,
): WebAuthorization => {
  const parts = flowParts(connector, options);
  const scope = requiredPermissions(connector, options.use);
  const endpointOf = (facts: ConnectionFacts) => tokenEndpoint(facts, parts.flow);
  // Checked now, and not when the first user comes.
  const { vendor } = connector;
  const place = checkedBaseUrl(parts.flow.server.authorizationEndpoint ?? '', {
    connector: vendor.id,
    allowInsecureHost: options.allowInsecureHost,
  });
  const { server, road } = endpointOf(parts.factsOf(vendor.id));
  const { clock } = road;

  const connected = async (facts: ConnectionFacts, returned: Returned): Promise<Connected> => {
    const endpoint = endpointOf(facts);
    const token = await exchangedToken(endpoint, { ...returned, parameters: parts.flow.parameters });
    await keepToken(endpoint, { facts, parts, token });
    const permissions = permissionReport(returned.pending.scope, token.scope);
    reportPermissions(endpoint.road, permissions);
    return { connection: facts.connection, permissions };
  };

  return {
    authorizeUrl: async (connection, { browser } = {}) => {
      const pending: PendingAuthorization = {
        state: newState(connection),
        verifier: generateRandomCodeVerifier(),
        issuer: server.issuer,
        redirectUri: options.redirectUri,
        scope,
        expiresAt: clock.now() + (options.expiresInMs ?? defaultExpiryMs),
        ...(browser !== undefined && { browser: browserHash(browser) }),
      };
      await keepPending(parts.tokens, { connection, pending });
      return authorizationUrl(place, { parts, pending });
    },
    callback: async (request, { browser } = {}) => {
      let facts = parts.factsOf(vendor.id);
      try {
        const query = queryOf(request);
        const given = { state: query.get('state'), browser, now: clock.now() };
        const { connection, pending } = await takePending(parts.tokens, given);
        facts = parts.factsOf(connection);
        return await connected(facts, { query, pending });
      } catch (thrown) {
        throw redactedError(toConnectorError(thrown, { connector: vendor.id }), facts.redact);
      }
    },
  };
};

/** What a user came back with, and what was kept meanwhile. */
interface Returned {
  readonly query: URLSearchParams;
  readonly pending: PendingAuthorization;
}

/** A browser comes back by GET; what looks at links beforehand asks otherwise, and must not use the state up. */
const queryOf = ({ method, url }: Request): URLSearchParams => {
  if (method === 'GET') return new URL(url).searchParams;
  throw connectorError('invalid-request', 'an authorization comes back as a GET request, and this is another one');
};

const authorizationUrl = async (
  place: URL,
  { parts, pending }: { readonly parts: FlowParts; readonly pending: PendingAuthorization },
): Promise<URL> => {
  const url = new URL(place);
  const parameters: Record<string, string> = {
    ...parts.flow.authorizationParameters,
    response_type: 'code',
    client_id: parts.flow.client.id,
    redirect_uri: pending.redirectUri,
    state: pending.state,
    code_challenge: await calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    ...(pending.scope.length > 0 && { scope: pending.scope.join(parts.flow.scopeSeparator ?? ' ') }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
};

/** Longest part of a vendor's description that a message shows, characters. */
const longestReason = 200;

/** The description comes through the user's browser: shown to a person, and kept to one short line. */
const shownReason = (text: string): string =>
  text.replaceAll(/[^\p{L}\p{N}\p{P}\p{Zs}]+/gu, ' ').slice(0, longestReason);

const notGranted = ({ error, error_description: description }: AuthorizationResponseError): ConnectorError => {
  const vendorCode = errorName(error);
  const reason = description === undefined ? '' : `: ${shownReason(description)}`;
  const code =
    vendorCode === 'temporarily_unavailable' || vendorCode === 'server_error' ? 'unavailable' : 'unauthenticated';
  return connectorError(code, `access was not granted (${vendorCode}${reason})`, { vendorCode });
};

/** Judges what the user came back with. @throws ConnectorError */
const authorizationAnswer = ({ server, client }: TokenEndpoint, { query, pending }: Returned): URLSearchParams => {
  try {
    const answer = validateAuthResponse({ ...server, issuer: pending.issuer }, client, query, pending.state);
    if (answer.get('code')) return answer;
  } catch (thrown) {
    if (thrown instanceof AuthorizationResponseError) throw notGranted(thrown);
    const reason = 'it names another server, or says one thing twice';
    throw connectorError('unexpected-content', `the authorization answer is not one of this vendor: ${reason}`);
  }
  throw connectorError('unexpected-content', 'the authorization answer has no code');
};

/** A code is good for one exchange: a second one would make servers revoke what the first has given. */
const exchangedToken = (
  endpoint: TokenEndpoint,
  given: Returned & { readonly parameters: Readonly<Record<string, string>> | undefined },
): Promise<OAuthToken> => {
  const answer = authorizationAnswer(endpoint, given);
  const { redirectUri, verifier, scope } = given.pending;
  return endpoint.ask({
    operation: 'auth.authorization-code',
    effect: 'unsafe',
    scope,
    send: ({ server, client, authenticate, options }) =>
      authorizationCodeGrantRequest(server, client, authenticate, answer, redirectUri, verifier, {
        ...options,
        ...(given.parameters !== undefined && { additionalParameters: { ...given.parameters } }),
      }),
  });
};

/** Under a lease, so that a renewal of the old token that is under way cannot overwrite the new one. */
const keepToken = async (
  { road }: TokenEndpoint,
  { facts, parts, token }: { readonly facts: ConnectionFacts; readonly parts: FlowParts; readonly token: OAuthToken },
): Promise<void> => {
  const { connection } = facts;
  const { tokens, locks } = parts;
  const kept = keptTokens({ connection, tokens, facts, transports: undefined }, undefined);
  const given = await waitForLease({ road, locks, connection, meanwhile: async () => undefined });
  if ('done' in given) return;
  try {
    await kept.save(token, given.lease.fence);
  } finally {
    await given.lease.release();
  }
};
