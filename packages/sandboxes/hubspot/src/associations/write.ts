import { isRecord } from '@mortise/testing';
import { invalid, notFound } from '../failure.ts';
import { recordList, requiredText, textField } from '../fields.ts';
import { findObject, isObjectId } from '../objects/table.ts';
import type { Context, HubSpotState, ObjectType } from '../types.ts';
import { noteAssociation } from '../webhooks/events.ts';
import { type AssociationEnd, type AssociationSpec, defaultSpec, putAssociation, removeAssociations } from './table.ts';

const typesById: Record<number, ObjectType> = {
  279: 'companies',
  1: 'companies',
  280: 'contacts',
  2: 'contacts',
  4: 'deals',
  3: 'contacts',
  342: 'deals',
  6: 'deals',
  341: 'companies',
  5: 'companies',
  19: 'line_items',
  20: 'deals',
  449: 'contacts',
  450: 'companies',
  451: 'deals',
};

/** Throws 404 unless the object is there and live. */
function requireEnd(state: HubSpotState, end: AssociationEnd): void {
  const found = isObjectId(end.id) ? findObject(state.database, end) : undefined;
  if (found === undefined || found.archivedAt !== null) throw notFound(`No ${end.type} with id ${end.id} exists`);
}

/** The association specs of a request; the default one when it names none. Throws 400 for two types that never meet. */
export function specsOf(
  types: readonly Record<string, unknown>[],
  from: ObjectType,
  to: ObjectType,
): AssociationSpec[] {
  const standard = defaultSpec(from, to);
  if (standard === undefined) throw invalid(`No association type exists between ${from} and ${to}`);
  if (types.length === 0) return [standard];
  return types.map((type) => ({
    associationCategory: textField(type, 'associationCategory') ?? 'HUBSPOT_DEFINED',
    associationTypeId: Number(requiredText(type, 'associationTypeId')),
  }));
}

/** Associates two live objects in both directions. Association changes do not bump either stamp. */
export function associate(
  context: Context,
  from: AssociationEnd,
  { to, specs }: { to: AssociationEnd; specs: AssociationSpec[] },
): void {
  const { state, database } = context;
  requireEnd(state, from);
  requireEnd(state, to);
  const back = defaultSpec(to.type, from.type);
  for (const spec of specs) {
    putAssociation(database, from, { to, spec });
    if (back !== undefined) putAssociation(database, to, { to: from, spec: back });
  }
  noteAssociation(context, [from, to], { removed: false });
  context.noteWrite({ kind: 'create', type: `associations ${from.type} ${to.type}`, id: `${from.id} ${to.id}` });
}

/** Removes every association of two objects, both directions; nothing happens when there is none. */
export function dissociate(context: Context, from: AssociationEnd, to: AssociationEnd): void {
  const { database, noteWrite } = context;
  if (![from.id, to.id].every(isObjectId)) return;
  removeAssociations(database, from, to);
  noteAssociation(context, [from, to], { removed: true });
  noteWrite({ kind: 'delete', type: `associations ${from.type} ${to.type}`, id: `${from.id} ${to.id}` });
}

/** The `associations` of a create request: the target's type follows from the association type id. */
export function associateNew(context: Context, from: AssociationEnd, body: Record<string, unknown>): void {
  for (const input of recordList(body, 'associations')) {
    const types = recordList(input, 'types');
    const type = typesById[Number(types[0]?.associationTypeId)];
    if (!isRecord(input.to) || type === undefined) throw invalid('Each association needs "to.id" and known "types"');
    const to = { type, id: requiredText(input.to, 'id') };
    associate(context, from, { to, specs: specsOf(types, from.type, type) });
  }
}
