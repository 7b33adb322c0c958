import { isRecord, parseJson, type SandboxDatabase } from '@mortise/testing';
import type { DeletedRecord, FieldRow, FieldValue, RecordType, StoredRecord } from '../types.ts';
import { recordKind } from './fields.ts';

/** Records, what was deleted, and quantities by location. Ids are 64-bit integers. */
export const recordSchema = `
CREATE TABLE IF NOT EXISTS records (type TEXT NOT NULL, id INTEGER NOT NULL, external_id TEXT, name TEXT NOT NULL,
  fields TEXT NOT NULL, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, PRIMARY KEY (type, id)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS records_by_external ON records (type, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_by_name ON records (type, name);
CREATE INDEX IF NOT EXISTS records_by_stamp ON records (type, modified_at, id);
CREATE TABLE IF NOT EXISTS deleted_records (sequence INTEGER PRIMARY KEY, type TEXT NOT NULL, id INTEGER NOT NULL,
  external_id TEXT, name TEXT NOT NULL, deleted_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS deleted_by_stamp ON deleted_records (deleted_at, id);`;

/** Columns of a record; the id leaves as text because it may be above 2^53. */
export const recordColumns = 'type, CAST(id AS TEXT) AS text_id, external_id, fields, created_at, modified_at';

type Row = Record<string, unknown>;

function isFieldValue(value: unknown): value is FieldValue {
  if (typeof value === 'string') return true;
  return isRecord(value) && (isRecord(value.reference) || isRecord(value.group) || Array.isArray(value.rows));
}

function isFieldRow(value: unknown): value is FieldRow {
  return isRecord(value) && Object.values(value).every(isFieldValue);
}

function typeOf(row: Row): RecordType {
  const kind = recordKind(String(row.type));
  if (kind === undefined) throw new TypeError('The table holds a record type that is not kept.');
  return kind.type;
}

/** Reads a row that was selected with {@link recordColumns}. */
export function storedRecord(row: Row): StoredRecord {
  const fields = parseJson(String(row.fields));
  return {
    type: typeOf(row),
    id: String(row.text_id),
    externalId: row.external_id === null ? null : String(row.external_id),
    fields: isFieldRow(fields) ? fields : {},
    createdAt: Number(row.created_at),
    modifiedAt: Number(row.modified_at),
  };
}

/** Names a record by its internal id, its external id or its unique name. */
export type RecordKey = { id: string } | { externalId: string } | { name: string };

/** True for what can be an internal id: digits that fit into 64 bits. */
export function isInternalId(id: string): boolean {
  return /^\d{1,18}$/.test(id);
}

function condition(key: RecordKey): { sql: string; value: string | bigint } {
  if ('externalId' in key) return { sql: 'external_id = ?', value: key.externalId };
  if ('name' in key) return { sql: 'name = ?', value: key.name };
  return { sql: 'id = ?', value: isInternalId(key.id) ? BigInt(key.id) : -1n };
}

/** The record of a key; undefined when there is none. */
export function findRecord(
  database: SandboxDatabase,
  type: RecordType,
  { key }: { key: RecordKey },
): StoredRecord | undefined {
  const { sql, value } = condition(key);
  const row = database.statement(`SELECT ${recordColumns} FROM records WHERE type = ? AND ${sql}`).get(type, value);
  return row === undefined ? undefined : storedRecord(row);
}

/** What people call a record: its number or name. */
export function nameOf(record: Pick<StoredRecord, 'type' | 'fields'>): string {
  const value = record.fields[recordKind(record.type)?.nameField ?? ''];
  return typeof value === 'string' ? value : '';
}

/** Writes a record, new or not. */
export function putRecord(database: SandboxDatabase, record: StoredRecord): void {
  const { type, id, externalId, fields, createdAt, modifiedAt } = record;
  database
    .statement('INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(type, BigInt(id), externalId, nameOf(record), JSON.stringify(fields), createdAt, modifiedAt);
}

/** Notes that a record is gone. */
export function putDeleted(database: SandboxDatabase, gone: DeletedRecord): void {
  const { type, id, externalId, name, deletedAt } = gone;
  database
    .statement('INSERT INTO deleted_records (type, id, external_id, name, deleted_at) VALUES (?, ?, ?, ?, ?)')
    .run(type, BigInt(id), externalId, name, deletedAt);
}

/** Takes a record away and notes that it is gone. */
export function removeRecord(database: SandboxDatabase, record: StoredRecord, { at }: { at: number }): void {
  const { type, id, externalId } = record;
  database.statement('DELETE FROM records WHERE type = ? AND id = ?').run(type, BigInt(id));
  putDeleted(database, { type, id, externalId, name: nameOf(record), deletedAt: at });
}

/** Part of a WHERE clause with its values. */
export type Condition = { sql: string; values: readonly (string | number)[] };

/** Joins conditions by AND; no condition holds always. */
export function allOf(conditions: readonly Condition[]): Condition {
  const sql = conditions.map((each) => `(${each.sql})`).join(' AND ');
  return { sql: sql === '' ? '1' : sql, values: conditions.flatMap(({ values }) => values) };
}

/** How many records fulfil a condition. */
export function countRecords(database: SandboxDatabase, { sql, values }: Condition): number {
  return Number(database.statement(`SELECT count(*) AS n FROM records WHERE ${sql}`).get(...values)?.n);
}

/** A page of the records that fulfil a condition. */
export function selectRecords(
  database: SandboxDatabase,
  { sql, values }: Condition,
  { order, limit, offset }: { order: string; limit: number; offset: number },
): StoredRecord[] {
  const text = `SELECT ${recordColumns} FROM records WHERE ${sql} ORDER BY ${order} LIMIT ? OFFSET ?`;
  return database
    .statement(text)
    .all(...values, limit, offset)
    .map(storedRecord);
}
