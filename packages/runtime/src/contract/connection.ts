import type { z } from 'zod';
import type { LiveAuth } from '../auth/auth.ts';
import { connectorError } from '../errors/connector-error.ts';
import { growingRedactor } from '../errors/redact.ts';
import type { OperationContext } from '../resilience/call-road.ts';
import { defaultLongestWaitMs, systemClock, systemRandom } from '../resilience/clock.ts';
import { emit, errorLines } from '../telemetry/sink.ts';
import type { ConnectionFacts } from './connection-facts.ts';
import type { ErasedVendor } from './connector.ts';
import type { ConnectionOptions } from './open.ts';
import { type ConnectionAccess, permissionsOperation } from './permissions.ts';
import type { ResourceDefinition } from './resource.ts';
import type { ResourceWork } from './resource-work.ts';
import type { Secret } from './secret.ts';
import { stepTimeout } from './step-limit.ts';
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
  readonly resources: Readonly<Record<string, ResourceDefinition>>;
}

const anonymous: LiveAuth = { headers: () => ({}) };

/**
 * Makes what all resources of a connection share: transports that carry its credentials. The call road under them is
 * made by the protocols, so that a host which only reads definitions loads none of it.
 * @throws ConnectorError `unsafe-url`, `invalid-settings`, `invalid-definition` without a transport; whatever the
 * vendor's own functions throw.
 */
export const bindConnection = (
  vendor: ErasedVendor<z.ZodObject, z.ZodObject>,
  { settings, credentials, secrets, options, resources }: ConnectionParts,
): { readonly binding: Omit<ResourceBinding, 'name'>; readonly work: ResourceWork } => {
  // Both were parsed by the vendor's own schemas, which is what its functions were typed by.
  const transports = vendor.transports(settings as never);
  const auth = vendor.auth({ settings, credentials } as never);
  const redactor = growingRedactor([...auth.secrets, ...secrets]);
  let brought: ResourceWork | undefined;
  const facts: ConnectionFacts = {
    takeUp: (work) => {
      brought = work;
    },
    connector: vendor.id,
    connection: options.id ?? vendor.id,
    options,
    quota: Object.values(transports).flatMap((transport) => transport.quota),
    redact: redactor.redact,
    remember: redactor.add,
    auth: anonymous,
  };
  const { connector, connection, redact } = facts;
  const { clock = systemClock, random = systemRandom, events = errorLines, store } = options;
  const bare = bound(transports, facts)({ operation: 'auth.login' });
  const live = auth.connect({ connection, transports: bare as never, tokens: store?.tokens, facts });
  // Called only once the connection is open: its own transports, which name its permissions, ask for them.
  const ask = () => {
    const call = { transports: bindTransports({ operation: permissionsOperation }), settings };
    return vendor.grantedPermissions?.(call as never); // as above: the vendor's own transports and settings
  };
  const access: ConnectionAccess = {
    base: [...(vendor.basePermissions ?? []), ...(auth.authorization?.permissions ?? [])],
    permissionsOf: (name) => resources[name]?.permissions,
    granted: async () => (await live.granted?.()) ?? ask(),
    remedy: live.remedy,
    report: ({ missing, unused }) =>
      emit(events, { type: 'permissions-checked', at: clock.now(), connector, connection, missing, unused }),
  };
  const { limits = {} } = options;
  const { longestWaitMs = defaultLongestWaitMs } = limits;
  const bindTransports = bound(transports, { ...facts, auth: live, bare: facts, access });
  if (brought === undefined) {
    throw connectorError('invalid-definition', `vendor ${vendor.id} has no transport: there is nothing to open`);
  }
  const binding = {
    ...{ connector, connection, settings, clock, random, events, redact, bindTransports },
    ...{ longestWaitMs, stepTimeoutMs: stepTimeout(limits), lastValues: store?.lastValues, access },
  };
  return { binding, work: brought };
};

const bound = (transports: TransportMap, facts: ConnectionFacts): BindTransports => {
  const connected = Object.entries(transports).map(([name, transport]) => [name, transport.connect(facts)] as const);
  return (context) => {
    const live: Record<string, unknown> = {};
    for (const [name, bind] of connected) live[name] = bind(context);
    return live;
  };
};
