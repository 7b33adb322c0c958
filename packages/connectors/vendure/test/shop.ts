import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  type ConnectionOptions,
  type ConnectorError,
  isConnectorError,
  open,
  type Page,
  type RuntimeEvent,
  readField,
} from '@mortise/runtime';
import { afterAll, beforeAll } from 'vitest';
import { type Shop, seededShop, startShop } from '../../../../servers/vendure/shop-template.mjs';
import vendure from '../src/index.ts';

/** The administrator of every seeded shop. */
export const administrator = { username: 'superadmin', password: 'superadmin' };

/** Sends a document to the Admin API and gives its `data`. */
export type Query = (document: string, variables?: object) => Promise<unknown>;

/** Asks the shop without the connector. */
export const querier = (url: string, token?: string): Query => {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return async (query, variables = {}) => {
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    const body: unknown = await response.json();
    const errors = readField(body, 'errors');
    if (errors !== undefined) throw new Error(`the shop refused: ${JSON.stringify(errors)}`);
    return readField(body, 'data');
  };
};

/** A session of its own of the administrator. Vendure ends all sessions of a user at once when one logs out. */
export const signIn = async (url: string): Promise<Query> => {
  const query = 'mutation { login(username: "superadmin", password: "superadmin") { __typename } }';
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return querier(url, response.headers.get('vendure-auth-token') ?? undefined);
};

/** A running shop, asked without the connector as its administrator. */
export interface SeededShop {
  readonly url: () => string;
  readonly query: Query;
}

/** A real server on a seeded copy of its own for the tests of one file; `prepare` may write to the file before. */
export const useShop = (prepare: (database: DatabaseSync) => void = () => {}): SeededShop => {
  let shop: Shop | undefined;
  let folder: string | undefined;
  let query: Query | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vendure-'));
    const path = await seededShop({ directory: folder });
    const database = new DatabaseSync(path);
    prepare(database);
    database.close();
    shop = await startShop({ database: path });
    query = await signIn(shop.url);
  }, 180_000);
  afterAll(async () => {
    await shop?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  const started = (): Shop => {
    if (shop === undefined) throw new Error('the shop is started by beforeAll');
    return shop;
  };
  return {
    url: () => started().url,
    query: (document, variables) => (query ?? querier(started().url))(document, variables),
  };
};

/** What a test may choose besides the shop's URL. */
export interface Choice extends ConnectionOptions {
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly orderLookbackDays?: number;
  readonly stockLocationId?: string;
}

/** Opens a connection and keeps its events. */
export const connect = (url: string, choice: Choice = {}) => {
  const { credentials = administrator, orderLookbackDays, stockLocationId, ...options } = choice;
  const events: RuntimeEvent[] = [];
  const keep = (event: RuntimeEvent) => {
    events.push(event);
    options.events?.(event);
  };
  const settings = {
    url,
    ...(orderLookbackDays !== undefined && { orderLookbackDays }),
    ...(stockLocationId !== undefined && { stockLocationId }),
  };
  const limits = { attempts: 3, backoffBaseMs: 1 };
  return { shop: open(vendure, { limits, ...options, settings, credentials, events: keep }), events };
};

/** All pages of a list. */
export const pagesOf = async <Item>(pages: AsyncIterable<Page<Item>>): Promise<Page<Item>[]> => {
  const read: Page<Item>[] = [];
  for await (const page of pages) read.push(page);
  return read;
};

/** All records of a list; none may be rejected. */
export const recordsOf = async <Item>(pages: AsyncIterable<Page<Item>>): Promise<Item[]> =>
  (await pagesOf(pages)).flatMap(({ records, rejected }) => {
    if (rejected.length > 0) throw new Error(`rejected: ${JSON.stringify(rejected.map(({ issues }) => issues))}`);
    return [...records];
  });

/** The ids of all records of a list, in numeric order. */
export const idsOf = async (pages: AsyncIterable<Page<{ readonly id: string }>>): Promise<number[]> =>
  (await recordsOf(pages)).map(({ id }) => Number(id)).sort((left, right) => left - right);

/** Reads a list and does something behind its first page. */
export const recordsAround = async <Item>(
  pages: AsyncIterable<Page<Item>>,
  change: () => Promise<unknown>,
): Promise<Item[]> => {
  const records: Item[] = [];
  let isFirst = true;
  for await (const page of pages) {
    records.push(...page.records);
    if (isFirst) await change();
    isFirst = false;
  }
  return records;
};

/** The ConnectorError that a promise rejects with. */
export const errorOf = async (promise: Promise<unknown>): Promise<ConnectorError> => {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (isConnectorError(thrown)) return thrown;
  throw new Error('no ConnectorError was thrown', { cause: thrown });
};

/** The items of a list in the shop's own answer. */
export const itemsOf = async (query: Query, { field, selection }: { field: string; selection: string }) => {
  const items = readField(
    await query(`{ ${field}(options: { take: 1000 }) { items ${selection} } }`),
    `${field}.items`,
  );
  if (!Array.isArray(items)) throw new Error(`the shop gave no ${field}`);
  return items.toSorted((left, right) => Number(readField(left, 'id')) - Number(readField(right, 'id')));
};
