import type { Migration } from './migration.ts';

/** Checkpoints, links, journal, dead letters, parked records, tokens and the key check. */
export const firstFloor: Migration = {
  number: 1,
  name: 'first floor',
  statements: [
    `CREATE TABLE key_check (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      key_id TEXT NOT NULL,
      sealed BLOB NOT NULL
    ) STRICT`,
    `CREATE TABLE token (
      connection TEXT PRIMARY KEY NOT NULL,
      sealed BLOB NOT NULL,
      at INTEGER NOT NULL
    ) STRICT`,
    // A watermark that is no date would silently start a sync from the wrong place.
    `CREATE TABLE checkpoint (
      sync TEXT PRIMARY KEY NOT NULL,
      watermark TEXT CHECK (watermark GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'),
      window_since TEXT CHECK (window_since GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'),
      window_until TEXT CHECK (window_until GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'),
      window_highest TEXT CHECK (window_highest GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'),
      cursor TEXT,
      run TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT`,
    `CREATE TABLE batch (
      id INTEGER PRIMARY KEY,
      run TEXT NOT NULL,
      at INTEGER NOT NULL,
      sync TEXT NOT NULL,
      connection TEXT NOT NULL,
      image BLOB
    ) STRICT`,
    // One tree, not two: the rows are short and always found by their key.
    `CREATE TABLE link (
      sync TEXT NOT NULL,
      source_key TEXT NOT NULL,
      destination_key TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      batch INTEGER NOT NULL,
      slot INTEGER,
      PRIMARY KEY (sync, source_key)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE journal (
      id INTEGER PRIMARY KEY,
      batch INTEGER NOT NULL,
      source_key TEXT NOT NULL,
      destination_key TEXT NOT NULL,
      action TEXT NOT NULL CHECK (action IN ('create', 'update')),
      before_batch INTEGER,
      before_slot INTEGER
    ) STRICT`,
    'CREATE INDEX journal_by_source_key ON journal (source_key)',
    `CREATE TABLE dead_letter (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      sync TEXT NOT NULL,
      connection TEXT NOT NULL,
      source_key TEXT NOT NULL,
      stage TEXT NOT NULL,
      code TEXT NOT NULL,
      issues TEXT NOT NULL CHECK (json_valid(issues)),
      payload BLOB,
      run TEXT NOT NULL,
      at INTEGER NOT NULL,
      UNIQUE (sync, source_key)
    ) STRICT`,
    `CREATE TABLE parked (
      sync TEXT NOT NULL,
      connection TEXT NOT NULL,
      source_key TEXT NOT NULL,
      parent_sync TEXT NOT NULL,
      parent_key TEXT NOT NULL,
      payload BLOB,
      run TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (sync, source_key)
    ) STRICT`,
  ],
};
