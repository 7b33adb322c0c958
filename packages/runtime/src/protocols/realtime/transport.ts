import type { z } from 'zod';
import { parseSettings } from '../../contract/settings.ts';
import type { TransportDefinition } from '../../contract/transport.ts';
import { checkedBaseUrl, warnOfPlainHttp } from '../../http/bounds.ts';
import { joinedHeaders, lastingHeaders } from '../../http/headers.ts';
import { networkOf } from '../../http/network.ts';
import { type CallRoad, callRoad, type OperationContext } from '../../resilience/call-road.ts';
import type { CloseMeanings } from './close-codes.ts';
import type { Dialect } from './dialect.ts';
import {
  type GraphqlDialectOptions,
  type GraphqlSubscription,
  graphqlDialect,
  subscriptionName,
} from './graphql-dialect.ts';
import { RealtimeLimits } from './limits.ts';
import { type PlainDialectOptions, type PlainSubscription, plainDialect } from './plain-dialect.ts';
import { type SubscriptionPlan, subscription } from './subscription.ts';

/** What any realtime transport can be given. */
export interface RealtimeOptions {
  /** `wss:` or `https:`; `ws:` or `http:` only to loopback or to the connection's `allowInsecureHost`. */
  readonly url: string;
  /** Headers of the handshake besides those of the auth. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Meanings of close codes at this vendor, over the registered ones. */
  readonly closeCodes?: CloseMeanings;
  readonly limits?: z.input<typeof RealtimeLimits>;
}

/** A realtime transport that speaks graphql-ws. */
export interface GraphqlRealtimeOptions extends RealtimeOptions, GraphqlDialectOptions {
  readonly protocol: 'graphql-ws';
}

/** A realtime transport that speaks the vendor's own JSON messages. */
export interface PlainRealtimeOptions extends RealtimeOptions, PlainDialectOptions {
  readonly protocol: 'plain';
}

/** A live realtime transport. `Subscription` is what one subscription is made of in its protocol. */
export interface RealtimeTransport<Subscription> {
  /**
   * Items as they come, over as many connections as it takes: one socket for each subscription, reconnected with
   * back-off, caught up before it goes on. Reading slowly holds the vendor back. Ends when the vendor says that there
   * is no more; leave the loop between two items, or abort the signal at any time.
   * @throws ConnectorError `unauthenticated` when new credentials were refused too; `timeout`, `unreachable` or
   * `unavailable` when too many connections in a row did not hold; `too-large` for a message beyond its limit;
   * `unexpected-content`, `invalid-request`, `forbidden`, `rate-limited`, `cancelled`.
   */
  readonly subscribe: <Item>(request: Subscription & SubscriptionPlan<Item>) => AsyncIterable<Item>;
}

/**
 * Subscriptions over WebSockets: graphql-ws, or the vendor's own messages.
 * Needs the package `ws`, and `graphql-ws` with `graphql` for that protocol.
 * @throws ConnectorError `unsafe-url` or `invalid-settings` when the connection is opened.
 * @example
 * ```ts
 * import { realtime } from '@mortise/runtime/realtime';
 * export const transport = realtime({
 *   url: 'wss://shop.example.com/graphql',
 *   protocol: 'graphql-ws',
 *   connectionParams: ({ authorization }) => ({ access_token: authorization?.replace('Bearer ', '') }),
 * });
 * ```
 */
export function realtime(options: GraphqlRealtimeOptions): TransportDefinition<RealtimeTransport<GraphqlSubscription>>;
/** The same for the vendor's own messages. */
export function realtime(options: PlainRealtimeOptions): TransportDefinition<RealtimeTransport<PlainSubscription>>;
export function realtime(
  options: GraphqlRealtimeOptions | PlainRealtimeOptions,
):
  | TransportDefinition<RealtimeTransport<GraphqlSubscription>>
  | TransportDefinition<RealtimeTransport<PlainSubscription>> {
  if (options.protocol === 'graphql-ws') {
    return definition<GraphqlSubscription>(options, {
      dialect: (request) => graphqlDialect(request, options),
      label: ({ document }) => ` subscription ${subscriptionName(document)}`,
    });
  }
  return definition<PlainSubscription>(options, {
    dialect: async (request) => plainDialect(request, options),
    label: () => '',
  });
}

/** The rules for hosts are those of http: https everywhere, http to loopback. */
const asHttp = (url: string): string => url.replace(/^ws(?=s?:)/i, 'http');

const asSocket = (url: URL): URL => {
  const socket = new URL(url);
  socket.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return socket;
};

/** What the protocols differ in. */
interface Speech<Subscription> {
  readonly dialect: (request: Subscription) => Promise<Dialect>;
  /** What stands behind the path in events and metrics. */
  readonly label: (request: Subscription) => string;
}

const definition = <Subscription>(
  options: RealtimeOptions,
  speech: Speech<Subscription>,
): TransportDefinition<RealtimeTransport<Subscription>> => ({
  protocol: 'realtime',
  quota: [],
  connect: (facts) => connect(options, { road: callRoad(facts), speech }),
});

const connect = <Subscription>(
  options: RealtimeOptions,
  { road, speech }: { readonly road: CallRoad; readonly speech: Speech<Subscription> },
) => {
  const authUrl = checkedBaseUrl(asHttp(options.url), road);
  warnOfPlainHttp(road, authUrl);
  const { connector, connection } = road;
  const limits = parseSettings(RealtimeLimits, { input: options.limits, owner: { connector, kind: 'setting' } });
  const ownHeaders = lastingHeaders(options.headers);
  const network = networkOf(road.facts);
  return ({ operation, signal }: OperationContext): RealtimeTransport<Subscription> => ({
    subscribe: async function* (request) {
      const template = `${authUrl.pathname}${speech.label(request)}`;
      const facts = { connector, connection, operation, method: 'GET', template };
      const spoken = await speech.dialect(request);
      const headers: Dialect['headers'] = (auth) => joinedHeaders(ownHeaders, spoken.headers(auth));
      const dialect = { ...spoken, headers };
      const { closeCodes } = options;
      const url = asSocket(authUrl);
      const parts = { road, url, authUrl, facts, limits, closeCodes, network, dialect, signal };
      yield* subscription(parts, request);
    },
  });
};
