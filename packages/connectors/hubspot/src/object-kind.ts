import type { AnyMapping } from '@mortise/runtime';
import type { HubSpotCall } from './vendor.ts';
import { apiVersion } from './vendor-facts.ts';

/** Object types of this connector, by the name in HubSpot's paths. */
export type ObjectType = 'contacts' | 'products' | 'deals';

/** What the shared operations must know of an object type. */
export interface ObjectKind {
  readonly type: ObjectType;
  /** Property of the last change, by which searches filter and sort. */
  readonly stamp: 'lastmodifieddate' | 'hs_lastmodifieddate';
  /** Properties to ask for: those of the mapping, no more. */
  readonly properties: readonly string[];
  /** Whether the id of an associated contact belongs to the record. */
  readonly hasContact: boolean;
}

/** The kind of an object type; the properties to ask for come from its mapping. */
export const objectKind = (type: ObjectType, mapping: AnyMapping): ObjectKind => ({
  type,
  stamp: type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate',
  properties: mapping.wireKeys.flatMap(([head, name]) => (head === 'properties' && name !== undefined ? [name] : [])),
  hasContact: type === 'deals',
});

/** Path of an object type's endpoint. */
export const objectPath = ({ type }: ObjectKind, below = ''): string => `crm/objects/${apiVersion}/${type}${below}`;

/** Properties that a read asks for: those of the mapping, and the custom ones of the account. */
export const propertiesAsked = ({ fields }: HubSpotCall, { properties }: ObjectKind): readonly string[] => [
  ...properties,
  ...fields,
];

/** Query parameters of a read by GET. */
export const readQuery = (call: HubSpotCall, kind: ObjectKind) => ({
  properties: propertiesAsked(call, kind).join(','),
  associations: kind.hasContact ? 'contacts' : undefined,
});
