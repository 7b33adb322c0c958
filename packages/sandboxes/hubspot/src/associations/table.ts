import type { SandboxDatabase } from '@mortise/testing';
import { isObjectId } from '../objects/table.ts';
import type { ObjectType } from '../types.ts';

/** Both directions of an association are rows of their own. */
export const associationSchema = `
CREATE TABLE IF NOT EXISTS associations (from_type TEXT NOT NULL, from_id INTEGER NOT NULL, to_type TEXT NOT NULL,
  to_id INTEGER NOT NULL, category TEXT NOT NULL, type_id INTEGER NOT NULL,
  PRIMARY KEY (from_type, from_id, to_type, to_id, category, type_id)) WITHOUT ROWID;`;

/** One end of an association. */
export type AssociationEnd = { type: ObjectType; id: string };

/** What kind of association it is. */
export type AssociationSpec = { associationCategory: string; associationTypeId: number };

const defaultTypeIds: Record<string, number> = {
  'contacts companies': 279,
  'companies contacts': 280,
  'contacts deals': 4,
  'deals contacts': 3,
  'companies deals': 342,
  'deals companies': 341,
  'deals line_items': 19,
  'line_items deals': 20,
  'contacts contacts': 449,
  'companies companies': 450,
  'deals deals': 451,
};

/** The vendor's unlabelled association of two types; undefined when the two cannot be associated. */
export function defaultSpec(from: ObjectType, to: ObjectType): AssociationSpec | undefined {
  const associationTypeId = defaultTypeIds[`${from} ${to}`];
  return associationTypeId === undefined ? undefined : { associationCategory: 'HUBSPOT_DEFINED', associationTypeId };
}

/** A live associated object and how it is associated. */
export type AssociationRow = { toId: string; spec: AssociationSpec };

/** Associated live objects, by id; `after` is an id. */
export function findAssociations(
  database: SandboxDatabase,
  from: AssociationEnd,
  { to, after = '0', limit = 1000 }: { to: ObjectType; after?: string; limit?: number },
): AssociationRow[] {
  if (![from.id, after].every(isObjectId)) return [];
  const sql = `SELECT CAST(a.to_id AS TEXT) AS to_id, a.category, a.type_id FROM associations a
    JOIN objects o ON o.type = a.to_type AND o.id = a.to_id AND o.archived_at IS NULL
    WHERE a.from_type = ? AND a.from_id = ? AND a.to_type = ? AND a.to_id > ? ORDER BY a.to_id, a.type_id LIMIT ?`;
  const rows = database.statement(sql).all(from.type, BigInt(from.id), to, BigInt(after), limit);
  return rows.map((row) => ({
    toId: String(row.to_id),
    spec: { associationCategory: String(row.category), associationTypeId: Number(row.type_id) },
  }));
}

/** Adds one direction; nothing happens when it is there. */
export function putAssociation(
  database: SandboxDatabase,
  from: AssociationEnd,
  row: { to: AssociationEnd; spec: AssociationSpec },
): void {
  const { to, spec } = row;
  const sql = 'INSERT OR IGNORE INTO associations VALUES (?, ?, ?, ?, ?, ?)';
  const ids = [from.type, BigInt(from.id), to.type, BigInt(to.id)] as const;
  database.statement(sql).run(...ids, spec.associationCategory, spec.associationTypeId);
}

/** Lets one object take over the associations of another. */
export function moveAssociations(database: SandboxDatabase, from: AssociationEnd, to: AssociationEnd): void {
  const ids = [BigInt(to.id), from.type, BigInt(from.id)] as const;
  database.statement('UPDATE OR IGNORE associations SET from_id = ? WHERE from_type = ? AND from_id = ?').run(...ids);
  database.statement('UPDATE OR IGNORE associations SET to_id = ? WHERE to_type = ? AND to_id = ?').run(...ids);
}

/** Removes every association of two objects, both directions. */
export function removeAssociations(database: SandboxDatabase, from: AssociationEnd, to: AssociationEnd): void {
  const sql = 'DELETE FROM associations WHERE from_type = ? AND from_id = ? AND to_type = ? AND to_id = ?';
  database.statement(sql).run(from.type, BigInt(from.id), to.type, BigInt(to.id));
  database.statement(sql).run(to.type, BigInt(to.id), from.type, BigInt(from.id));
}
