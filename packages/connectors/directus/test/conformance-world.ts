import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readField } from '@mortise/runtime';
import type { ResourceWorld, World } from '@mortise/testing';
import { type Database, openDatabase } from '../../../../servers/directus/database.mjs';
import { ADMINISTRATOR, seededDirectus, startDirectus } from '../../../../servers/directus/server-template.mjs';

/** How many of the seeded rows stay: lists are read in pages of two. */
const kept = 12;

/** A request of the administrator that does not pass the suite's line. */
type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>;

const askOf =
  (url: string): Ask =>
  async (method, path, body) => {
    const headers = { authorization: `Bearer ${ADMINISTRATOR.token}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!response.ok) throw new Error(`Directus answered ${method} ${path} with ${response.status}`);
    return response.status === 204 ? undefined : readField(await response.json(), 'data');
  };

/** A collection, and rows of it. */
interface Rows {
  readonly collection: 'items' | 'stock_levels';
  /** A record as the mapping writes it. */
  readonly sample: (sku: string) => object;
  /** Values that PostgreSQL has no room for. */
  readonly tooLarge: object;
  readonly change: object;
}

const items: Rows = {
  collection: 'items',
  sample: (sku) => ({ sku, name: 'Lampe Köln', description: null, price: '12.50', currency: 'EUR', active: true }),
  tooLarge: { price: '99999999999999.00' },
  change: { name: 'Lampe Tōkyō' },
};

const stockLevels: Rows = {
  collection: 'stock_levels',
  sample: (sku) => ({ sku, location: 'Lager Köln', on_hand: 7, allocated: null }),
  tooLarge: { on_hand: 2 ** 40 },
  change: { on_hand: 8 },
};

interface Server {
  readonly ask: Ask;
  readonly database: Database;
}

const hands = ({ ask, database }: Server, { collection, sample, tooLarge, change }: Rows): ResourceWorld => {
  let made = 0;
  const idsOf = (rows: unknown): string[] =>
    Array.isArray(rows) ? rows.map((row) => String(readField(row, 'id'))) : [];
  return {
    ids: async () => idsOf(await database.rows(`SELECT id FROM ${collection} ORDER BY id`)),
    // Through Directus, because only what goes through it is told live; its own stamp is then replaced.
    put: async (count, { at } = {}) => {
      const rows = Array.from({ length: count }, () => ({
        sku: `PUT-${++made}`,
        ...(collection === 'stock_levels' && { on_hand: 1 }),
      }));
      const ids = idsOf(await ask('POST', `/items/${collection}`, rows));
      if (at !== undefined) {
        const sql = `UPDATE ${collection} SET date_created = $1 WHERE id = ANY($2::int[])`;
        await database.rows(sql, [new Date(at), ids.map(Number)]);
      }
      return ids;
    },
    touch: async (id, at) =>
      void (await database.rows(`UPDATE ${collection} SET date_updated = $1 WHERE id = $2`, [
        new Date(at),
        Number(id),
      ])),
    delete: async (id) => void (await ask('DELETE', `/items/${collection}/${id}`)),
    sample: (index) => sample(`SAMPLE-${index}`),
    refused: (index) => ({ ...sample(`REFUSED-${index}`), ...tooLarge }),
    change: () => change,
    // Reads see what is committed: only a transaction's own length lies between a stamp and its row.
    lagMs: 0,
  };
};

const start: World['start'] = async () => {
  const data = await seededDirectus({ directory: await mkdtemp(join(tmpdir(), 'directus-')) });
  const directus = await startDirectus({ data });
  const database = await openDatabase({ port: directus.databasePort });
  for (const { collection } of [items, stockLevels])
    await database.rows(`DELETE FROM ${collection} WHERE id > ${kept}`);
  const server = { ask: askOf(directus.url), database };
  return {
    url: directus.url,
    settings: (url) => ({ url }),
    credentials: { email: ADMINISTRATOR.email, password: ADMINISTRATOR.password },
    resources: { items: hands(server, items), stockLevels: hands(server, stockLevels) },
    stop: async () => {
      await database.close();
      await directus.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
};

const refusal = (code: string, extensions: object = {}) => ({
  errors: [{ message: code, extensions: { code, ...extensions } }],
});

/** A real Directus on PostgreSQL. Rows made by `put` go through its API, so that its activity log and its sockets know. */
export const world: World = {
  name: 'Directus 12.4.0',
  kind: 'real server',
  start,
  dialect: {
    throttled: (waitMs) => ({
      status: 429,
      headers: { 'retry-after': String(Math.ceil(waitMs / 1_000)) },
      body: refusal('REQUESTS_EXCEEDED', { limit: 50 }),
    }),
    unauthenticated: () => ({ status: 401, body: refusal('TOKEN_EXPIRED') }),
    forbidden: () => ({ status: 403, body: refusal('FORBIDDEN') }),
    isTokenRequest: ({ path }) => path.startsWith('/auth/'),
  },
};
