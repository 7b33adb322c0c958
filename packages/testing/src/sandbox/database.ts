import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** An open SQLite database with a cache of prepared statements. */
export type SandboxDatabase = {
  raw: DatabaseSync;
  /** The prepared statement of this text, prepared once. */
  statement(sql: string): StatementSync;
  /** Runs `work` in one transaction, and rolls back when it throws. Nested calls join the outer one. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
};

/** Loads node:sqlite without its experimental warning (Node 22); every other warning still shows. */
function loadSqlite(): typeof import('node:sqlite') {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (String(warning).includes('SQLite is an experimental feature')) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    const sqlite: typeof import('node:sqlite') | undefined = process.getBuiltinModule('node:sqlite');
    if (sqlite === undefined) throw new Error('A sandbox needs Node 22.18 or newer: this Node has no built-in SQLite.');
    return sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Opens (or creates) the SQLite file, or a database in memory when `file` is undefined. Throws node's own error. */
export function openDatabase(file?: string): SandboxDatabase {
  const { DatabaseSync } = loadSqlite();
  const raw = new DatabaseSync(file ?? ':memory:');
  // WAL with NORMAL: what was committed outlives kill -9 of this process; only a power cut could lose the tail.
  raw.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000');
  const cache = new Map<string, StatementSync>();

  function statement(sql: string): StatementSync {
    const known = cache.get(sql);
    if (known !== undefined) return known;
    const prepared = raw.prepare(sql);
    cache.set(sql, prepared);
    return prepared;
  }

  function transaction<Result>(work: () => Result): Result {
    if (raw.isTransaction) return work();
    statement('BEGIN IMMEDIATE').run();
    try {
      const result = work();
      statement('COMMIT').run();
      return result;
    } catch (error) {
      if (raw.isTransaction) statement('ROLLBACK').run();
      throw error;
    }
  }

  return { raw, statement, transaction, close: () => raw.close() };
}
