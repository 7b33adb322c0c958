import {
  type AuthorizationServer,
  allowInsecureRequests,
  type Client,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  None,
  processGenericTokenEndpointResponse,
} from 'oauth4webapi';
import type { ConnectionFacts } from '../../contract/connection-facts.ts';
import type { Effect } from '../../contract/effect.ts';
import { revealSecret } from '../../contract/secret.ts';
import { checkedBaseUrl, warnOfPlainHttp } from '../../http/bounds.ts';
import { httpClient } from '../../http/client.ts';
import { exchangeHttp } from '../../http/exchange.ts';
import { type CallRoad, callRoad } from '../../resilience/call-road.ts';
import type { Clock } from '../../resilience/clock.ts';
import { privateKeyOf, signedAssertion } from '../signed-jwt.ts';
import { judgeAnswer } from './answer.ts';
import type { OAuthClient, OAuthServer } from './definition.ts';
import { tokenProblem } from './problem.ts';
import { type OAuthToken, type TokenOrigin, tokenOf } from './token.ts';

/** What the OAuth library is called with. */
export interface GrantParts {
  readonly server: AuthorizationServer;
  readonly client: Client;
  readonly authenticate: ClientAuth;
  readonly options: {
    readonly [allowInsecureRequests]: true;
    readonly [customFetch]: TokenFetch;
  };
}

type TokenFetch = (
  url: string,
  options: { headers: Record<string, string>; body: URLSearchParams },
) => Promise<Response>;

/** One request for a token. */
export interface TokenRequest extends Omit<TokenOrigin, 'askedAt'> {
  /** Shown in errors and events, for instance `auth.refresh`. */
  readonly operation: string;
  /** What a second sending does. */
  readonly effect: Effect;
  /** Sends it by the library's function for this grant. */
  readonly send: (parts: GrantParts) => Promise<Response>;
  /** Runs before each attempt, and may change what is sent; what it throws ends the request. */
  readonly beforeEach?: ((body: URLSearchParams) => void) | undefined;
}

/** A vendor's token endpoint, as one connection reaches it. */
export interface TokenEndpoint {
  readonly road: CallRoad;
  readonly server: AuthorizationServer;
  readonly client: Client;
  /** Asks for a token. @throws ConnectorError */
  readonly ask: (request: TokenRequest) => Promise<OAuthToken>;
}

/**
 * Time for one token with its repeats, milliseconds: shorter than the lease under which it is renewed, so that a lease
 * ends before its holder is done only where the holder was stopped.
 */
const longestAskMs = 50_000;

/** Good for a minute: long enough for clocks that differ, too short to be worth stealing. */
const assertionMs = 60_000;

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const authenticationOf = ({ secret, sendsSecretIn }: OAuthClient): ClientAuth => {
  if (secret === undefined) return None();
  const text = revealSecret(secret);
  return sendsSecretIn === 'body' ? ClientSecretPost(text) : ClientSecretBasic(text);
};

/** Signs the client's assertion into a request: anew for each attempt, because servers take each only once. */
const assertionWriter = ({ id, key, claims }: OAuthClient, { audience, clock }: { audience: string; clock: Clock }) => {
  if (key === undefined) return undefined;
  const { algorithm, keyId } = key;
  const privateKey = privateKeyOf(key);
  return (body: URLSearchParams): void => {
    const said = { issuer: id, subject: id, audience, claims, lifetimeMs: assertionMs, now: clock.now() };
    body.set('client_assertion_type', assertionType);
    body.set('client_assertion', signedAssertion({ key: privateKey, keyId, algorithm }, said));
  };
};

/**
 * Makes what asks a vendor for tokens: over the connection's own call road, with its time limits, repeats and bounds.
 * @throws ConnectorError `unsafe-url` or `invalid-settings`.
 */
export const tokenEndpoint = (
  facts: ConnectionFacts,
  { server, client }: { readonly server: OAuthServer; readonly client: OAuthClient },
): TokenEndpoint => {
  const whole = callRoad(facts);
  const callTimeoutMs = Math.min(longestAskMs, whole.limits.callTimeoutMs);
  const road: CallRoad = { ...whole, limits: { ...whole.limits, callTimeoutMs } };
  const url = checkedBaseUrl(server.tokenEndpoint, road);
  warnOfPlainHttp(road, url);
  const issuer = server.issuer ?? url.origin;
  const definition: AuthorizationServer = {
    issuer,
    token_endpoint: url.href,
    ...(server.sendsIssuer === true && { authorization_response_iss_parameter_supported: true }),
  };
  const known: Client = { client_id: client.id };
  const authenticate = authenticationOf(client);
  const writeAssertion = assertionWriter(client, { audience: server.issuer ?? url.href, clock: road.clock });
  const send = tokenSender(road, { url, writeAssertion });
  return {
    road,
    server: definition,
    client: known,
    ask: async (request) => {
      const options = { [allowInsecureRequests]: true, [customFetch]: send(request) } as const;
      const parts = { server: definition, client: known, authenticate, options };
      const askedAt = road.clock.now();
      try {
        const answer = await processGenericTokenEndpointResponse(definition, known, await request.send(parts));
        return tokenOf(answer, { ...request, askedAt });
      } catch (thrown) {
        throw tokenProblem(thrown, url.host);
      }
    },
  };
};

/** Stands in for fetch where the library sends. */
const tokenSender = (
  road: CallRoad,
  { url, writeAssertion }: { readonly url: URL; readonly writeAssertion: TokenRequest['beforeEach'] },
) => {
  const client = httpClient(road, { baseUrl: url });
  return ({ operation, effect, beforeEach }: TokenRequest): TokenFetch =>
    async (_href, { headers, body }) =>
      exchangeHttp(road, {
        client,
        exchange: {
          call: { operation, method: 'POST', url, template: url.pathname, effect, quota: 'auth' },
          headers,
          body: () => {
            writeAssertion?.(body);
            beforeEach?.(body);
            return body.toString();
          },
          judge: (answer) => judgeAnswer(answer, road.clock.now()),
        },
      });
};
