import { singularOf } from '../object-types.ts';
import type { HubSpotState, ObjectType } from '../types.ts';
import { type AssociationEnd, type AssociationRow, findAssociations } from './table.ts';

/** The `associations` member of a read object; types without any are absent. */
export function associationsOf(
  state: HubSpotState,
  from: AssociationEnd,
  { wanted }: { wanted: readonly ObjectType[] },
) {
  const associations: Record<string, { results: { id: string; type: string }[] }> = {};
  for (const to of wanted) {
    const rows = findAssociations(state.database, from, { to });
    const type = `${singularOf(from.type)}_to_${singularOf(to)}`;
    const key = to === 'line_items' ? 'line items' : to;
    if (rows.length > 0) associations[key] = { results: rows.map((row) => ({ id: row.toId, type })) };
  }
  return associations;
}

/** Rows of one target folded into the v4 shape: one entry per object, with all its association types. */
export function foldTargets(rows: readonly AssociationRow[]) {
  const targets = new Map<string, { category: string; typeId: number; label: null }[]>();
  for (const { toId, spec } of rows) {
    const types = targets.get(toId) ?? [];
    types.push({ category: spec.associationCategory, typeId: spec.associationTypeId, label: null });
    targets.set(toId, types);
  }
  return [...targets].map(([toObjectId, associationTypes]) => ({ toObjectId, associationTypes }));
}
