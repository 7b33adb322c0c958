import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { ConnectionFacts } from '../contract/connection-facts.ts';
import { publicLookup } from './addresses.ts';
import { type Network, networkOf } from './network.ts';

/** The sockets of one connection, opened when first needed and shared by its transports. */
export interface Dispatchers {
  /** To the hosts that the connection's own settings name. */
  readonly home: () => Dispatcher;
  /** To hosts that the vendor named: it connects to public addresses only, and shows no client certificate. */
  readonly foreign: () => Dispatcher;
  /** Addresses are somebody else's to resolve: a name must be looked up before, and cannot be pinned. */
  readonly isProxied: boolean;
}

// Time limits have one owner, and it is not undici.
const limits = { headersTimeout: 0, bodyTimeout: 0 };

const throughProxy = (proxy: URL, { tls }: Network) => {
  const { ca, rejectUnauthorized } = tls;
  const proxyTls = ca === undefined ? { rejectUnauthorized } : { ca, rejectUnauthorized };
  return (requestTls: object) => new ProxyAgent({ ...limits, uri: proxy.href, requestTls, proxyTls });
};

const lazily = (make: () => Dispatcher): (() => Dispatcher) => {
  let made: Dispatcher | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const newDispatchers = (network: Network): Dispatchers => {
  const { proxy, tls } = network;
  const { cert: _cert, key: _key, ...anonymous } = tls;
  const through = proxy && throughProxy(proxy, network);
  return {
    home: lazily(() => through?.(tls) ?? new Agent({ ...limits, connect: { ...tls } })),
    foreign: lazily(
      () => through?.(anonymous) ?? new Agent({ ...limits, connect: { ...anonymous, lookup: publicLookup } }),
    ),
    isProxied: proxy !== undefined,
  };
};

const known = new WeakMap<ConnectionFacts, Dispatchers>();

/**
 * The sockets of a connection.
 * @throws ConnectorError `invalid-settings` for network settings that cannot be.
 */
export const dispatchersOf = (facts: ConnectionFacts): Dispatchers => {
  const found = known.get(facts);
  if (found !== undefined) return found;
  const made = newDispatchers(networkOf(facts));
  known.set(facts, made);
  return made;
};
