import type { SandboxDatabase } from '@mortise/testing';

/** The kinds of records that a shop keeps. */
export type RecordType =
  | 'Product'
  | 'ProductVariant'
  | 'InventoryItem'
  | 'InventoryLevel'
  | 'Customer'
  | 'Order'
  | 'Location';

/** A record as it is kept. Ids are digits, because some lie beyond 2^53; times are Unix milliseconds. */
export interface StoredRecord<Data = RecordData> {
  readonly type: RecordType;
  readonly id: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly data: Data;
}

/** Fields of a record besides id and stamps. */
export type RecordData = Readonly<Record<string, unknown>>;

/** The tables of records, unique values and deletions. */
export const recordSchema = `
CREATE TABLE IF NOT EXISTS records (
  type TEXT NOT NULL, id INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  /* The stamp by which a lagging index still finds it; NULL where it does not find it at all. */
  before INTEGER, changed INTEGER NOT NULL,
  parent INTEGER, place INTEGER, name TEXT, data TEXT NOT NULL, PRIMARY KEY (type, id));
CREATE INDEX IF NOT EXISTS records_updated ON records (type, updated, id);
CREATE INDEX IF NOT EXISTS records_parent ON records (type, parent);
CREATE INDEX IF NOT EXISTS records_place ON records (type, place);
CREATE INDEX IF NOT EXISTS records_name ON records (type, name);
CREATE TABLE IF NOT EXISTS deletions (
  number INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL);
`;

/** What of a record can be looked up besides its id: the record it belongs to, its location, its key. */
export interface Lookup {
  readonly parent?: string | undefined;
  readonly place?: string | undefined;
  /** Handle, SKU, e-mail address in lower case, order number. */
  readonly name?: string | null | undefined;
}

/** Columns of a record, its id as digits. */
export const columns = 'type, CAST(id AS TEXT) AS id, created, updated, data';

/** A row as it comes out of the database. */
export const recordOf = (row: Record<string, unknown>): StoredRecord => ({
  // The columns are ours, written by `put` below.
  type: row.type as RecordType,
  id: String(row.id),
  createdAt: Number(row.created),
  updatedAt: Number(row.updated),
  data: JSON.parse(String(row.data)),
});

const big = (digits: string | undefined): bigint | null => (digits === undefined ? null : BigInt(digits));

/** Writes a record, new or changed. `changedAt` is when, on the sandbox's clock: the index lags behind it. */
export const put = (
  database: SandboxDatabase,
  record: StoredRecord,
  { changedAt, lookup = {} }: { readonly changedAt: number; readonly lookup?: Lookup },
): void => {
  const { type, id, createdAt, updatedAt, data } = record;
  const sql = `INSERT INTO records (type, id, created, updated, before, changed, parent, place, name, data)
    VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?, ?)
    ON CONFLICT (type, id) DO UPDATE SET before = records.updated, updated = excluded.updated,
      changed = excluded.changed, parent = excluded.parent, place = excluded.place, name = excluded.name,
      data = excluded.data`;
  const { parent, place, name = null } = lookup;
  database
    .statement(sql)
    .run(type, BigInt(id), createdAt, updatedAt, changedAt, big(parent), big(place), name, JSON.stringify(data));
};

/** One record by its id. */
export const find = (database: SandboxDatabase, type: RecordType, id: string): StoredRecord | undefined => {
  if (!/^\d{1,18}$/.test(id)) return undefined;
  const row = database.statement(`SELECT ${columns} FROM records WHERE type = ? AND id = ?`).get(type, BigInt(id));
  return row === undefined ? undefined : recordOf(row);
};

/** The oldest record of a key. */
export const findByName = (database: SandboxDatabase, type: RecordType, name: string): StoredRecord | undefined => {
  const sql = `SELECT ${columns} FROM records WHERE type = ? AND name = ? ORDER BY records.id LIMIT 1`;
  const row = database.statement(sql).get(type, name);
  return row === undefined ? undefined : recordOf(row);
};

/** The records that belong to one, by id. */
export const childrenOf = (database: SandboxDatabase, type: RecordType, parent: string): StoredRecord[] => {
  const sql = `SELECT ${columns} FROM records WHERE type = ? AND parent = ? ORDER BY records.id`;
  return database.statement(sql).all(type, BigInt(parent)).map(recordOf);
};

/** Removes a record and notes when. */
export const remove = (
  database: SandboxDatabase,
  { type, id }: Pick<StoredRecord, 'type' | 'id'>,
  at: number,
): void => {
  database.statement('DELETE FROM records WHERE type = ? AND id = ?').run(type, BigInt(id));
  database.statement('INSERT INTO deletions (type, id, at) VALUES (?, ?, ?)').run(type, id, at);
};

/** A fresh id: above all that were given, below the ids beyond 2^53 that a seed brings. */
export const nextId = (database: SandboxDatabase, type: RecordType): string => {
  const sql = `SELECT CAST(max(id) AS TEXT) AS id FROM (
    SELECT max(id) AS id FROM records WHERE type = ? AND id < 9007199254740991
    UNION ALL SELECT max(CAST(id AS INTEGER)) FROM deletions WHERE type = ? AND CAST(id AS INTEGER) < 9007199254740991
    UNION ALL SELECT 1000)`;
  return String(BigInt(String(database.statement(sql).get(type, type)?.id)) + 1n);
};
