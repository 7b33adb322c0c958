import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connectorError, revealSecret } from '@mortise/runtime';
import { defineSync } from '@mortise/sync';
import { type ChildServer, startServer } from '../child-server.ts';
import { firstLook, openVendure, silent } from '../connections.ts';
import type { Lifetime } from '../lifetime.ts';
import { ownLogin, type VendureAccess } from '../settings.ts';
import type { Terminal } from '../terminal.ts';
import { keyedStock } from './keyed-stock.ts';
import type { RunningSystem, ShopSide } from './sides.ts';

const vendureFolder = new URL('../../../../servers/vendure/', import.meta.url);
const fileOf = (name: string) => fileURLToPath(new URL(name, vendureFolder));

/** Starts the demo's own Vendure, unless another shop is named, and sees that the login works. */
export const startVendure = async (
  access: VendureAccess,
  {
    database,
    terminal,
    lifetime,
  }: { readonly database: string; readonly terminal: Terminal; readonly lifetime: Lifetime },
): Promise<RunningSystem<ShopSide>> => {
  const running =
    access.url === undefined ? await startOwn(database, lifetime) : { url: access.url, stop: async () => {} };
  const { url, stop } = running;
  try {
    await checkLogin({ ...access, url }, lifetime.signal);
    await fillShop(access, { url, terminal, lifetime });
    return {
      welcome: [
        `shop  Vendure Admin API  ${url}`,
        `      user ${access.username}, password ${access.isDefaultLogin ? ownLogin : 'as in VENDURE_PASSWORD'}`,
      ],
      connect: (options) => sideOf(openVendure({ ...access, url }, options)),
      stop,
    };
  } catch (thrown) {
    await running.stop();
    throw thrown;
  }
};

const sideOf = (shop: ReturnType<typeof openVendure>): ShopSide => ({
  customers: shop.customers,
  products: shop.variants,
  orders: shop.orders,
  stock: (signal) => shop.stockLevels.model.list({ signal }),
  stockSync: (stock) => defineSync({ name: 'stock', from: stock, to: shop.stockLevels, map: keyedStock }),
  // It counts nobody's requests and tells nobody of changes.
  pollMs: 1_000,
});

const startOwn = (database: string, { signal, fail }: Lifetime): Promise<ChildServer> => {
  if (!existsSync(fileOf('node_modules'))) {
    throw connectorError('invalid-settings', 'the shop server is not installed: start the demo with npm start');
  }
  const args = ['--port', '0', '--database', database];
  return startServer({ name: 'the shop server', file: fileOf('start.mjs'), args, signal, onCrash: fail });
};

const checkLogin = async (access: VendureAccess & { readonly url: string }, signal: AbortSignal): Promise<void> => {
  const shop = openVendure(access, { events: silent, limits: firstLook });
  for await (const _page of shop.customers.list({ pageSize: 1, signal })) return;
};

/** What the shop's own seed script offers. */
interface SeedScript {
  readonly seedShop: (options: {
    readonly url: string;
    readonly username: string;
    readonly password: string;
    readonly onProgress: (progress: { readonly step: string; readonly done: number; readonly total: number }) => void;
  }) => Promise<{ seeded: boolean; variants: number; customers: number; orders: number }>;
}

/** Fills the demo's own shop, once. A shop that somebody else runs is only read. */
const fillShop = async (
  access: VendureAccess,
  { url, terminal, lifetime }: { readonly url: string; readonly terminal: Terminal; readonly lifetime: Lifetime },
): Promise<void> => {
  if (access.url !== undefined) return;
  const { username, password } = access;
  const { seedShop }: SeedScript = await import(new URL('seed.mjs', vendureFolder).href);
  const startedAt = performance.now();
  const onProgress = seedProgress(terminal);
  const work = seedShop({ url, username, password: revealSecret(password), onProgress });
  const filled = await lifetime.within(work.catch(refused));
  if (!filled.seeded) return;
  const { customers, variants, orders } = filled;
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  terminal.say(`shop filled: ${customers} customers, ${variants} variants, ${orders} orders, ${seconds} s`);
};

const refused = (thrown: unknown): never => {
  const reason = thrown instanceof Error ? thrown.message.replace(/\.$/, '') : 'no reason given';
  throw connectorError('unavailable', `the shop could not be filled: ${reason}; run again to go on`, { cause: thrown });
};

/** One line that is replaced; or, where none can be, one for each step. */
const seedProgress = (terminal: Terminal) => {
  let lastStep = '';
  return ({ step, done, total }: { step: string; done: number; total: number }) => {
    terminal.show(`filling the shop (once): ${step} ${done} of ${total}`);
    const kind = step.split(',')[0] ?? step;
    if (!terminal.inPlace && kind !== lastStep) terminal.say(`filling the shop (once): ${kind} …`);
    lastStep = kind;
  };
};
