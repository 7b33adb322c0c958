import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { stockKey } from '@mortise/models';
import { readField } from '@mortise/runtime';
import { conformance, type ResourceWorld, type World } from '@mortise/testing';
import { expect, test } from 'vitest';
import { seededShop, startShop } from '../../../../servers/vendure/shop-template.mjs';
import vendure from '../src/index.ts';
import { administrator, itemsOf, type Query, signIn } from './shop.ts';

/** How many of the seeded rows stay: lists are read in pages of two. */
const kept = 12;

/** The shop's own form of a stamp in SQLite: whole seconds, UTC. */
const stamp = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

interface Shop {
  readonly query: Query;
  readonly database: DatabaseSync;
}

const idsOf = async ({ query }: Shop, field: string): Promise<readonly string[]> =>
  (await itemsOf(query, { field, selection: '{ id }' })).map((row) => String(readField(row, 'id')));

const setStamp = ({ database }: Shop, table: string, { id, at }: { id: string; at: number }): void => {
  database.prepare(`UPDATE "${table}" SET updatedAt = ? WHERE id = ?`).run(stamp(at), Number(id));
};

/** A kind of record that is made and deleted through the Admin API. */
interface Made {
  readonly table: string;
  /** The list of the Admin API. */
  readonly list: string;
  /** A mutation that makes the record of an index and gives its id. */
  readonly create: (index: number) => string;
  readonly remove: (id: string) => string;
}

const madeThere = (shop: Shop, { table, list, create, remove }: Made): ResourceWorld => {
  let made = 0;
  const put = async (at: number): Promise<string> => {
    made += 1;
    const id = String(readField(await shop.query(create(made)), 'made.id'));
    setStamp(shop, table, { id, at });
    return id;
  };
  return {
    ids: () => idsOf(shop, list),
    put: async (count, { at = Date.now() } = {}) => {
      const ids: string[] = [];
      while (ids.length < count) ids.push(await put(at));
      return ids;
    },
    touch: async (id, at) => setStamp(shop, table, { id, at }),
    delete: async (id) => void (await shop.query(remove(id))),
  };
};

const customers: Made = {
  table: 'customer',
  list: 'customers',
  create: (index) => `mutation { made: createCustomer(input: {
    firstName: "New", lastName: "Person", emailAddress: "conformance${index}@example.test" }) { ... on Customer { id } } }`,
  remove: (id) => `mutation { deleteCustomer(id: ${id}) { result } }`,
};

const locations: Made = {
  table: 'stock_location',
  list: 'stockLocations',
  create: (index) => `mutation { made: createStockLocation(input: { name: "Shelf ${index}" }) { id } }`,
  remove: (id) => `mutation { deleteStockLocation(input: { id: ${id} }) { result } }`,
};

/** A stock level of the connector is one variant at one location. */
const levelIds = async ({ query }: Shop): Promise<readonly string[]> => {
  const rows = await itemsOf(query, { field: 'productVariants', selection: '{ id stockLevels { stockLocationId } }' });
  return rows.flatMap((row) => {
    const levels = readField(row, 'stockLevels');
    const places = Array.isArray(levels) ? levels.map((level) => readField(level, 'stockLocationId')) : [];
    return places.map((place) => `${readField(row, 'id')}/${place}`);
  });
};

/** Levels are only set, by the SKU of a variant that is there and the name of its location. */
const stockLevels = async (shop: Shop): Promise<ResourceWorld> => {
  const selection = '{ sku stockLevels { stockLocation { name } } }';
  const keys = (await itemsOf(shop.query, { field: 'productVariants', selection })).map((row) =>
    stockKey({
      sku: String(readField(row, 'sku')),
      location: String(readField(row, 'stockLevels.0.stockLocation.name')),
    }),
  );
  return {
    ids: () => levelIds(shop),
    // The same ones again where more are written than there are.
    sample: (index) => ({ key: keys[index % keys.length], stockOnHand: 40 + index }),
    refused: () => ({ key: stockKey({ sku: 'NO-SUCH-SKU', location: 'nowhere' }), stockOnHand: 1 }),
    setsOnly: true,
    mark: () => 'mutation UpdateStock',
    change: () => ({ stockOnHand: 7 }),
  };
};

const start: World['start'] = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vendure-'));
  const path = await seededShop({ directory: folder });
  const database = new DatabaseSync(path, { timeout: 5_000 });
  for (const table of ['customer', 'product_variant']) {
    database.exec(`UPDATE ${table} SET deletedAt = '2026-01-01 00:00:00' WHERE id > ${kept}`);
  }
  const server = await startShop({ database: path });
  const shop: Shop = { query: await signIn(server.url), database };
  return {
    url: server.url,
    settings: (url) => ({ url }),
    credentials: administrator,
    resources: {
      customers: madeThere(shop, customers),
      variants: { ids: () => idsOf(shop, 'productVariants') },
      orders: { ids: () => idsOf(shop, 'orders') },
      stockLevels: await stockLevels(shop),
      locations: madeThere(shop, locations),
    },
    stop: async () => {
      await server.stop();
      database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Vendure says most things with status 200. */
const refusal = (code: string) => ({
  status: 200,
  body: { errors: [{ message: code, extensions: { code } }], data: null },
});

const world: World = {
  name: 'Vendure 3.7.3',
  kind: 'real server',
  start,
  dialect: {
    unauthenticated: () => refusal('UNAUTHORIZED'),
    forbidden: () => refusal('FORBIDDEN'),
    isTokenRequest: ({ body }) => /login\(username|query (?:Permissions|ActiveChannel)/.test(body),
  },
};

conformance(vendure, {
  test: (name, run) => test(name, run, 180_000),
  expect,
  world,
  sheet: new URL('../conformance.json', import.meta.url),
});
