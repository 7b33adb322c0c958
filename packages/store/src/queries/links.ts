import type { Link } from '../store.ts';
import { builder, type LinkRow } from './schema.ts';
import { createBatch, type Database, repeat } from './statement.ts';

const blank: LinkRow = { sync: '', connection: '', source_key: '', destination_key: '', fingerprint: '', base: null };

/** Writes links, replacing older ones of the same source key. */
export const upsertLinks = createBatch(
  (count) =>
    builder
      .insertInto('link')
      .values(repeat(count, blank))
      .onConflict((conflict) =>
        conflict.columns(['sync', 'source_key']).doUpdateSet(({ ref }) => ({
          connection: ref('excluded.connection'),
          destination_key: ref('excluded.destination_key'),
          fingerprint: ref('excluded.fingerprint'),
          base: ref('excluded.base'),
        })),
      ),
  (row: LinkRow) => [row.sync, row.connection, row.source_key, row.destination_key, row.fingerprint, row.base],
);

const selectLinks = createBatch(
  (count) =>
    builder
      .selectFrom('link')
      .select(['source_key as sourceKey', 'destination_key as destinationKey', 'fingerprint'])
      .where('sync', '=', '')
      .where('source_key', 'in', repeat(count, '')),
  (sourceKey: string) => [sourceKey],
);

/** The links of those source keys that have one, by source key. */
export const readLinks = async (
  database: Database,
  { sync, sourceKeys }: { readonly sync: string; readonly sourceKeys: readonly string[] },
): Promise<ReadonlyMap<string, Link>> => {
  const links = new Map<string, Link>();
  for (const statement of selectLinks(sourceKeys, [sync])) {
    for (const link of await database.read(statement)) links.set(link.sourceKey, link);
  }
  return links;
};
