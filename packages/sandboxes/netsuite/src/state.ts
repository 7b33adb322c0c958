import type { SandboxClock, SandboxDatabase } from '@mortise/testing';
import { putStock, stockSchema } from './records/stock.ts';
import { putDeleted, putRecord, recordSchema } from './records/table.ts';
import { tokenSchema } from './rest/tokens.ts';
import { type SeedOptions, seedRecords } from './seed/records.ts';
import type { NetSuiteSettings } from './settings.ts';
import { nonceSchema } from './soap/passport.ts';
import { searchSchema } from './soap/searches.ts';
import { openSuiteQl } from './suiteql/routes.ts';
import type { NetSuiteState } from './types.ts';

const tables = ['records', 'deleted_records', 'stock', 'used_nonces', 'searches', 'access_tokens'];

const firstId = 1001n;
/** Fresh ids stay below the ids above 2^53 that a seed brings. */
const freshBelow = 9_007_199_254_740_991n;

/** Ids are never given twice, not even that of a deleted record. */
function createIds(database: SandboxDatabase) {
  let last: bigint | undefined;
  const load = (): bigint => {
    const sql = `SELECT CAST(max(id) AS TEXT) AS id FROM
      (SELECT id FROM records UNION ALL SELECT id FROM deleted_records) WHERE id < ?`;
    const highest = database.statement(sql).get(freshBelow)?.id;
    return highest === null || highest === undefined ? firstId - 1n : BigInt(String(highest));
  };
  return {
    next: (): string => {
      last = (last ?? load()) + 1n;
      return String(last);
    },
    forget: (): void => {
      last = undefined;
    },
  };
}

function seedState(database: SandboxDatabase, options: SeedOptions): void {
  const { records, deleted, stock } = seedRecords(options);
  for (const record of records) putRecord(database, record);
  for (const gone of deleted) putDeleted(database, gone);
  for (const row of stock) putStock(database, row);
}

/** What the state is built from. */
export type StateOptions = { settings: NetSuiteSettings; clock: SandboxClock; seed: SeedOptions | undefined };

/** Opens the state over a database; seeds it when it holds no record. Answers the state and what empties it again. */
export function openState(database: SandboxDatabase, { settings, clock, seed }: StateOptions) {
  database.raw.exec(recordSchema + stockSchema + nonceSchema + searchSchema + tokenSchema);
  openSuiteQl(database, settings);
  const ids = createIds(database);
  const state: NetSuiteState = { database, settings, clock, nextId: ids.next };
  const seedWhenEmpty = (): void => {
    const some = database.statement('SELECT 1 FROM records LIMIT 1').get();
    if (some === undefined && seed !== undefined) seedState(database, seed);
  };
  const reset = (): void => {
    for (const table of tables) database.raw.exec(`DELETE FROM ${table}`);
    ids.forget();
    seedWhenEmpty();
  };
  seedWhenEmpty();
  return { state, reset };
}
