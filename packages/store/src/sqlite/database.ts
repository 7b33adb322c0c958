import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Clock, connectorError } from '@mortise/runtime';
import type { Database, Statement } from '../queries/statement.ts';
import { stateError } from './failure.ts';
import { loadSqlite } from './load.ts';
import { whenFree } from './patience.ts';

/** Statements that run at once, inside the transaction that is open. */
export interface Session {
  readonly execute: (sql: string) => void;
  readonly run: (statement: Statement) => void;
  readonly read: <Row>(statement: Statement<Row>) => readonly Row[];
}

/** A database on one SQLite file. */
export interface SqliteDatabase extends Database {
  /** Runs an action that only reads. */
  readonly inspect: <Result>(action: (session: Session) => Result) => Promise<Result>;
  /** Runs an action in one write transaction, and rolls it back when the action throws. */
  readonly exclusively: <Result>(action: (session: Session) => Result) => Promise<Result>;
  /** The same, and safe on the disk when it resolves: a power cut takes none of it back. */
  readonly durably: <Result>(action: (session: Session) => Result) => Promise<Result>;
}

/** Prepared statements kept at most; the store has fewer than a hundred texts. */
const statementLimit = 200;

const isCode = (thrown: unknown, code: string): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === code;

/** Made before SQLite makes it, for the owner's eyes only. Its companions (-wal, -shm) take the same mode. */
const makeFile = (path: string): void => {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (thrown) {
    if (!isCode(thrown, 'EEXIST')) throw thrown;
  }
};

/**
 * Makes sure that the file is there and may be written. A file that exists is never opened here: closing it would drop
 * the locks that SQLite holds on it for another store of this process (POSIX; seen in /proc/locks).
 */
const prepareFile = (path: string): void => {
  if (path === ':memory:') return;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (!existsSync(path)) makeFile(path);
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (thrown) {
    throw connectorError(
      'state-refused',
      `state file ${path} cannot be written: give this user the right to write the file and its folder`,
      { cause: thrown },
    );
  }
};

const createPrepare = (file: DatabaseSync): ((sql: string) => StatementSync) => {
  const kept = new Map<string, StatementSync>();
  return (sql) => {
    const known = kept.get(sql);
    if (known) return known;
    if (kept.size >= statementLimit) kept.clear();
    const statement = file.prepare(sql);
    kept.set(sql, statement);
    return statement;
  };
};

const createSession = (file: DatabaseSync): Session => {
  const prepare = createPrepare(file);
  return {
    execute: (sql) => file.exec(sql),
    run: ({ sql, parameters }) => {
      prepare(sql).run(...parameters);
    },
    read: <Row>({ sql, parameters }: Statement<Row>) =>
      // The query builder knows the row's type from the schema; STRICT tables make the file keep to it.
      prepare(sql).all(...parameters) as Row[],
  };
};

/** Synchronous from begin to commit: nothing of this process can come between. */
const inTransaction = <Result>(file: DatabaseSync, action: () => Result): Result => {
  file.exec('BEGIN IMMEDIATE');
  try {
    const result = action();
    file.exec('COMMIT');
    return result;
  } catch (thrown) {
    if (file.isTransaction) file.exec('ROLLBACK');
    throw thrown;
  }
};

/** Waits for the disk at this commit alone. The mode cannot change inside a transaction, so it is set around it. */
const inDurableTransaction = <Result>(file: DatabaseSync, action: () => Result): Result => {
  file.exec('PRAGMA synchronous = FULL');
  try {
    return inTransaction(file, action);
  } finally {
    file.exec('PRAGMA synchronous = NORMAL');
  }
};

/**
 * Measured on commits of 100 links: pages of 8 KB and checkpoints at 16 MB of log are a tenth cheaper than SQLite's
 * defaults; a cache beyond 4 MB only costs memory.
 */
const pragmas = `
  PRAGMA page_size = 8192;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA foreign_keys = ON;
  PRAGMA cache_size = -4000;
  PRAGMA wal_autocheckpoint = 2000;
`;

const openFile = async (path: string, clock: Clock): Promise<DatabaseSync> => {
  prepareFile(path);
  const { DatabaseSync } = loadSqlite();
  const file = new DatabaseSync(path, { timeout: 0 });
  try {
    await whenFree(clock, () => file.exec(pragmas));
    return file;
  } catch (thrown) {
    file.close();
    throw thrown;
  }
};

/**
 * Opens a SQLite file, made when missing; `:memory:` for none.
 * @throws ConnectorError `state-busy` or `state-refused`, as do the methods of what it answers.
 */
export const openSqlite = async (path: string, clock: Clock): Promise<SqliteDatabase> => {
  const file = await openFile(path, clock).catch((thrown: unknown) => {
    throw stateError(thrown, path);
  });
  const session = createSession(file);
  const attempt = async <Result>(action: () => Result): Promise<Result> => {
    if (!file.isOpen) throw connectorError('internal', `state file ${path} is closed already: close the store last`);
    try {
      return await whenFree(clock, action);
    } catch (thrown) {
      throw stateError(thrown, path);
    }
  };
  const exclusively = <Result>(action: (session: Session) => Result) =>
    attempt(() => inTransaction(file, () => action(session)));
  return {
    inspect: (action) => attempt(() => action(session)),
    exclusively,
    durably: (action) => attempt(() => inDurableTransaction(file, () => action(session))),
    transact: (statements) => exclusively(({ run }) => statements.forEach(run)),
    read: (statement) => attempt(() => session.read(statement)),
    close: async () => {
      if (file.isOpen) file.close();
    },
  };
};
