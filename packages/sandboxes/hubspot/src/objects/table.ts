import { isRecord, parseJson, type SandboxDatabase } from '@mortise/testing';
import { prepareIndex } from '../search/lag.ts';
import type { HubSpotState, ObjectType, StoredObject } from '../types.ts';

const columns = `type TEXT NOT NULL, id INTEGER NOT NULL, properties TEXT NOT NULL, created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, archived_at INTEGER`;

/**
 * Objects, their unique values, and what a lagging search index shows and will show. Ids are 64-bit integers.
 * archived_at ends the partial indexes so that a count reads the index alone.
 */
export const objectSchema = `
CREATE TABLE IF NOT EXISTS objects (${columns}, PRIMARY KEY (type, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS objects_by_stamp ON objects (type, updated_at, id, archived_at) WHERE archived_at IS NULL;
CREATE INDEX IF NOT EXISTS objects_by_creation ON objects (type, created_at, id, archived_at) WHERE archived_at IS NULL;
CREATE INDEX IF NOT EXISTS objects_archived ON objects (type, id) WHERE archived_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS unique_values (type TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, id INTEGER NOT NULL,
  PRIMARY KEY (type, name, value)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS merged_objects (type TEXT NOT NULL, id INTEGER NOT NULL, survivor INTEGER NOT NULL,
  PRIMARY KEY (type, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS search_documents (${columns}, PRIMARY KEY (type, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS search_by_stamp ON search_documents (type, updated_at, id, archived_at) WHERE archived_at IS NULL;
CREATE TABLE IF NOT EXISTS search_queue (sequence INTEGER PRIMARY KEY, due INTEGER NOT NULL, ${columns});
CREATE TABLE IF NOT EXISTS custom_properties (type TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
  PRIMARY KEY (type, name));`;

/** Columns of an object; the id leaves as text because it may be above 2^53. */
export const objectColumns = 'CAST(id AS TEXT) AS id, properties, created_at, updated_at, archived_at';

/** Reads a row that was selected with {@link objectColumns}. */
export function storedObject(type: ObjectType, row: Record<string, unknown>): StoredObject {
  const parsed = parseJson(String(row.properties));
  const properties: Record<string, string> = {};
  for (const [name, value] of Object.entries(isRecord(parsed) ? parsed : {})) properties[name] = String(value);
  return {
    type,
    id: String(row.id),
    properties,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    archivedAt: row.archived_at === null ? null : Number(row.archived_at),
  };
}

/** True for what can be an object id: digits that fit into 64 bits. */
export function isObjectId(id: string): boolean {
  return /^\d{1,18}$/.test(id);
}

/** Lets the id of an object that was merged away, and those merged into it before, lead to the survivor. */
export function putMerged(
  database: SandboxDatabase,
  { type, id }: { type: ObjectType; id: string },
  { survivor }: { survivor: string },
): void {
  const earlier = 'UPDATE merged_objects SET survivor = ? WHERE type = ? AND survivor = ?';
  database.statement(earlier).run(BigInt(survivor), type, BigInt(id));
  database.statement('INSERT INTO merged_objects VALUES (?, ?, ?)').run(type, BigInt(id), BigInt(survivor));
}

/** Takes an object out for good, out of a lagging search index when its time comes. Merges do this alone. */
export function forgetObject(state: HubSpotState, object: StoredObject): void {
  putObject(state, { ...object, archivedAt: state.clock.now() });
  state.database.statement('DELETE FROM objects WHERE type = ? AND id = ?').run(object.type, BigInt(object.id));
}

/** The object of an id, archived ones too, the survivor where it was merged away; undefined when there is none. */
export function findObject(
  database: SandboxDatabase,
  { type, id }: { type: ObjectType; id: string },
): StoredObject | undefined {
  if (!isObjectId(id)) return undefined;
  const sql = `SELECT ${objectColumns} FROM objects WHERE type = ? AND id = ?`;
  const row = database.statement(sql).get(type, BigInt(id));
  if (row !== undefined) return storedObject(type, row);
  const merged = 'SELECT CAST(survivor AS TEXT) AS id FROM merged_objects WHERE type = ? AND id = ?';
  const survivor = database.statement(merged).get(type, BigInt(id))?.id;
  return survivor === undefined ? undefined : findObject(database, { type, id: String(survivor) });
}

/** The id of the live object that holds a unique value. */
export function findUnique(
  database: SandboxDatabase,
  type: ObjectType,
  { name, value }: { name: string; value: string },
): string | undefined {
  const sql = 'SELECT CAST(id AS TEXT) AS id FROM unique_values WHERE type = ? AND name = ? AND value = ?';
  const row = database.statement(sql).get(type, name, value);
  return row === undefined ? undefined : String(row.id);
}

/** Inserts or replaces an object, and queues its new version for a lagging search index. */
export function putObject(state: HubSpotState, object: StoredObject): void {
  const { database, settings, clock } = state;
  const { type, id, createdAt, updatedAt, archivedAt } = object;
  const values = [type, BigInt(id), JSON.stringify(object.properties), createdAt, updatedAt, archivedAt] as const;
  const lagging = prepareIndex(state);
  const upsert = `INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (type, id) DO UPDATE SET
    properties = excluded.properties, updated_at = excluded.updated_at, archived_at = excluded.archived_at`;
  database.statement(upsert).run(...values);
  if (!lagging) return;
  const queue = `INSERT INTO search_queue (due, type, id, properties, created_at, updated_at, archived_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)`;
  database.statement(queue).run(clock.now() + settings.searchLagMs, ...values);
}

/** Records unique values of an object, or frees them (value null). */
export function putUnique(
  database: SandboxDatabase,
  object: { type: ObjectType; id: string },
  { name, before, value }: { name: string; before: string | undefined; value: string | null },
): void {
  const { type, id } = object;
  if (before !== undefined) {
    database.statement('DELETE FROM unique_values WHERE type = ? AND name = ? AND value = ?').run(type, name, before);
  }
  if (value === null) return;
  database.statement('INSERT INTO unique_values VALUES (?, ?, ?, ?)').run(type, name, value, BigInt(id));
}
