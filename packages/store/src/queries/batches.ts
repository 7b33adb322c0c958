import { type BatchRow, builder } from './schema.ts';
import { createBatch, repeat } from './statement.ts';

const blank: BatchRow = { id: 0, run: '', at: 0, sync: '', connection: '', image: null };

/** Notes a commit that changes links: its run, its time, and the read-backs of its records. */
export const insertBatches = createBatch(
  (count) => builder.insertInto('batch').values(repeat(count, blank)),
  ({ id, run, at, sync, connection, image }: BatchRow) => [id, run, at, sync, connection, image],
);
