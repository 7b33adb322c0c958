import type { Link } from '../store.ts';
import { builder, type LinkRow } from './schema.ts';
import { createBatch, type Database, repeat } from './statement.ts';

const blank: LinkRow = { sync: '', source_key: '', destination_key: '', fingerprint: '', batch: 0, slot: null };

/** Writes links, replacing older ones of the same source key. */
export const upsertLinks = createBatch(
  (count) =>
    builder
      .insertInto('link')
      .values(repeat(count, blank))
      .onConflict((conflict) =>
        conflict.columns(['sync', 'source_key']).doUpdateSet(({ ref }) => ({
          destination_key: ref('excluded.destination_key'),
          fingerprint: ref('excluded.fingerprint'),
          batch: ref('excluded.batch'),
          slot: ref('excluded.slot'),
        })),
      ),
  ({ sync, source_key, destination_key, fingerprint, batch, slot }: LinkRow) => [
    ...[sync, source_key, destination_key, fingerprint, batch, slot],
  ],
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
