import { recordKinds } from '../records/fields.ts';
import type { Draft } from '../records/save.ts';
import type { FieldRow, FieldValue, StoredRecord } from '../types.ts';

function rowsIn(value: FieldValue | null | undefined): readonly FieldRow[] | undefined {
  return typeof value === 'object' && value !== null && 'rows' in value ? value.rows : undefined;
}

function joined(before: readonly FieldRow[], added: readonly FieldRow[]): FieldRow[] {
  const changed = before.map((row) => ({
    ...row,
    ...added.find(({ line }) => line !== undefined && line === row.line),
  }));
  const isNew = ({ line }: FieldRow): boolean => line === undefined || !before.some((row) => row.line === line);
  return [...changed, ...added.filter(isNew)];
}

/**
 * What a REST write makes of sublists: rows are added, or change the row of their `line`, unless `?replace=item` names
 * the sublist. SOAP replaces it whole.
 */
export function mergeSublists(draft: Draft, before: StoredRecord | undefined, replaced: readonly string[]): Draft {
  const fields = { ...draft.fields };
  for (const field of recordKinds[draft.type].fields) {
    const added = rowsIn(fields[field.name]);
    const kept = rowsIn(before?.fields[field.name]);
    if (field.kind !== 'rows' || added === undefined || kept === undefined || replaced.includes(field.rest)) continue;
    fields[field.name] = { rows: joined(kept, added) };
  }
  return { ...draft, fields };
}
