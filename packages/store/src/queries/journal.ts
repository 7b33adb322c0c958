import { sql } from 'kysely';
import { openSlot } from '../encryption/images.ts';
import type { Sealer } from '../encryption/sealer.ts';
import type { JournalEntry, JournalQuery } from '../store.ts';
import { builder, type JournalRow } from './schema.ts';
import { createBatch, type Database, repeat, statementOf } from './statement.ts';

/** A journal row as it is written: the database gives the id and finds the before-image. */
export type JournalChange = Omit<JournalRow, 'id' | 'before_batch' | 'before_slot'>;

const blank: JournalChange = { batch: 0, source_key: '', destination_key: '', action: 'create' };

/** Notes records that were created: nothing was there before. */
export const insertCreated = createBatch(
  (count) => builder.insertInto('journal').values(repeat(count, blank)),
  ({ batch, source_key, destination_key, action }: JournalChange) => [batch, source_key, destination_key, action],
);

/** SQLite and PostgreSQL both call the columns of VALUES column1, column2 and so on. */
const valuesOf = (count: number) =>
  sql<{ column1: string; column2: string }>`(values ${sql.join(repeat(count, sql`(${''}, ${''})`))})`;

/**
 * Notes records that were updated, with the image that the link points to: must run before the link is written.
 * A join: a subquery for each row took four times as long. Batch, action and sync lead.
 */
export const insertUpdated = createBatch(
  (count) =>
    builder
      .with('of', () =>
        builder.selectNoFrom(({ val }) => [val(0).as('batch'), val('update').as('action'), val('').as('sync')]),
      )
      .insertInto('journal')
      .columns(['batch', 'action', 'source_key', 'destination_key', 'before_batch', 'before_slot'])
      .expression((query) =>
        query
          .selectFrom(['of', valuesOf(count).as('change')])
          .leftJoin('link', (join) =>
            join.onRef('link.sync', '=', 'of.sync').onRef('link.source_key', '=', 'change.column1'),
          )
          .select(['of.batch', 'of.action', 'change.column1', 'change.column2', 'link.batch as before', 'link.slot']),
      ),
  ({ source_key, destination_key }: JournalChange) => [source_key, destination_key],
);

/** Journal entries, oldest first, with their before-images in plain. */
export const readJournal = async (
  { database, sealer }: { readonly database: Database; readonly sealer: Sealer },
  { sync, sourceKey, limit, after }: JournalQuery,
): Promise<readonly JournalEntry[]> => {
  let query = builder
    .selectFrom('journal')
    .innerJoin('batch', 'batch.id', 'journal.batch')
    .leftJoin('batch as before', 'before.id', 'journal.before_batch')
    .selectAll('journal')
    .select(['batch.run', 'batch.at', 'batch.sync', 'batch.connection'])
    .select(['before.image', 'before.connection as image_connection'])
    .orderBy('journal.id')
    .limit(limit);
  if (sync !== undefined) query = query.where('batch.sync', '=', sync);
  if (sourceKey !== undefined) query = query.where('journal.source_key', '=', sourceKey);
  if (after !== undefined) query = query.where('journal.id', '>', after);
  const rows = await database.read(statementOf(query));
  return rows.map(({ source_key: key, destination_key: destinationKey, before_batch, before_slot: slot, ...row }) => {
    const { id, run, at, sync: name, connection, action, image } = row;
    const place = { connection: row.image_connection ?? '', sync: name, id: before_batch ?? 0 };
    const wanted = { ...place, slot: slot ?? 0, sourceKey: key, row: `journal entry ${id}` };
    const before = slot === null ? null : openSlot(sealer, image, wanted);
    return { id, run, at, sync: name, connection, sourceKey: key, destinationKey, action, before };
  });
};
