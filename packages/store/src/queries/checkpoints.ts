import type { Checkpoint } from '../store.ts';
import { builder, type CheckpointRow } from './schema.ts';
import { createBatch, type Database, repeat, statementOf } from './statement.ts';

const blank: CheckpointRow = {
  ...{
    sync: '',
    watermark: null,
    window_since: null,
    window_until: null,
    window_highest: null,
    cursor: null,
    run: '',
    at: 0,
  },
};

/** Writes checkpoints, each replacing the older one of its sync as a whole. */
export const upsertCheckpoints = createBatch(
  (count) =>
    builder
      .insertInto('checkpoint')
      .values(repeat(count, blank))
      .onConflict((conflict) =>
        conflict.column('sync').doUpdateSet(({ ref }) => ({
          watermark: ref('excluded.watermark'),
          window_since: ref('excluded.window_since'),
          window_until: ref('excluded.window_until'),
          window_highest: ref('excluded.window_highest'),
          cursor: ref('excluded.cursor'),
          run: ref('excluded.run'),
          at: ref('excluded.at'),
        })),
      ),
  ({ sync, watermark, window_since, window_until, window_highest, cursor, run, at }: CheckpointRow) => [
    ...[sync, watermark, window_since, window_until, window_highest, cursor, run, at],
  ],
);

/** The checkpoint as a row. */
export const checkpointRow = (
  { watermark, window, cursor }: Checkpoint,
  stamp: Pick<CheckpointRow, 'sync' | 'run' | 'at'>,
): CheckpointRow => ({
  ...stamp,
  watermark: watermark ?? null,
  window_since: window?.since ?? null,
  window_until: window?.until ?? null,
  window_highest: window?.highest ?? null,
  cursor: cursor ?? null,
});

const windowOf = (row: CheckpointRow): Pick<Checkpoint, 'window'> => {
  const { window_since: since, window_until: until, window_highest: highest } = row;
  if (until === null) return {};
  return { window: { until, ...(since !== null && { since }), ...(highest !== null && { highest }) } };
};

/** How far a sync has read, or undefined when it never ran. */
export const readCheckpoint = async (database: Database, sync: string): Promise<Checkpoint | undefined> => {
  const [row] = await database.read(statementOf(builder.selectFrom('checkpoint').selectAll().where('sync', '=', sync)));
  if (!row) return undefined;
  const { watermark, cursor } = row;
  return {
    ...(watermark === null ? {} : { watermark }),
    ...windowOf(row),
    ...(cursor === null ? {} : { cursor }),
  };
};
