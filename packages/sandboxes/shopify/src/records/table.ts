import { isRecord, parseJson, type SandboxDatabase } from '@mortise/testing';
import type { RecordType, ShopifyState, StoredRecord } from '../types.ts';

/**
 * Records of all types. indexed_at is the stamp that a lagging search still sees, null where it sees no record yet;
 * changed_at says until when it lags. Ids are 64-bit integers.
 */
export const recordSchema = `
CREATE TABLE IF NOT EXISTS records (type TEXT NOT NULL, id INTEGER NOT NULL, parent INTEGER, other INTEGER,
  body TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
  indexed_at INTEGER, PRIMARY KEY (type, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_by_stamp ON records (type, updated_at, id);
CREATE INDEX IF NOT EXISTS records_by_parent ON records (type, parent, id);
CREATE INDEX IF NOT EXISTS records_by_other ON records (type, other, id);
CREATE INDEX IF NOT EXISTS records_by_handle ON records (type, json_extract(body, '$.handle'));
CREATE INDEX IF NOT EXISTS records_by_email ON records (type, json_extract(body, '$.email'));`;

/**
 * Columns of a record; ids leave as text because they may be above 2^53, under names of their own because ORDER BY would
 * take an alias for the column and sort digits as words.
 */
export const recordColumns = `CAST(id AS TEXT) AS id_text, CAST(parent AS TEXT) AS parent_text, CAST(other AS TEXT) AS other_text,
  body, created_at, updated_at`;

const textOrNull = (value: unknown): string | null => (value === null ? null : String(value));

/** Reads a row that was selected with {@link recordColumns}. */
export function storedRecord(type: RecordType, row: Record<string, unknown>): StoredRecord {
  const body = parseJson(String(row.body));
  return {
    type,
    id: String(row.id_text),
    parent: textOrNull(row.parent_text),
    other: textOrNull(row.other_text),
    body: isRecord(body) ? body : {},
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}

/** The record of an id; undefined when there is none. */
export function findRecord(
  database: SandboxDatabase,
  { type, id }: { type: RecordType; id: string | null | undefined },
): StoredRecord | undefined {
  if (id === null || id === undefined) return undefined;
  const row = database
    .statement(`SELECT ${recordColumns} FROM records WHERE type = ? AND id = ?`)
    .get(type, BigInt(id));
  return row === undefined ? undefined : storedRecord(type, row);
}

/** The record whose body has this value, compared as text; undefined when there is none. */
export function findByField(
  database: SandboxDatabase,
  type: RecordType,
  { name, value }: { name: 'handle' | 'email' | 'phone'; value: string },
): StoredRecord | undefined {
  const sql = `SELECT ${recordColumns} FROM records WHERE type = ? AND json_extract(body, '$.${name}') = ? LIMIT 1`;
  const row = database.statement(sql).get(type, value);
  return row === undefined ? undefined : storedRecord(type, row);
}

/** Records that belong to one, by `parent` or by the `other` end, in the order of their ids. */
export function recordsOf(
  database: SandboxDatabase,
  type: RecordType,
  { by, id }: { by: 'parent' | 'other'; id: string },
): StoredRecord[] {
  const sql = `SELECT ${recordColumns} FROM records INDEXED BY records_by_${by}
    WHERE type = ? AND ${by} = ? ORDER BY id`;
  return database
    .statement(sql)
    .all(type, BigInt(id))
    .map((row) => storedRecord(type, row));
}

const integer = (id: string | null): bigint | null => (id === null ? null : BigInt(id));

/** Inserts a record that no search lags behind: a seed. */
export function seedRecord(database: SandboxDatabase, record: StoredRecord): void {
  const { type, id, parent, other, body, createdAt, updatedAt } = record;
  database
    .statement('INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)')
    .run(type, BigInt(id), integer(parent), integer(other), JSON.stringify(body), createdAt, updatedAt, updatedAt);
}

/** Inserts or replaces a record; until the index has caught up, searches see its stamp of before. */
export function putRecord({ database, clock, settings }: ShopifyState, record: StoredRecord): void {
  const { type, id, parent, other, body, createdAt, updatedAt } = record;
  const now = clock.now();
  const sql = `INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (type, id) DO UPDATE SET
    body = excluded.body, parent = excluded.parent, other = excluded.other, updated_at = excluded.updated_at,
    indexed_at = CASE WHEN changed_at > ? THEN indexed_at ELSE updated_at END, changed_at = excluded.changed_at`;
  database
    .statement(sql)
    .run(
      ...[type, BigInt(id), integer(parent), integer(other), JSON.stringify(body), createdAt, updatedAt, now],
      now - settings.searchLagMs,
    );
}

/** Takes a record away. */
export function removeRecord(database: SandboxDatabase, { type, id }: Pick<StoredRecord, 'type' | 'id'>): void {
  database.statement('DELETE FROM records WHERE type = ? AND id = ?').run(type, BigInt(id));
}

/** Fresh ids stay below the ids above 2^53 that a seed brings. */
const freshBelow = 9_007_199_254_740_991n;

/** The next free id of a type. */
export function nextId(database: SandboxDatabase, type: RecordType): string {
  const sql = 'SELECT CAST(max(id) AS TEXT) AS id FROM records WHERE type = ? AND id < ?';
  const highest = database.statement(sql).get(type, freshBelow)?.id;
  const sequence = 'SELECT CAST(last AS TEXT) AS id FROM last_ids WHERE type = ?';
  const last = database.statement(sequence).get(type)?.id;
  const floor = 1000n;
  let id = floor;
  for (const each of [highest, last]) {
    if (each !== null && each !== undefined && BigInt(String(each)) > id) id = BigInt(String(each));
  }
  id += 1n;
  database
    .statement('INSERT INTO last_ids VALUES (?, ?) ON CONFLICT (type) DO UPDATE SET last = excluded.last')
    .run(type, id);
  return String(id);
}

/** The last id given out by type, so that the id of a deleted record never comes again. */
export const idSchema = 'CREATE TABLE IF NOT EXISTS last_ids (type TEXT PRIMARY KEY, last INTEGER NOT NULL);';
