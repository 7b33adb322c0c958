import type { Migration } from './migration.ts';

/** What connections share between processes: locks, quota grants, last good values, deliveries, metrics. */
export const connections: Migration = {
  number: 2,
  name: 'connections',
  statements: [
    // A token saved under a later lease than this one stays.
    'ALTER TABLE token ADD COLUMN fence INTEGER NOT NULL DEFAULT 0',
    `CREATE TABLE lock (
      name TEXT PRIMARY KEY NOT NULL,
      fence INTEGER NOT NULL,
      until INTEGER NOT NULL
    ) STRICT`,
    `CREATE TABLE quota_grant (
      name TEXT NOT NULL,
      slice INTEGER NOT NULL,
      granted INTEGER NOT NULL,
      PRIMARY KEY (name, slice)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE last_value (
      connection TEXT NOT NULL,
      key TEXT NOT NULL,
      sealed BLOB NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (connection, key)
    ) STRICT`,
    `CREATE TABLE delivery (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      connection TEXT NOT NULL,
      key TEXT NOT NULL,
      topic TEXT NOT NULL,
      subject TEXT,
      received_at INTEGER NOT NULL,
      occurred_at INTEGER,
      body BLOB,
      tries INTEGER NOT NULL DEFAULT 0,
      leased_until INTEGER NOT NULL DEFAULT 0,
      done_at INTEGER,
      -- 1 while its work is to be done and no older delivery of its subject waits.
      head INTEGER NOT NULL,
      UNIQUE (connection, key)
    ) STRICT`,
    // Only heads are looked through: thousands of deliveries about one record may stand behind its first.
    'CREATE INDEX delivery_head ON delivery (connection, id) WHERE head = 1',
    'CREATE INDEX delivery_of_subject ON delivery (connection, subject, id) WHERE done_at IS NULL',
    'CREATE INDEX delivery_done ON delivery (done_at) WHERE done_at IS NOT NULL',
    // Kept beside the deliveries, in the same transactions: counting them for each new one would take their number squared.
    `CREATE TABLE inbox_size (
      connection TEXT PRIMARY KEY NOT NULL,
      deliveries INTEGER NOT NULL,
      bytes INTEGER NOT NULL
    ) STRICT`,
    `CREATE TABLE minute_metrics (
      connection TEXT NOT NULL,
      template TEXT NOT NULL,
      minute INTEGER NOT NULL,
      calls INTEGER NOT NULL,
      errors TEXT NOT NULL CHECK (json_valid(errors)),
      histogram TEXT NOT NULL CHECK (json_valid(histogram)),
      PRIMARY KEY (connection, template, minute)
    ) STRICT, WITHOUT ROWID`,
    // Old minutes are removed with every write: they must be found without reading the others.
    'CREATE INDEX minute_metrics_by_minute ON minute_metrics (minute)',
  ],
};
