import type { z } from 'zod';
import type { Auth, LiveAuth } from '../auth/auth.ts';
import type { TokenStore } from '../auth/token-store.ts';
import { connectorError } from '../errors/connector-error.ts';
import { redactor } from '../errors/redact.ts';
import type { CallRoad, OperationContext } from '../resilience/call-road.ts';
import { type Clock, type Random, systemClock, systemRandom } from '../resilience/clock.ts';
import { CallLimits } from '../resilience/limits.ts';
import { quotaGovernor } from '../resilience/quota.ts';
import { retryBudget } from '../resilience/retry-budget.ts';
import type { EventSink } from '../telemetry/events.ts';
import { errorLines } from '../telemetry/sink.ts';
import type { Connector, LiveConnector } from './connector.ts';
import { contractVersion } from './contract-version.ts';
import { liveResource } from './live-resource.ts';
import type { ResourceDefinition } from './resource.ts';
import { isSecret, type Secret } from './secret.ts';
import { parseSettings } from './settings.ts';
import type { TransportMap } from './transport.ts';

type OptionalWhenEmpty<Name extends string, Schema extends z.ZodObject> =
  Record<never, never> extends z.input<Schema>
    ? { readonly [Key in Name]?: z.input<Schema> }
    : { readonly [Key in Name]: z.input<Schema> };

/** What a host gives to open a connection. */
export type OpenOptions<Settings extends z.ZodObject, Credentials extends z.ZodObject> = OptionalWhenEmpty<'settings', Settings> &
  OptionalWhenEmpty<'credentials', Credentials> &
  ConnectionOptions;

/** What any connection can be given. */
export interface ConnectionOptions {
  /** Id of the connection; the connector's id unless several accounts of one vendor are open. */
  readonly id?: string;
  /** Where tokens are kept between runs. */
  readonly store?: { readonly tokens: TokenStore };
  /** Limits of calls; each has a default. */
  readonly limits?: z.input<typeof CallLimits>;
  /** The one host to which plain http is allowed; loopback always is. */
  readonly allowInsecureHost?: string;
  /** Receives every event; errors go to standard error as JSON lines unless given. */
  readonly events?: EventSink;
  readonly clock?: Clock;
  readonly random?: Random;
  /** A fetch of the host's own, for proxies and tests. It must not follow redirects when told so. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Opens a connection to one account. Checks settings and credentials; sends nothing yet.
 * @throws ConnectorError `invalid-settings`, `unsafe-url`, `invalid-definition`.
 */
export const open = <
  Settings extends z.ZodObject,
  Credentials extends z.ZodObject,
  const Resources extends Readonly<Record<string, ResourceDefinition>>,
>(
  connector: Connector<Settings, Credentials, Resources>,
  options: OpenOptions<Settings, Credentials>,
): LiveConnector<Resources> => {
  const { vendor, resources } = connector;
  if (connector.contract !== contractVersion) {
    const versions = `is built for contract ${connector.contract}, and this runtime speaks ${contractVersion}`;
    throw connectorError('invalid-definition', `connector ${vendor.id} ${versions}: install matching versions`);
  }
  const given: { settings?: unknown; credentials?: unknown } & ConnectionOptions = options;
  const settings = parseSettings(vendor.settings, { input: given.settings, owner: { connector: vendor.id, kind: 'setting' } });
  const credentials = parseSettings(vendor.credentials, {
    input: given.credentials,
    owner: { connector: vendor.id, kind: 'credential' },
  });
  // Both were parsed by the vendor's own schemas, which is what its functions were typed by.
  const transports = vendor.transports(settings as never);
  const auth = vendor.auth({ settings, credentials } as never);
  const road = callRoad(vendor.id, { options: given, transports, secrets: [...auth.secrets, ...secretsIn(credentials)] });
  const bindTransports = authenticated(road, { auth, transports, tokens: given.store?.tokens });
  const live = Object.entries(resources).map(([name, definition]) => [
    name,
    liveResource(definition, { name, connector: vendor.id, connection: road.connection, settings, clock: road.clock, bindTransports }),
  ]);
  // Each was made from the definition of its name.
  return Object.fromEntries(live) as LiveConnector<Resources>;
};

const secretsIn = (credentials: object): Secret[] => Object.values(credentials).filter(isSecret);

const anonymous: LiveAuth = { headers: () => ({}) };

/** Everything that the calls of this connection share, still without credentials. */
const callRoad = (
  connector: string,
  given: { options: ConnectionOptions; transports: TransportMap; secrets: readonly Secret[] },
): CallRoad => {
  const { options, transports, secrets } = given;
  const limits = parseSettings(CallLimits, { input: options.limits, owner: { connector, kind: 'setting' } });
  const clock = options.clock ?? systemClock;
  const rules = Object.values(transports).flatMap((transport) => transport.quota);
  return {
    connector,
    connection: options.id ?? connector,
    limits,
    clock,
    random: options.random ?? systemRandom,
    fetch: options.fetch,
    allowInsecureHost: options.allowInsecureHost,
    auth: anonymous,
    quota: quotaGovernor(rules, { clock, reserve: limits.quotaReserve }),
    budget: retryBudget(limits.retryTokens),
    events: options.events ?? errorLines,
    redact: redactor(secrets),
  };
};

/** Binds the transports of a connection to one operation. */
export type BindTransports = (context: OperationContext) => Readonly<Record<string, unknown>>;

const bound = (transports: TransportMap, road: CallRoad): BindTransports => {
  const connected = Object.entries(transports).map(([name, transport]) => [name, transport.connect(road)] as const);
  return (context) => Object.fromEntries(connected.map(([name, bind]) => [name, bind(context)]));
};

/** Transports that carry the connection's credentials. Signing in itself goes over the bare ones. */
const authenticated = (
  road: CallRoad,
  given: { auth: Auth<never>; transports: TransportMap; tokens: TokenStore | undefined },
): BindTransports => {
  const { auth, transports, tokens } = given;
  const bare = bound(transports, road)({ operation: 'auth.login' });
  const live = auth.connect({ connection: road.connection, transports: bare as never, tokens });
  return bound(transports, { ...road, auth: live });
};
