import type { OperationName } from './operations.ts';
import type { LiveTransports } from './transport.ts';

/**
 * A permission, role or scope by the vendor's own name. In a list, any one of them is enough, and the first is the one
 * to ask for.
 */
export type Permission = string | readonly [string, ...string[]];

/** The permissions that a resource's operations need, by operation. Subscriptions have theirs under `subscribe`. */
export type OperationPermissions = { readonly [Name in OperationName | 'subscribe']?: readonly Permission[] };

/** What a vendor's function that asks for granted permissions is called with. */
export interface PermissionsCall<Transports, Settings> {
  readonly transports: LiveTransports<Transports>;
  readonly settings: Settings;
}

/** What is known of the permissions of one connection. */
export interface ConnectionAccess {
  /** Permissions that the connection needs whatever it does. */
  readonly base: readonly Permission[];
  /** What the operations of a resource need, by the resource's name. */
  readonly permissionsOf: (resource: string) => OperationPermissions | undefined;
  /**
   * What its credentials carry: of the token, or asked of the vendor; undefined where nobody can tell. Rejects with a
   * ConnectorError where asking failed.
   */
  readonly granted: () => Promise<readonly string[] | undefined>;
  /** What a person does when the credentials are refused for good. */
  readonly remedy: string | undefined;
  /** Tells the event sink what a check has found. */
  readonly report: (found: { readonly missing: readonly string[]; readonly unused: readonly string[] }) => void;
}

/** The operation under which a vendor is asked for what it has granted. */
export const permissionsOperation = 'auth.permissions';

/** The names in a permission, the one to ask for first. */
export const namesOf = (permission: Permission): readonly [string, ...string[]] =>
  typeof permission === 'string' ? [permission] : permission;

/** Those of the needed permissions that are not granted. */
export const missingOf = (needed: readonly Permission[], granted: readonly string[]): Permission[] =>
  needed.filter((permission) => !namesOf(permission).some((name) => granted.includes(name)));
