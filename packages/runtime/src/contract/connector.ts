import type { z } from 'zod';
import type { Auth } from '../auth/auth.ts';
import type { ApiFacts } from './api-facts.ts';
import type { ExtendShape } from './custom-fields.ts';
import type { Permission } from './permissions.ts';
import type { LiveResource, ResourceDefinition, ResourceShape } from './resource.ts';
import type { TransportMap } from './transport.ts';
import type { WebhookDefinition } from './webhooks.ts';

/** A vendor whose own types nobody needs any more: `never` lets any vendor in. */
export interface ErasedVendor<Settings extends z.ZodObject, Credentials extends z.ZodObject> {
  readonly id: string;
  readonly api?: ApiFacts | ((settings: never) => ApiFacts) | undefined;
  readonly settings: Settings;
  readonly credentials: Credentials;
  readonly transports: (settings: never) => TransportMap;
  readonly auth: (context: never) => Auth<never>;
  readonly basePermissions?: readonly Permission[] | undefined;
  readonly grantedPermissions?: ((call: never) => Promise<readonly string[] | undefined>) | undefined;
}

/** A connector: the default export of its package. Open it with `open(connector, …)`. */
export interface Connector<
  Settings extends z.ZodObject = z.ZodObject,
  Credentials extends z.ZodObject = z.ZodObject,
  Resources extends Readonly<Record<string, ResourceDefinition>> = Readonly<Record<string, ResourceDefinition>>,
> {
  /** Version of the contract that it was built for. */
  readonly contract: number;
  readonly vendor: ErasedVendor<Settings, Credentials>;
  readonly resources: Resources;
  /** How its webhooks are received and subscribed to, where it has any. */
  readonly webhooks?: WebhookDefinition;
}

/** The live resources of a connector, as properties; with the custom fields that a host gave for them. */
export type LiveConnector<Resources, Fields = Record<never, never>> = {
  readonly [Name in keyof Resources]: Resources[Name] extends ResourceDefinition<infer Shape extends ResourceShape>
    ? LiveResource<Name extends keyof Fields ? ExtendShape<Shape, Fields[Name]> : Shape>
    : never;
};
