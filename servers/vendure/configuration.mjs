/**
 * The Vendure configuration of the test and demo server: one SQLite file, loopback only, no plugins.
 */
import { AutoIncrementIdStrategy, dummyPaymentHandler, VENDURE_VERSION } from '@vendure/core';
import Database from 'better-sqlite3';

/** Identifier of the only administrator. */
export const SUPERADMIN = 'superadmin';

/** Password of that administrator where VENDURE_SUPERADMIN_PASSWORD does not say otherwise. */
const DEFAULT_PASSWORD = 'superadmin';

/**
 * Number that `PRAGMA user_version` carries once a database has the complete schema of this Vendure version.
 * Comparing the whole schema costs about a second a start, and an interrupted first start leaves a partial one:
 * the stamp tells both cases apart without looking at a single table.
 */
export const SCHEMA_STAMP = Number(
  VENDURE_VERSION.split('.')
    .map((part) => part.padStart(2, '0'))
    .join(''),
);

/** A logger that keeps stdout free for the ready line: errors go to stderr, the rest is dropped. */
const errorLogger = {
  error: (message, context) => process.stderr.write(`vendure error ${context ? `[${context}] ` : ''}${message}\n`),
  warn: () => {},
  info: () => {},
  verbose: () => {},
  debug: () => {},
};

/**
 * Whether the file already holds the complete schema of this Vendure version.
 * @param {string} database path of the SQLite file; it is created empty where it does not exist
 * @returns {boolean}
 */
export function hasSchema(database) {
  const connection = new Database(database);
  try {
    return connection.pragma('user_version', { simple: true }) === SCHEMA_STAMP;
  } finally {
    connection.close();
  }
}

/**
 * A crash of the machine may lose this database, a crash of the process may not: no fsync, but a real journal.
 * The journal is not WAL, so that one file is the whole database and can be copied while the server is idle.
 * @param {import('better-sqlite3').Database} connection
 */
function prepareDatabase(connection) {
  connection.pragma('journal_mode = TRUNCATE');
  connection.pragma('synchronous = OFF');
  connection.pragma('cache_size = -65536');
}

/**
 * @param {{ database: string, port: number, synchronize: boolean }} options database: path of the SQLite file;
 *   port: TCP port on 127.0.0.1, 0 for a free one; synchronize: whether to create or mend the schema at start
 * @returns {import('@vendure/core').VendureConfig}
 */
export function createConfiguration({ database, port, synchronize }) {
  return {
    logger: errorLogger,
    apiOptions: { hostname: '127.0.0.1', port, adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
    authOptions: {
      tokenMethod: ['bearer', 'api-key', 'cookie'],
      superadminCredentials: {
        identifier: SUPERADMIN,
        password: process.env.VENDURE_SUPERADMIN_PASSWORD || DEFAULT_PASSWORD,
      },
    },
    dbConnectionOptions: { type: 'better-sqlite3', database, synchronize, logging: false, prepareDatabase },
    // Said aloud: ids are small integers, given as strings by the API.
    entityOptions: { entityIdStrategy: new AutoIncrementIdStrategy() },
    paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
    plugins: [],
  };
}
