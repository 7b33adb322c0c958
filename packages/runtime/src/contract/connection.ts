import type { z } from 'zod';
import type { Auth, LiveAuth } from '../auth/auth.ts';
import { remembered } from '../auth/remembered.ts';
import type { TokenStore } from '../auth/token-store.ts';
import { growingRedactor } from '../errors/redact.ts';
import type { CallRoad, OperationContext } from '../resilience/call-road.ts';
import { systemClock, systemRandom } from '../resilience/clock.ts';
import { CallLimits } from '../resilience/limits.ts';
import { quotaGovernor } from '../resilience/quota.ts';
import { retryBudget } from '../resilience/retry-budget.ts';
import type { EventSink } from '../telemetry/events.ts';
import { emit, errorLines } from '../telemetry/sink.ts';
import type { ErasedVendor } from './connector.ts';
import type { ConnectionOptions } from './open.ts';
import type { Secret } from './secret.ts';
import { parseSettings } from './settings.ts';
import type { TransportMap } from './transport.ts';
import type { ResourceBinding } from './wire-operations.ts';

/** Binds the transports of a connection to one operation. */
export type BindTransports = (context: OperationContext) => Readonly<Record<string, unknown>>;

/** What a connection is made of, its settings and credentials parsed. */
export interface ConnectionParts {
  readonly settings: unknown;
  readonly credentials: unknown;
  readonly secrets: readonly Secret[];
  readonly options: ConnectionOptions;
}

/**
 * Makes what all resources of a connection share: transports that carry its credentials, over one call road.
 * @throws ConnectorError `unsafe-url` or `invalid-settings`; whatever the vendor's own functions throw.
 */
export const bindConnection = (
  vendor: ErasedVendor<z.ZodObject, z.ZodObject>,
  { settings, credentials, secrets, options }: ConnectionParts,
): Omit<ResourceBinding, 'name'> => {
  // Both were parsed by the vendor's own schemas, which is what its functions were typed by.
  const transports = vendor.transports(settings as never);
  const auth = vendor.auth({ settings, credentials } as never);
  const redactor = growingRedactor([...auth.secrets, ...secrets]);
  const road = callRoad(vendor.id, { options, transports, redact: redactor.redact });
  const bindTransports = authenticated(road, {
    auth,
    transports,
    tokens: options.store?.tokens,
    remember: redactor.add,
  });
  const { connector, connection, clock, redact } = road;
  return { connector, connection, settings, clock, redact, bindTransports };
};

const anonymous: LiveAuth = { headers: () => ({}) };

/** Everything that the calls of this connection share, still without credentials. */
const callRoad = (
  connector: string,
  given: { options: ConnectionOptions; transports: TransportMap; redact: CallRoad['redact'] },
): CallRoad => {
  const { options, transports, redact } = given;
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
    events: recordedEvents(options),
    redact,
  };
};

/** The connection's events, which the store's metrics see as well. */
const recordedEvents = ({ events = errorLines, store }: ConnectionOptions): EventSink => {
  const record = store?.metrics?.record;
  if (record === undefined) return events;
  return (event) => {
    emit(record, event);
    emit(events, event);
  };
};

const bound = (transports: TransportMap, road: CallRoad): BindTransports => {
  const connected = Object.entries(transports).map(([name, transport]) => [name, transport.connect(road)] as const);
  return (context) => Object.fromEntries(connected.map(([name, bind]) => [name, bind(context)]));
};

/** Transports that carry the connection's credentials. Signing in itself goes over the bare ones. */
const authenticated = (
  road: CallRoad,
  given: {
    auth: Auth<never>;
    transports: TransportMap;
    tokens: TokenStore | undefined;
    remember: (credential: string) => void;
  },
): BindTransports => {
  const { auth, transports, tokens, remember } = given;
  // Both are bound to the same hosts: one warning of plain http is enough.
  const quiet: CallRoad = { ...road, events: (event) => event.type !== 'insecure-host-allowed' && road.events(event) };
  const bare = bound(transports, quiet)({ operation: 'auth.login' });
  const live = auth.connect({ connection: road.connection, transports: bare as never, tokens });
  return bound(transports, { ...road, auth: remembered(live, remember) });
};
