import { sql } from 'kysely';
import { openRecord } from '../encryption/records.ts';
import type { Sealer } from '../encryption/sealer.ts';
import type { JournalEntry, JournalQuery } from '../store.ts';
import { builder, type JournalRow } from './schema.ts';
import { createBatch, type Database, repeat, statementOf } from './statement.ts';

/** A journal row as it is written: the database gives the id and finds the before-image. */
export type JournalChange = Omit<JournalRow, 'id' | 'before'>;

const blank: JournalChange = {
  ...{ run: '', at: 0, sync: '', connection: '', source_key: '', destination_key: '', action: 'create' },
};

/** Notes records that were created: nothing was there before. */
export const insertCreated = createBatch(
  (count) => builder.insertInto('journal').values(repeat(count, blank)),
  ({ run, at, sync, connection, source_key, destination_key, action }: JournalChange) => [
    ...[run, at, sync, connection, source_key, destination_key, action],
  ],
);

/** SQLite and PostgreSQL both call the columns of VALUES column1, column2 and so on. */
const valuesOf = (count: number) =>
  sql<{
    column1: string;
    column2: string;
    column3: string;
  }>`(values ${sql.join(repeat(count, sql`(${''}, ${''}, ${''})`))})`;

/**
 * Notes records that were updated, with the link's base as it stands: must run before the link is written. The bytes are
 * copied as they are, so the connection under which they were sealed is copied with them. A join: a subquery for each
 * row took four times as long. Run, time, connection and action lead.
 */
export const insertUpdated = createBatch(
  (count) =>
    builder
      .insertInto('journal')
      .columns(['run', 'at', 'connection', 'action', 'source_key', 'destination_key', 'sync', 'before'])
      .expression(
        builder
          .selectFrom(valuesOf(count).as('change'))
          .leftJoin('link', (join) =>
            join.onRef('link.sync', '=', 'change.column3').onRef('link.source_key', '=', 'change.column1'),
          )
          .select(({ val }) => [val('').as('run'), val(0).as('at')])
          .select(({ fn, val }) => fn.coalesce('link.connection', val('')).as('connection'))
          .select(({ val }) => val('update').as('action'))
          .select(['change.column1', 'change.column2', 'change.column3', 'link.base']),
      ),
  ({ source_key, destination_key, sync: id }: JournalChange) => [source_key, destination_key, id],
);

/** Journal entries, oldest first, with their before-images in plain. */
export const readJournal = async (
  { database, sealer }: { readonly database: Database; readonly sealer: Sealer },
  { sync, sourceKey, limit, after }: JournalQuery,
): Promise<readonly JournalEntry[]> => {
  let query = builder.selectFrom('journal').selectAll().orderBy('id').limit(limit);
  if (sync !== undefined) query = query.where('sync', '=', sync);
  if (sourceKey !== undefined) query = query.where('source_key', '=', sourceKey);
  if (after !== undefined) query = query.where('id', '>', after);
  const rows = await database.read(statementOf(query));
  return rows.map(({ source_key, destination_key, before, ...row }) => {
    const place = { connection: row.connection, sync: row.sync, sourceKey: source_key };
    const opened = openRecord(sealer, before, { ...place, row: `journal entry ${row.id}` });
    return { ...row, sourceKey: source_key, destinationKey: destination_key, before: opened };
  });
};
