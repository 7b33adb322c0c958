/** The database behind Directus' back: tests set there what its API does not let anybody set, such as change stamps. */
import pg from 'pg';
import { DATABASE_USER } from './postgres.mjs';

/**
 * @param {{ port: number }} options port: `databasePort` of a server that has started
 * @returns {Promise<{ rows: (sql: string, values?: unknown[]) => Promise<object[]>, close: () => Promise<void> }>}
 * @throws {Error} when nobody listens there
 */
export async function openDatabase({ port }) {
  const client = new pg.Client({ host: '127.0.0.1', port, database: 'postgres', user: DATABASE_USER });
  await client.connect();
  // Ends with the server where a test does not close it.
  client.on('error', () => {});
  return {
    rows: async (sql, values = []) => (await client.query(sql, values)).rows,
    close: () => client.end(),
  };
}
