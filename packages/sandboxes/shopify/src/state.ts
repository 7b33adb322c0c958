import type { SandboxDatabase } from '@mortise/testing';
import { bulkSchema } from './bulk/operations.ts';
import { createBucket } from './limits/bucket.ts';
import { idempotencySchema } from './mutations/inventory.ts';
import { tokenSchema } from './oauth/tokens.ts';
import { idSchema, recordSchema, seedRecord } from './records/table.ts';
import { type SeedOptions, seedRecords } from './seed/records.ts';
import type { ShopifySettings } from './settings.ts';
import type { ShopifyClock, ShopifyState } from './types.ts';
import { createSender } from './webhooks/sender.ts';

const tables = ['records', 'last_ids', 'idempotency', 'oauth_tokens', 'bulk_files'];

/** What the state is built from. */
export type StateOptions = { settings: ShopifySettings; clock: ShopifyClock; seed: SeedOptions | undefined };

/** Opens the state over a database; seeds it when it holds no record. Answers the state and what empties it again. */
export function openState(database: SandboxDatabase, { settings, clock, seed }: StateOptions) {
  database.raw.exec(recordSchema + idSchema + idempotencySchema + tokenSchema + bulkSchema);
  // A function and not a value in the text of a statement: statements are kept by their text.
  database.raw.function('lag_since', () => clock.now() - settings.searchLagMs);
  const state: ShopifyState = {
    ...{ database, settings, clock, bucket: createBucket(settings) },
    webhooks: createSender(() => state),
  };
  const seedWhenEmpty = (): void => {
    if (seed === undefined || database.statement('SELECT 1 FROM records LIMIT 1').get() !== undefined) return;
    const { currencyCode } = settings;
    for (const record of seedRecords({ currencyCode, ...seed })) seedRecord(database, record);
  };
  const reset = (): void => {
    for (const table of tables) database.raw.exec(`DELETE FROM ${table}`);
    state.bucket.clear();
    state.webhooks.clear();
    seedWhenEmpty();
  };
  seedWhenEmpty();
  return { state, reset };
}
