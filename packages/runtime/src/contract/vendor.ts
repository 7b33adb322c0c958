import type { z } from 'zod';
import type { Auth } from '../auth/auth.ts';
import { connectorError } from '../errors/connector-error.ts';
import type { CustomPlace } from '../mapping/custom-fields.ts';
import type { AnyMapping, Mapping } from '../mapping/mapping.ts';
import type { ApiFacts } from './api-facts.ts';
import type { Connector } from './connector.ts';
import { contractVersion } from './contract-version.ts';
import type { OperationName, Operations } from './operations.ts';
import type { Permission, PermissionsCall } from './permissions.ts';
import type { ErasedOperations, ResourceDefinition, ResourceDescription } from './resource.ts';
import type { LiveTransports, TransportMap } from './transport.ts';
import type { WebhookDefinition } from './webhooks.ts';

/** What a vendor's auth and transports are made from. */
export interface VendorContext<Settings, Credentials> {
  readonly settings: Settings;
  readonly credentials: Credentials;
}

/** A vendor: its settings, credentials, auth and transports. */
export interface VendorDefinition<
  Settings extends z.ZodObject,
  Credentials extends z.ZodObject,
  Transports extends TransportMap,
> {
  /** Kebab-case name, unique among connectors, for instance `hubspot`. */
  readonly id: string;
  /**
   * Version, sunset and limits of the vendor's API, for review; a function of the settings where they choose between
   * several APIs. Read it by `apiFactsOf`. The conformance suite wants it.
   */
  readonly api?: ApiFacts | ((settings: z.output<Settings>) => ApiFacts);
  /** Schema of the settings. Strict, so that a misspelt one is refused. */
  readonly settings: Settings;
  /** Schema of the credentials, made of `secret()`. */
  readonly credentials: Credentials;
  readonly transports: (settings: z.output<Settings>) => Transports;
  readonly auth: (
    context: VendorContext<z.output<Settings>, z.output<Credentials>>,
  ) => Auth<LiveTransports<NoInfer<Transports>>>;
  /** Permissions that every connection needs, whatever it does. */
  readonly basePermissions?: readonly Permission[];
  /**
   * Asks the vendor what the credentials allow, where their method does not say; undefined where it cannot tell.
   * Rejects with a ConnectorError.
   */
  readonly grantedPermissions?: (
    call: PermissionsCall<NoInfer<Transports>, z.output<Settings>>,
  ) => Promise<readonly string[] | undefined>;
}

/** A type that a mapping supplies; without a mapping there is nothing to infer it from, and it is the wire record. */
type WithMapping<Given, FromMapping, Wire> = Given extends { readonly mapping: AnyMapping } ? FromMapping : Wire;

/** A vendor, ready to describe its resources. */
export interface Vendor<
  Settings extends z.ZodObject,
  Credentials extends z.ZodObject,
  Transports extends TransportMap,
> {
  /**
   * Describes a resource: its schema, key, change tracking, mapping and operations. All types are inferred.
   * @throws ConnectorError `invalid-definition`.
   */
  readonly resource: <
    Schema extends z.ZodObject,
    const Given extends { readonly [Name in OperationName | 'mapping']?: unknown },
    Model = z.output<Schema>,
    Writable extends object = z.output<Schema>,
    Written = z.output<Schema>,
    Lossy = never,
    Place extends CustomPlace | undefined = undefined,
  >(
    description: ResourceDescription<Schema, Mapping<z.output<Schema>, Model, Writable, Written, Lossy, Place>> &
      Operations<Transports, z.output<Settings>, Written> &
      Given,
  ) => ResourceDefinition<{
    record: z.output<Schema>;
    written: WithMapping<Given, Written, z.output<Schema>>;
    model: WithMapping<Given, Model, z.output<Schema>>;
    writable: WithMapping<Given, Writable, z.output<Schema>>;
    operations: keyof Given & OperationName;
    custom: WithMapping<Given, Place, undefined>;
  }>;
  /** Puts the resources together: the default export of a connector package. */
  readonly connector: <
    const Resources extends Readonly<Record<string, ResourceDefinition>>,
    const Webhooks extends WebhookDefinition<keyof Resources & string> = never,
  >(definition: {
    readonly resources: Resources;
    readonly webhooks?: Webhooks;
  }) => Connector<Settings, Credentials, Resources> &
    ([Webhooks] extends [never] ? unknown : { readonly webhooks: Webhooks });
}

const operationNames = [
  'list',
  'get',
  'find',
  'deletions',
  'backfill',
  'subscribe',
  'create',
  'update',
  'upsert',
  'remove',
] as const;
const idForm = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/**
 * Defines a vendor. Does nothing else: no I/O, and the environment is not read.
 * @throws ConnectorError `invalid-definition`.
 */
export const defineVendor = <
  Settings extends z.ZodObject,
  Credentials extends z.ZodObject,
  const Transports extends TransportMap,
>(
  vendor: VendorDefinition<Settings, Credentials, Transports>,
): Vendor<Settings, Credentials, Transports> => {
  if (!idForm.test(vendor.id)) {
    throw connectorError('invalid-definition', `a vendor's id must be in kebab case, unlike '${vendor.id}'`);
  }
  return {
    resource: (description) => {
      const { record, key, changes, mapping, permissions = {} } = description;
      const given = Object.entries(description).filter(([name]) => operationNames.some((known) => known === name));
      checkBatches(vendor.id, description);
      // The types end here: from now on records are held to their schemas and mappings at run time.
      const operations = Object.fromEntries(given) as unknown as ErasedOperations;
      return { record, key, changes, mapping, permissions, operations };
    },
    // With webhooks or without, as given: the type says which.
    connector: (definition) => ({ ...definition, contract: contractVersion, vendor }) as never,
  };
};

const checkBatches = (id: string, { create, upsert }: Operations<never, never, never>): void => {
  if (upsert?.effect === 'external-id' && upsert.key === undefined) {
    throw connectorError('invalid-definition', `an upsert of ${id} by external id must name its key`);
  }
  for (const write of [create, upsert]) {
    if (write === undefined || (Number.isInteger(write.max) && write.max >= 1)) continue;
    throw connectorError('invalid-definition', `a batch write of ${id} must say how many records fit into one request`);
  }
};
