import type { SandboxAnswer, SandboxRequest } from '@mortise/testing';
import { moveAssociations } from '../associations/table.ts';
import { invalid, notFound } from '../failure.ts';
import { jsonBody, requiredText } from '../fields.ts';
import { objectTypeOf } from '../object-types.ts';
import type { Context, HubSpotState, ObjectType, StoredObject } from '../types.ts';
import { noteMerge } from '../webhooks/events.ts';
import { findObject, forgetObject, putMerged, putObject, putUnique } from './table.ts';
import { wireObject } from './wire.ts';

/** Property of a survivor that names those merged into it. */
const mergedProperty = 'hs_merged_object_ids';

const merging: readonly ObjectType[] = ['contacts', 'companies', 'deals'];

type Ends = { primary: StoredObject; loser: StoredObject };

function survivorOf(state: HubSpotState, { primary, loser }: Ends): StoredObject {
  const isNew = state.settings.mergeId === 'new';
  const earlier = [primary, loser].flatMap(({ properties }) => properties[mergedProperty]?.split(';') ?? []);
  const gone = [...earlier, ...(isNew ? [primary.id] : []), loser.id];
  return {
    ...primary,
    id: isNew ? state.nextId(primary.type) : primary.id,
    // The primary's values win; what it has not is taken over.
    properties: { ...loser.properties, ...primary.properties, [mergedProperty]: [...new Set(gone)].join(';') },
    updatedAt: state.clock.now(),
  };
}

/** Merges two live objects. The ids that are gone go on leading to the survivor, and so do their unique values. */
export function mergeObjects(state: HubSpotState, { primary, loser }: Ends): StoredObject {
  const { database } = state;
  const survivor = survivorOf(state, { primary, loser });
  const { type } = survivor;
  const gone = [primary, loser].filter(({ id }) => id !== survivor.id);
  for (const object of gone) {
    moveAssociations(database, object, survivor);
    forgetObject(state, object);
  }
  putObject(state, survivor);
  for (const object of gone) {
    putMerged(database, object, { survivor: survivor.id });
    for (const name of state.properties.uniqueNames(type)) {
      const value = object.properties[name];
      if (value !== undefined) putUnique(database, survivor, { name, before: value, value });
    }
  }
  return survivor;
}

/** POST merge. */
export function postMerge(request: SandboxRequest, context: Context): SandboxAnswer {
  const { state, database, noteWrite } = context;
  const type = objectTypeOf(request.params.type);
  if (!merging.includes(type)) throw invalid(`Objects of type ${type} cannot be merged`);
  const body = jsonBody(request);
  const primary = findObject(database, { type, id: requiredText(body, 'primaryObjectId') });
  const loser = findObject(database, { type, id: requiredText(body, 'objectIdToMerge') });
  if (primary === undefined || loser === undefined || primary.archivedAt !== null || loser.archivedAt !== null) {
    throw notFound('resource not found');
  }
  if (primary.id === loser.id) throw invalid('An object cannot be merged with itself');
  const survivor = mergeObjects(state, { primary, loser });
  noteWrite({ kind: 'update', type, id: survivor.id });
  noteMerge(context, survivor, { losers: [loser.id] });
  return { status: 200, json: wireObject(state, survivor, 'all') };
}
