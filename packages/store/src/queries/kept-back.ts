import { builder } from './schema.ts';
import { type Database, statementOf } from './statement.ts';

/** Whether a sync has dead letters or parked records: asked before every commit, because most have none to settle. */
export const hasKeptBack = async (database: Database, sync: string): Promise<boolean> => {
  const [row] = await database.read(keptBack(sync));
  return row !== undefined;
};

const compiled = statementOf(
  builder
    .selectFrom('dead_letter')
    .select('source_key')
    .where('sync', '=', '')
    .unionAll(builder.selectFrom('parked').select('source_key').where('sync', '=', ''))
    .limit(1),
);

const keptBack = (sync: string): typeof compiled => ({ ...compiled, parameters: [sync, sync, 1] });
