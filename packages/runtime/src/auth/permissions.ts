import type { OperationName } from '../contract/operations.ts';
import { missingOf, namesOf, type OperationPermissions, type Permission } from '../contract/permissions.ts';
import type { ResourcePort } from '../contract/port.ts';
import type { ResourceDefinition, ResourceShape } from '../contract/resource.ts';
import type { CallRoad } from '../resilience/call-road.ts';
import { emit } from '../telemetry/sink.ts';

type OperationsOf<Definition> =
  Definition extends ResourceDefinition<infer Shape extends ResourceShape> ? Shape['operations'] : OperationName;

/** The operations that a connection is for, by resource; `subscribe` for its webhooks and realtime events. */
export type OperationsInUse<Resources> = {
  readonly [Name in keyof Resources]?: readonly (OperationsOf<Resources[Name]> | 'subscribe')[];
};

/** What is granted, against what is needed. Names are the vendor's, sorted. */
export interface PermissionReport {
  /** The least that the operations in use need. */
  readonly required: readonly string[];
  /** Undefined where nobody can tell. */
  readonly granted: readonly string[] | undefined;
  /** Required and not granted: calls will be `forbidden`. Of permissions that stand in for each other, the first. */
  readonly missing: readonly string[];
  /** Granted and not needed: take them away. */
  readonly unused: readonly string[];
}

/** A connector, as far as its permissions need it. */
interface DeclaredConnector<Resources> {
  readonly vendor: { readonly basePermissions?: readonly Permission[] | undefined };
  readonly resources: Resources;
}

type AnyUse = Readonly<Record<string, readonly string[] | undefined>>;

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].toSorted();

const neededBy = (declared: OperationPermissions, operations: readonly string[] = []): readonly Permission[] =>
  Object.entries(declared).flatMap(([name, permissions]) => (operations.includes(name) ? (permissions ?? []) : []));

/** One name for each permission: of several that stand in for each other, one that is needed anyway, or the first. */
const leastOf = (needed: readonly Permission[]): string[] => {
  const fixed = needed.filter((permission) => namesOf(permission).length === 1).flatMap(namesOf);
  const open = missingOf(needed, fixed);
  return sorted([...fixed, ...open.map((permission) => namesOf(permission)[0])]);
};

/**
 * The least set of permissions for the operations in use, by the vendor's names.
 * @example
 * ```ts
 * import hubspot from '@mortise/connector-hubspot';
 * import { requiredPermissions } from '@mortise/runtime/auth';
 * requiredPermissions(hubspot, { contacts: ['list', 'upsert'] });
 * ```
 */
export const requiredPermissions = <const Resources extends Readonly<Record<string, ResourceDefinition>>>(
  { vendor, resources }: DeclaredConnector<Resources>,
  use: OperationsInUse<Resources>,
): string[] => {
  // Its type is that of these resources; here the names are texts.
  const operations: AnyUse = use;
  const needed = Object.entries(resources).flatMap(([name, { permissions }]) =>
    neededBy(permissions, operations[name]),
  );
  return leastOf([...(vendor.basePermissions ?? []), ...needed]);
};

/** Compares what is granted with what is needed. */
export const permissionReport = (
  needed: readonly Permission[],
  granted: readonly string[] | undefined,
): PermissionReport => {
  const required = leastOf(needed);
  if (granted === undefined) return { required, granted, missing: [], unused: [] };
  const missing = missingOf(needed, granted).map((permission) => namesOf(permission)[0]);
  const serving = needed.flatMap((permission) => namesOf(permission).find((name) => granted.includes(name)) ?? []);
  const unused = granted.filter((name) => !serving.includes(name));
  return { required, granted: sorted(granted), missing: sorted(missing), unused: sorted(unused) };
};

/** Tells the event sink what a check has found. */
export const reportPermissions = (road: CallRoad, { missing, unused }: PermissionReport): void => {
  const { connector, connection, clock, events } = road;
  emit(events, { type: 'permissions-checked', at: clock.now(), connector, connection, missing, unused });
};

/** A live connector, as far as its permissions need it. */
type LivePorts = Readonly<Record<string, { readonly port: ResourcePort }>>;

/**
 * Compares what the credentials of an open connection carry with what the operations in use need, and tells the event
 * sink (`permissions-checked`). Asks the vendor where the token does not say, and where the vendor can be asked.
 * @throws ConnectorError of that call.
 */
export const checkPermissions = async <Live extends LivePorts>(
  live: Live,
  use: { readonly [Name in keyof Live]?: readonly (OperationName | 'subscribe')[] },
): Promise<PermissionReport> => {
  const operations: AnyUse = use;
  const ports = Object.entries(live).map(([name, { port }]) => ({ name, port }));
  const access = ports[0]?.port.access;
  const needed = ports.flatMap(({ name, port }) => neededBy(port.permissions, operations[name]));
  const report = permissionReport([...(access?.base ?? []), ...needed], await access?.granted());
  access?.report(report);
  return report;
};
