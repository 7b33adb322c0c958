import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectorError, isConnectorError, open, systemClock } from '@mortise/runtime';
import { openStore, type Store } from '@mortise/store';
import { onTestFinished } from 'vitest';
import { defineSync, type ModelMapping, type RunOptions, runSync, type Sync } from '../../src/index.ts';
import { crmConnector, type ShopModel, shopConnector } from './connectors.ts';
import { type CrmRow, startCrm } from './crm.ts';
import { startShop } from './shop.ts';

/** When every test begins. */
export const noon = Date.parse('2026-11-23T12:00:00Z');

/** The instant so many seconds after noon, as the shop stamps it. */
export const at = (seconds: number): string => new Date(noon + seconds * 1_000).toISOString();

/** The CRM's record of a shop's record. Names `unmappable` and `explosive` do what they say. */
const toCrm: ModelMapping<ShopModel, Omit<CrmRow, 'id'>> = {
  tryDecode: ({ key, name, parentId }) => {
    if (name === 'explosive') throw new TypeError(`cannot read ${name}`);
    if (name === 'unmappable')
      return { ok: false, issues: [{ path: 'name', field: 'name', reason: 'cannot be mapped' }] };
    return { ok: true, value: { key, name, parentId: parentId === null ? null : String(parentId) } };
  },
};

const freshStore = async (): Promise<{ store: Store; path: string }> => {
  const folder = mkdtempSync(join(tmpdir(), 'sync-'));
  const path = join(folder, 'state.db');
  const store = await openStore({ path, key: randomBytes(32) });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { store, path };
};

const quick = { attempts: 2, backoffBaseMs: 1, backoffCapMs: 1 };

/** A shop, a CRM, a store, the syncs between them and a clock that stands until it is moved. */
export const startWorld = async () => {
  const shop = await startShop();
  const crm = await startCrm();
  const { store, path } = await freshStore();
  const shared = { credentials: { token: 'token' }, limits: quick, events: () => {}, random: () => 0 };
  const source = open(shopConnector, { ...shared, settings: { url: shop.url } });
  const destination = open(crmConnector, { ...shared, settings: { url: crm.url } });
  const time = { now: noon + 60_000 };
  const clock = { ...systemClock, now: () => time.now };
  const customers = defineSync({ name: 'customers', from: source.customers, to: destination.contacts, map: toCrm });
  const orders = defineSync({
    name: 'orders',
    from: source.orders,
    to: destination.deals,
    map: toCrm,
    references: { parentId: customers },
  });
  const levels = defineSync({ name: 'levels', from: source.levels, to: destination.stocks, map: toCrm });
  const run = (sync: Sync, options: Partial<RunOptions> = {}) => runSync(sync, { store, clock, ...options });
  /** Puts customers `1`, `2`, … with the given stamps, seconds after noon. */
  const addCustomers = (stamps: readonly number[]) => {
    for (const [index, seconds] of stamps.entries()) shop.put('customers', customer(index + 1, seconds));
  };
  return { shop, crm, store, path, time, clock, customers, orders, levels, run, addCustomers };
};

/** The world of one test. */
export type World = Awaited<ReturnType<typeof startWorld>>;

/** A customer of the shop. */
export const customer = (number: number, seconds: number, name = `name ${number}`) => ({
  id: String(number),
  updatedAt: at(seconds),
  key: `key-${number}`,
  name,
});

/** The ConnectorError that a promise rejects with. */
export const refusal = async (promise: Promise<unknown>): Promise<ConnectorError> => {
  const thrown: unknown = await promise.then(
    () => new Error('it was taken'),
    (reason: unknown) => reason,
  );
  if (isConnectorError(thrown)) return thrown;
  throw thrown;
};

/** A promise and what resolves it. */
export const gate = () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
};
