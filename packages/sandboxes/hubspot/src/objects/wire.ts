import { stampProperty } from '../object-types.ts';
import { defaultProperties } from '../properties/standard.ts';
import type { HubSpotState, StoredObject } from '../types.ts';

/** An object as it leaves. */
export type WireObject = {
  id: string;
  properties: Record<string, string | null>;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
  archivedAt?: string;
};

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The properties to answer: 'all' after a write, [] for the defaults of the type, else the names asked for. */
export type PropertyChoice = 'all' | readonly string[];

function chosenNames(state: HubSpotState, object: StoredObject, choice: PropertyChoice): readonly string[] {
  if (choice === 'all') return [...defaultProperties[object.type], ...Object.keys(object.properties)];
  if (choice.length === 0) return defaultProperties[object.type];
  // Unknown names are left out silently, as the vendor does on reads.
  return choice.filter((name) => state.properties.find(object.type, name) !== undefined);
}

/** Shapes an object for an answer. Values are strings or null; id, creation and stamp are always there. */
export function wireObject(state: HubSpotState, object: StoredObject, choice: PropertyChoice): WireObject {
  const createdAt = iso(object.createdAt);
  const updatedAt = iso(object.updatedAt);
  const properties: Record<string, string | null> = {};
  for (const name of chosenNames(state, object, choice)) properties[name] = object.properties[name] ?? null;
  properties.createdate = createdAt;
  properties.hs_object_id = object.id;
  properties[stampProperty(object.type)] = updatedAt;
  const wire: WireObject = { id: object.id, properties, createdAt, updatedAt, archived: object.archivedAt !== null };
  if (object.archivedAt !== null) wire.archivedAt = iso(object.archivedAt);
  return wire;
}
