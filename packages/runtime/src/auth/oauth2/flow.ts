import type { z } from 'zod';
import type { ConnectionFacts } from '../../contract/connection-facts.ts';
import type { Connector } from '../../contract/connector.ts';
import type { ConnectionOptions, OptionalWhenEmpty } from '../../contract/open.ts';
import type { ResourceDefinition } from '../../contract/resource.ts';
import { secretsIn } from '../../contract/secret.ts';
import { parseSettings } from '../../contract/settings.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { growingRedactor } from '../../errors/redact.ts';
import type { LockStore } from '../../resilience/lock-store.ts';
import type { OperationsInUse } from '../permissions.ts';
import type { TokenStore } from '../token-store.ts';
import type { AuthorizationFlow } from './authorization-code.ts';

/** A connector of any vendor. */
export type AnyConnector = Connector<z.ZodObject, z.ZodObject, Readonly<Record<string, ResourceDefinition>>>;

/** What both kinds of authorization are given: settings and credentials as for `open`, and what will be used. */
export type FlowOptions<
  Settings extends z.ZodObject,
  Credentials extends z.ZodObject,
  Resources extends Readonly<Record<string, ResourceDefinition>>,
> = OptionalWhenEmpty<'settings', Settings> &
  OptionalWhenEmpty<'credentials', Credentials> &
  Omit<ConnectionOptions, 'id' | 'store'> & {
    readonly store: NonNullable<ConnectionOptions['store']>;
    /** The operations that the connection is for: exactly their permissions are asked for. */
    readonly use: OperationsInUse<Resources>;
  };

/** The parts of an authorization, checked. */
export interface FlowParts {
  readonly flow: AuthorizationFlow;
  readonly tokens: TokenStore;
  readonly locks: LockStore | undefined;
  /** The facts of one connection of the connector. */
  readonly factsOf: (connection: string) => ConnectionFacts;
}

/**
 * Checks what an authorization is given.
 * @throws ConnectorError `invalid-settings`; `invalid-definition` where the vendor has no authorization code grant.
 */
export const flowParts = (
  connector: AnyConnector,
  options: ConnectionOptions & { readonly settings?: unknown; readonly credentials?: unknown },
): FlowParts => {
  const { vendor } = connector;
  const owner = { connector: vendor.id };
  const settings = parseSettings(vendor.settings, { input: options.settings, owner: { ...owner, kind: 'setting' } });
  const credentials = parseSettings(vendor.credentials, {
    input: options.credentials,
    owner: { ...owner, kind: 'credential' },
  });
  // Both were parsed by the vendor's own schemas, which is what its function was typed by.
  const auth = vendor.auth({ settings, credentials } as never);
  const flow = auth.authorization;
  if (flow?.server.authorizationEndpoint === undefined) {
    throw connectorError(
      'invalid-definition',
      `${vendor.id} is not connected by an authorization in the browser`,
      owner,
    );
  }
  const { store } = options;
  if (store === undefined) throw connectorError('invalid-settings', `${vendor.id} needs a store for its tokens`, owner);
  const redactor = growingRedactor([...auth.secrets, ...secretsIn(settings), ...secretsIn(credentials)]);
  return {
    flow,
    tokens: store.tokens,
    locks: store.locks,
    factsOf: (connection) => ({
      connector: vendor.id,
      connection,
      options: { ...options, id: connection },
      quota: [],
      redact: redactor.redact,
      remember: redactor.add,
      auth: { headers: () => ({}) },
    }),
  };
};
