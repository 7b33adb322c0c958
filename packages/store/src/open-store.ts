import { type Clock, systemClock } from '@mortise/runtime';
import { metricsRecorder } from '@mortise/runtime/telemetry';
import { commitStatements } from './commit.ts';
import { createSealer } from './encryption/sealer.ts';
import { createInbox, type InboxLimits } from './inbox.ts';
import { checkKey } from './key-check.ts';
import { migrate } from './migrations/migrate.ts';
import { readCheckpoint } from './queries/checkpoints.ts';
import { countDeadLetters, readDeadLetters } from './queries/dead-letters.ts';
import { readJournal } from './queries/journal.ts';
import { hasKeptBack } from './queries/kept-back.ts';
import { createLastValues } from './queries/last-values.ts';
import { readLinks } from './queries/links.ts';
import { createLocks } from './queries/locks.ts';
import { createMetrics } from './queries/metrics.ts';
import { countParked, readReleasable } from './queries/parked.ts';
import { createQuotaLedger } from './queries/quota-grants.ts';
import { createTokens } from './queries/tokens.ts';
import { openSqlite, type SqliteDatabase } from './sqlite/database.ts';
import type { Store } from './store.ts';

/** What opening a store needs. */
export interface OpenStoreOptions {
  /** The SQLite file; made with mode 0600 when missing, its folder too. `:memory:` keeps nothing. */
  readonly path: string;
  /** 32 bytes; see {@link keyFromEnvironment}. */
  readonly key: Uint8Array;
  /** Left out, the machine's own. */
  readonly clock?: Clock;
  /** How many webhooks may wait, and how long they are remembered. */
  readonly inbox?: InboxLimits;
}

const prepare = async (
  database: SqliteDatabase,
  { path, key, clock, inbox }: Required<OpenStoreOptions>,
): Promise<Store> => {
  const sealer = createSealer(key);
  await migrate(database, { path, clock });
  await checkKey(database, { sealer, path });
  const sealed = { database, sealer };
  const metrics = createMetrics({ database, clock });
  const recorder = metricsRecorder({ store: metrics, clock });
  return {
    tokens: createTokens({ ...sealed, clock }),
    metrics: { ...metrics, record: recorder.sink },
    locks: createLocks({ database, clock }),
    quotas: createQuotaLedger(database),
    lastValues: createLastValues(sealed),
    inbox: createInbox({ ...sealed, clock, limits: inbox }),
    readCheckpoint: (sync) => readCheckpoint(database, sync),
    readLinks: (sync, sourceKeys) => readLinks(database, { sync, sourceKeys }),
    commit: async (commit) => {
      const settled = commit.settled.length > 0 && (await hasKeptBack(database, commit.sync)) ? commit.settled : [];
      await database.transact(commitStatements({ ...commit, settled }, sealer));
    },
    readReleasable: (sync, limit) => readReleasable(sealed, { sync, limit }),
    countParked: (sync) => countParked(database, sync),
    countDeadLetters: (sync) => countDeadLetters(database, sync),
    readDeadLetters: (query) => readDeadLetters(sealed, query),
    readJournal: (query) => readJournal(sealed, query),
    close: async () => {
      await recorder.close();
      await database.close();
    },
  };
};

/**
 * Opens the store on a SQLite file and brings its schema up to date.
 * @throws ConnectorError `invalid-settings` for a key of the wrong length; `state-refused` for a file of another key, a
 * newer schema, another program, or one that is damaged or cannot be written; `state-busy` when another process holds it.
 * @example
 * ```ts
 * import { keyFromEnvironment, openStore } from '@mortise/store';
 * const key = await keyFromEnvironment({ directory: '.mortise', environment: process.env });
 * const store = await openStore({ path: '.mortise/state.db', key });
 * ```
 */
export const openStore = async ({ path, key, clock = systemClock, inbox = {} }: OpenStoreOptions): Promise<Store> => {
  createSealer(key); // a wrong key must not leave a file behind
  const database = await openSqlite(path, clock);
  try {
    return await prepare(database, { path, key, clock, inbox });
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
};
