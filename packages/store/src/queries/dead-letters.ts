import { openRecord } from '../encryption/records.ts';
import type { Sealer } from '../encryption/sealer.ts';
import type { DeadLetterQuery, StoredDeadLetter } from '../store.ts';
import { builder, type DeadLetterRow } from './schema.ts';
import { createBatch, type Database, repeat, statementOf } from './statement.ts';

/** A dead letter as it is written: the database gives the id. */
export type NewDeadLetter = Omit<DeadLetterRow, 'id'>;

const blank: NewDeadLetter = {
  ...{ sync: '', connection: '', source_key: '', stage: 'map', code: '', issues: '', payload: null, run: '', at: 0 },
};

/** Writes dead letters, replacing older ones of the same source key. */
export const upsertDeadLetters = createBatch(
  (count) =>
    builder
      .insertInto('dead_letter')
      .values(repeat(count, blank))
      .onConflict((conflict) =>
        conflict.columns(['sync', 'source_key']).doUpdateSet(({ ref }) => ({
          connection: ref('excluded.connection'),
          stage: ref('excluded.stage'),
          code: ref('excluded.code'),
          issues: ref('excluded.issues'),
          payload: ref('excluded.payload'),
          run: ref('excluded.run'),
          at: ref('excluded.at'),
        })),
      ),
  ({ sync, connection, source_key, stage, code, issues, payload, run, at }: NewDeadLetter) => [
    ...[sync, connection, source_key, stage, code, issues, payload, run, at],
  ],
);

/** Removes the dead letters of source keys; the sync leads. */
export const deleteDeadLetters = createBatch(
  (count) => builder.deleteFrom('dead_letter').where('sync', '=', '').where('source_key', 'in', repeat(count, '')),
  (sourceKey: string) => [sourceKey],
);

/** How many dead letters a sync has. */
export const countDeadLetters = async (database: Database, sync: string): Promise<number> => {
  const query = builder.selectFrom('dead_letter').where('sync', '=', sync);
  const [row] = await database.read(statementOf(query.select(({ fn }) => fn.countAll<number>().as('count'))));
  return row?.count ?? 0;
};

/** Dead letters, oldest first, with their records in plain. */
export const readDeadLetters = async (
  { database, sealer }: { readonly database: Database; readonly sealer: Sealer },
  { sync, limit, after }: DeadLetterQuery,
): Promise<readonly StoredDeadLetter[]> => {
  let query = builder.selectFrom('dead_letter').selectAll().orderBy('id').limit(limit);
  if (sync !== undefined) query = query.where('sync', '=', sync);
  if (after !== undefined) query = query.where('id', '>', after);
  const rows = await database.read(statementOf(query));
  return rows.map(({ source_key, issues, payload, ...row }) => {
    const place = { connection: row.connection, sync: row.sync, sourceKey: source_key };
    const opened = openRecord(sealer, payload, { ...place, row: `dead letter ${row.id}` });
    return { ...row, sourceKey: source_key, issues: JSON.parse(issues), payload: opened };
  });
};
