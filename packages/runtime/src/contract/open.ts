import type { z } from 'zod';
import { connectorError, toConnectorError } from '../errors/connector-error.ts';
import { redactor } from '../errors/redact.ts';
import { redactedError } from '../errors/redacted-error.ts';
import type { NetworkSettings } from '../http/network.ts';
import type { Clock, Random } from '../resilience/clock.ts';
import type { CallLimits } from '../resilience/limits.ts';
import type { EventSink } from '../telemetry/events.ts';
import type { CallObserver } from '../telemetry/observer.ts';
import { bindConnection } from './connection.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { Connector, LiveConnector } from './connector.ts';
import { contractVersion } from './contract-version.ts';
import { type CheckedFields, type CustomFields, withCustomFields } from './custom-fields.ts';
import type { ResourceDefinition } from './resource.ts';
import { secretsIn } from './secret.ts';
import { parseSettings } from './settings.ts';

/** Settings or credentials under their name; they may be left out where each of them may. */
export type OptionalWhenEmpty<Name extends string, Schema extends z.ZodObject> =
  Record<never, never> extends z.input<Schema>
    ? { readonly [Key in Name]?: z.input<Schema> }
    : { readonly [Key in Name]: z.input<Schema> };

/** What a host gives to open a connection. */
export type OpenOptions<Settings extends z.ZodObject, Credentials extends z.ZodObject> = OptionalWhenEmpty<
  'settings',
  Settings
> &
  OptionalWhenEmpty<'credentials', Credentials> &
  ConnectionOptions;

/** What any connection can be given. */
export interface ConnectionOptions {
  /** Id of the connection; the connector's id unless several accounts of one vendor are open. */
  readonly id?: string;
  /** What the connection keeps between runs and shares between processes: tokens, locks, quotas, metrics. */
  readonly store?: ConnectionStore;
  /** Limits of calls; each has a default. */
  readonly limits?: z.input<typeof CallLimits>;
  /** The one host to which plain http is allowed; loopback always is. */
  readonly allowInsecureHost?: string;
  /** Receives every event; errors go to standard error as JSON lines unless given. */
  readonly events?: EventSink;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Proxy, certificate authorities and client certificate. */
  readonly network?: z.input<typeof NetworkSettings>;
  /** A fetch of the host's own, for tests and other run times. It must not follow redirects when told so. */
  readonly fetch?: typeof globalThis.fetch;
  /** Watches every call and attempt, for tracing. */
  readonly observer?: CallObserver;
}

/**
 * Opens a connection to one account. Checks settings and credentials; sends nothing yet.
 * @throws ConnectorError `invalid-settings`, `unsafe-url`, `invalid-definition`.
 */
export const open = <
  Settings extends z.ZodObject,
  Credentials extends z.ZodObject,
  const Resources extends Readonly<Record<string, ResourceDefinition>>,
  const Fields extends CustomFields<Resources> = Record<never, never>,
>(
  connector: Connector<Settings, Credentials, Resources>,
  options: OpenOptions<Settings, Credentials> & {
    /**
     * Fields that this account has beyond those of the connector, by resource, under the vendor's own names:
     * `{ contacts: z.object({ tier: z.string().nullable() }) }`. They are read, written and typed like any other.
     */
    readonly fields?: Fields & CheckedFields<Resources, Fields>;
  },
): LiveConnector<Resources, Fields> => {
  const { vendor } = connector;
  if (connector.contract !== contractVersion) {
    const versions = `is built for contract ${connector.contract}, and this runtime speaks ${contractVersion}`;
    throw connectorError('invalid-definition', `connector ${vendor.id} ${versions}: install matching versions`);
  }
  const given: { settings?: unknown; credentials?: unknown; fields?: object } & ConnectionOptions = options;
  const owner = { connector: vendor.id };
  const fields = { ...given.fields };
  const resources = withCustomFields(vendor.id, { resources: connector.resources, fields });
  const settings = frozen(
    parseSettings(vendor.settings, { input: given.settings, owner: { ...owner, kind: 'setting' } }),
  );
  const credentials = parseSettings(vendor.credentials, {
    input: given.credentials,
    owner: { ...owner, kind: 'credential' },
  });
  const secrets = [...secretsIn(settings), ...secretsIn(credentials), ...secretsIn(given.network)];
  try {
    const { binding, work } = bindConnection(vendor, { settings, credentials, secrets, options: given, resources });
    const live = Object.entries(resources).map(([name, definition]) => [
      name,
      work.liveResource(definition, { name, ...binding }),
    ]);
    // Each was made from the definition of its name.
    return Object.fromEntries(live) as LiveConnector<Resources, Fields>;
  } catch (thrown) {
    // The vendor's own functions have run.
    throw redactedError(toConnectorError(thrown, owner), redactor(secrets));
  }
};

/** Settings are shared by all operations of a connection: what one of them changed, the others would follow. */
const frozen = <Value>(value: Value): Value => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
};
