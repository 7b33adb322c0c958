import type { WriteKind } from '@mortise/testing';
import { HubSpotFailure, invalid, notFound } from '../failure.ts';
import { singularOf } from '../object-types.ts';
import { checkProperties, type PropertyChanges } from '../properties/values.ts';
import type { Context, HubSpotState, ObjectType, StoredObject } from '../types.ts';
import { noteObject } from '../webhooks/events.ts';
import { findObject, findUnique, putObject, putUnique } from './table.ts';

/** How a caller names an object: by id, or by the value of a unique property. */
export type ObjectReference = { id: string; idProperty?: string | undefined };

function capitalised(type: ObjectType): string {
  const name = singularOf(type);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The value under which a unique property is looked up: e-mail in lower case, all others as they are. */
export function uniqueKey(name: string, value: string): string {
  return name === 'email' ? value.trim().toLowerCase() : value;
}

/** Throws 400 unless the property is unique for the type. */
export function requireUnique(state: HubSpotState, { type, name }: { type: ObjectType; name: string }): void {
  if (state.properties.uniqueNames(type).includes(name)) return;
  throw invalid(
    `Property "${name}" is not a unique property of ${singularOf(type)}; idProperty must have unique values`,
  );
}

/** The live object of a reference; undefined when there is none. Throws 400 for an idProperty that is not unique. */
export function resolveObject(state: HubSpotState, type: ObjectType, { id, idProperty }: ObjectReference) {
  const { database } = state;
  if (idProperty === undefined || idProperty === 'hs_object_id') return findObject(database, { type, id });
  requireUnique(state, { type, name: idProperty });
  const found = findUnique(database, type, { name: idProperty, value: uniqueKey(idProperty, id) });
  return found === undefined ? undefined : findObject(database, { type, id: found });
}

/** The live object of a reference. Throws the vendor's 404. */
export function requireObject(state: HubSpotState, type: ObjectType, reference: ObjectReference): StoredObject {
  const found = resolveObject(state, type, reference);
  if (found !== undefined && found.archivedAt === null) return found;
  throw notFound(`Object not found.  objectId are usually numeric.`);
}

function refuseTaken(
  state: HubSpotState,
  object: { type: ObjectType; id: string | undefined },
  changes: PropertyChanges,
): void {
  const { type, id } = object;
  for (const name of state.properties.uniqueNames(type)) {
    const value = changes[name];
    if (typeof value !== 'string') continue;
    const holder = findUnique(state.database, type, { name, value });
    if (holder === undefined || holder === id) continue;
    const exists =
      type === 'contacts' && name === 'email' ? `Contact already exists. Existing ID: ${holder}` : undefined;
    const message = exists ?? `${capitalised(type)} with that value for ${name} already exists. Existing ID: ${holder}`;
    throw new HubSpotFailure(409, 'CONFLICT', { message });
  }
}

/** The key of the write log: the caller's idProperty value, else the first unique value, else the setting's property. */
function logKey(
  state: HubSpotState,
  object: StoredObject,
  { idProperty }: Pick<ObjectReference, 'idProperty'>,
): string | undefined {
  const { type, properties } = object;
  const names = [idProperty, ...state.properties.uniqueNames(type), state.settings.logKeys[type]];
  const name = names.find((candidate) => candidate !== undefined && properties[candidate] !== undefined);
  return name === undefined ? undefined : properties[name];
}

function store(
  context: Context,
  next: StoredObject,
  {
    before,
    kind,
    idProperty,
  }: {
    before: StoredObject | undefined;
    kind: WriteKind;
    idProperty: string | undefined;
  },
): StoredObject {
  const { state } = context;
  putObject(state, next);
  const live = next.archivedAt === null;
  for (const name of state.properties.uniqueNames(next.type)) {
    const was = before?.properties[name];
    const value = live ? (next.properties[name] ?? null) : null;
    if (was !== (value ?? undefined)) putUnique(state.database, next, { name, before: was, value });
  }
  noteObject(context, next, { before });
  context.noteWrite({ kind, type: next.type, id: next.id, key: logKey(state, next, { idProperty }) });
  return next;
}

function merged(properties: Record<string, string>, changes: PropertyChanges): Record<string, string> {
  const next = { ...properties };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete next[name];
    else next[name] = value;
  }
  return next;
}

/** Creates an object. Throws 400 for bad values, 409 for a taken unique value. */
export function createObject(
  context: Context,
  type: ObjectType,
  { properties, idProperty }: { properties: Record<string, unknown>; idProperty?: string | undefined },
): StoredObject {
  const { state } = context;
  const changes = checkProperties(state, type, properties);
  refuseTaken(state, { type, id: undefined }, changes);
  const now = state.clock.now();
  const object: StoredObject = {
    type,
    id: state.nextId(type),
    properties: merged({}, changes),
    createdAt: now,
    updatedAt: now,
    archivedAt: null,
  };
  return store(context, object, { before: undefined, kind: 'create', idProperty });
}

/** Changes properties of a live object; every write bumps the stamp, our own echo included. */
export function updateObject(
  context: Context,
  before: StoredObject,
  { properties, idProperty }: { properties: Record<string, unknown>; idProperty?: string | undefined },
): StoredObject {
  const { state } = context;
  const changes = checkProperties(state, before.type, properties);
  refuseTaken(state, before, changes);
  const next = { ...before, properties: merged(before.properties, changes), updatedAt: state.clock.now() };
  return store(context, next, { before, kind: 'update', idProperty });
}

/** Archives an object and frees its unique values; nothing happens to one that is archived already. */
export function archiveObject(context: Context, before: StoredObject): void {
  if (before.archivedAt !== null) return;
  const now = context.state.clock.now();
  store(context, { ...before, updatedAt: now, archivedAt: now }, { before, kind: 'delete', idProperty: undefined });
}
