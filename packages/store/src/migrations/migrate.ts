import { type Clock, connectorError } from '@mortise/runtime';
import { builder } from '../queries/schema.ts';
import { statementOf } from '../queries/statement.ts';
import type { Session, SqliteDatabase } from '../sqlite/database.ts';
import { firstFloor } from './0001-first-floor.ts';
import { connections } from './0002-connections.ts';
import type { Migration } from './migration.ts';

/** All steps, in order. */
export const migrations: readonly Migration[] = [firstFloor, connections];

/** 'MORT': marks the file as ours, so that no other program's database is built into. */
const applicationId = 0x4d4f5254;

const isOurs = (session: Session): boolean => {
  const statement = { sql: 'PRAGMA application_id', parameters: [] };
  const [row] = session.read<{ application_id: number }>(statement);
  return row?.application_id === applicationId;
};

const isEmpty = (session: Session): boolean =>
  session.read({ sql: 'SELECT 1 FROM sqlite_schema LIMIT 1', parameters: [] }).length === 0;

/** Number of the newest step that the file has; 0 for an empty file. */
const versionOf = (session: Session, path: string): number => {
  if (isOurs(session)) {
    const query = builder.selectFrom('schema_migration').select(({ fn }) => fn.max('number').as('version'));
    return session.read(statementOf(query))[0]?.version ?? 0;
  }
  if (isEmpty(session)) return 0;
  throw connectorError('state-refused', `state file ${path} is a database of another program: name another file`);
};

const markAsOurs = (session: Session): void => {
  session.execute(`PRAGMA application_id = ${applicationId}`);
  session.execute(
    'CREATE TABLE schema_migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL) STRICT',
  );
};

const apply = (session: Session, { number, name, statements }: Migration, { at }: { at: number }): void => {
  for (const statement of statements) session.execute(statement);
  session.run(statementOf(builder.insertInto('schema_migration').values({ number, name, at })));
};

/** What bringing a file up to date needs. */
export interface MigrateOptions {
  /** For messages. */
  readonly path: string;
  readonly clock: Clock;
  /** The steps; left out, all of this version. */
  readonly steps?: readonly Migration[];
}

/**
 * Brings a file up to date, one transaction per step: an interrupted step leaves nothing behind.
 * @throws ConnectorError `state-refused` when the file is newer than this version, or another program's.
 */
export const migrate = async (
  database: SqliteDatabase,
  { path, clock, steps = migrations }: MigrateOptions,
): Promise<void> => {
  const at = Math.trunc(clock.now());
  const nextStep = (session: Session): Migration | undefined => {
    const version = versionOf(session, path);
    if (version <= steps.length) return steps[version];
    const known = `it has schema ${version}, this version knows ${steps.length}`;
    throw connectorError(
      'state-refused',
      `state file ${path} was written by a newer Mortise (${known}): update @mortise/store; nothing was changed`,
    );
  };
  while (await database.inspect(nextStep)) {
    await database.exclusively((session) => {
      const step = nextStep(session); // asked again: another process may have been faster
      if (!step) return;
      if (!isOurs(session)) markAsOurs(session);
      apply(session, step, { at });
    });
  }
};
