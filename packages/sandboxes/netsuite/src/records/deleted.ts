import type { SandboxDatabase } from '@mortise/testing';
import type { DeletedRecord } from '../types.ts';
import { recordKind } from './fields.ts';
import type { Condition } from './table.ts';

/** How many deletions fulfil a condition. */
export function countDeleted(database: SandboxDatabase, { sql, values }: Condition): number {
  return Number(database.statement(`SELECT count(*) AS n FROM deleted_records WHERE ${sql}`).get(...values)?.n);
}

/** A page of the deletions that fulfil a condition, the oldest first. */
export function selectDeleted(
  database: SandboxDatabase,
  { sql, values }: Condition,
  { limit, offset }: { limit: number; offset: number },
): DeletedRecord[] {
  const text = `SELECT type, CAST(id AS TEXT) AS text_id, external_id, name, deleted_at FROM deleted_records
    WHERE ${sql} ORDER BY deleted_at, sequence LIMIT ? OFFSET ?`;
  const rows = database.statement(text).all(...values, limit, offset);
  return rows.map((row) => ({
    type: recordKind(String(row.type))?.type ?? 'customer',
    id: String(row.text_id),
    externalId: row.external_id === null ? null : String(row.external_id),
    name: String(row.name),
    deletedAt: Number(row.deleted_at),
  }));
}
