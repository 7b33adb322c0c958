import { openRecord } from '../encryption/records.ts';
import type { Sealer } from '../encryption/sealer.ts';
import type { Parked } from '../store.ts';
import { builder, type ParkedRow } from './schema.ts';
import { createBatch, type Database, repeat, statementOf } from './statement.ts';

const blank: ParkedRow = {
  ...{ sync: '', connection: '', source_key: '', parent_sync: '', parent_key: '', payload: null, run: '', at: 0 },
};

/** Parks records, replacing an older one of the same source key. */
export const upsertParked = createBatch(
  (count) =>
    builder
      .insertInto('parked')
      .values(repeat(count, blank))
      .onConflict((conflict) =>
        conflict.columns(['sync', 'source_key']).doUpdateSet(({ ref }) => ({
          connection: ref('excluded.connection'),
          parent_sync: ref('excluded.parent_sync'),
          parent_key: ref('excluded.parent_key'),
          payload: ref('excluded.payload'),
          run: ref('excluded.run'),
          at: ref('excluded.at'),
        })),
      ),
  ({ sync, connection, source_key, parent_sync, parent_key, payload, run, at }: ParkedRow) => [
    ...[sync, connection, source_key, parent_sync, parent_key, payload, run, at],
  ],
);

/** Removes the parked records of source keys; the sync leads. */
export const deleteParked = createBatch(
  (count) => builder.deleteFrom('parked').where('sync', '=', '').where('source_key', 'in', repeat(count, '')),
  (sourceKey: string) => [sourceKey],
);

/** How many records of a sync wait. */
export const countParked = async (database: Database, sync: string): Promise<number> => {
  const query = builder.selectFrom('parked').where('sync', '=', sync);
  const [row] = await database.read(statementOf(query.select(({ fn }) => fn.countAll<number>().as('count'))));
  return row?.count ?? 0;
};

/** Parked records of a sync whose parent has a link now, by source key. */
export const readReleasable = async (
  { database, sealer }: { readonly database: Database; readonly sealer: Sealer },
  { sync, limit }: { readonly sync: string; readonly limit: number },
): Promise<readonly Parked[]> => {
  const query = builder
    .selectFrom('parked')
    .innerJoin('link', (join) =>
      join.onRef('link.sync', '=', 'parked.parent_sync').onRef('link.source_key', '=', 'parked.parent_key'),
    )
    .where('parked.sync', '=', sync)
    .selectAll('parked')
    .orderBy('parked.source_key')
    .limit(limit);
  const rows = await database.read(statementOf(query));
  return rows.map(({ source_key, parent_sync, parent_key, connection, payload }) => {
    const place = { connection, sync, sourceKey: source_key, row: 'a parked record' };
    return {
      sourceKey: source_key,
      parentSync: parent_sync,
      parentKey: parent_key,
      payload: openRecord(sealer, payload, place),
    };
  });
};
