import type { AnyMapping } from '@mortise/runtime';
import type { HubSpotCall } from './vendor.ts';
import { apiVersion } from './vendor-facts.ts';

/** Object types of this connector, by the name in HubSpot's paths. */
export type ObjectType = 'contacts' | 'companies' | 'products' | 'deals' | 'line_items';

/** An association that belongs to the record: the id of one associated object, under a name of the connector's own. */
export interface Link {
  /** Field under `associations` of the wire record. */
  readonly field: string;
  readonly to: ObjectType;
}

/** What the shared operations must know of an object type. */
export interface ObjectKind {
  readonly type: ObjectType;
  /** Property of the last change, by which searches filter and sort. */
  readonly stamp: 'lastmodifieddate' | 'hs_lastmodifieddate';
  /** Properties to ask for: those of the mapping, no more. */
  readonly properties: readonly string[];
  /** Associations that are folded into the record. */
  readonly links: readonly Link[];
  /** Whether two objects of the type can be merged into one. */
  readonly merges: boolean;
}

/** The kind of an object type; the properties to ask for come from its mapping. */
export const objectKind = (
  type: ObjectType,
  mapping: AnyMapping,
  { links = [] }: { readonly links?: readonly Link[] } = {},
): ObjectKind => ({
  ...kindOf(
    type,
    mapping.wireKeys.flatMap(([head, name]) => (head === 'properties' && name !== undefined ? [name] : [])),
  ),
  links,
});

/** The kind of an object type with these properties and no links. */
export const kindOf = (type: ObjectType, properties: readonly string[]): ObjectKind => ({
  type,
  stamp: type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate',
  properties,
  links: [],
  merges: type === 'contacts' || type === 'companies' || type === 'deals',
});

/** Path of an object type's endpoint. */
export const objectPath = ({ type }: Pick<ObjectKind, 'type'>, below = ''): string =>
  `crm/objects/${apiVersion}/${type}${below}`;

/** Properties that a read asks for: those of the mapping, and the custom ones of the account. */
export const propertiesAsked = ({ fields }: HubSpotCall, { properties }: ObjectKind): readonly string[] => [
  ...properties,
  ...fields,
];

/** Query parameters of a read by GET. */
export const readQuery = (call: HubSpotCall, kind: ObjectKind) => ({
  properties: propertiesAsked(call, kind).join(','),
  associations: kind.links.length === 0 ? undefined : kind.links.map(({ to }) => to).join(','),
});
