import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import directus from '@mortise/connector-directus';
import { connectorError, open, sealSecret } from '@mortise/runtime';
import { defineSync } from '@mortise/sync';
import { startServer } from '../child-server.ts';
import { type OpenWith, silent } from '../connections.ts';
import type { Lifetime } from '../lifetime.ts';
import type { Terminal } from '../terminal.ts';
import type { InventorySide, RunningSystem, ShopSide } from './sides.ts';

const directusFolder = new URL('../../../../servers/directus/', import.meta.url);
const fileOf = (name: string) => fileURLToPath(new URL(name, directusFolder));

/** Token of the demo's own Directus, which listens on this machine only. */
const ownToken = 'static-admin-token-for-tests';

/** Currency of the demo's own shop; Directus keeps bare numbers. */
const currency = 'EUR';

/** Starts the demo's own Directus on a PostgreSQL of its own, with the collections that people keep stock in. */
export const startDirectus = async ({
  folder,
  terminal,
  lifetime,
}: {
  readonly folder: string;
  readonly terminal: Terminal;
  readonly lifetime: Lifetime;
}): Promise<RunningSystem<InventorySide>> => {
  if (!existsSync(fileOf('node_modules'))) {
    throw connectorError('invalid-settings', 'the stock server is not installed: start the demo with npm start');
  }
  if (!existsSync(folder)) terminal.say('making the database of Directus (once) …');
  const { signal, fail } = lifetime;
  const args = ['--port', '0', '--data', folder];
  const server = { name: 'the stock server', file: fileOf('start.mjs'), args, signal, onCrash: fail };
  const { url, stop } = await startServer(server);
  try {
    await lifetime.within(makeCollections(url));
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    welcome: [
      `stock Directus on SQL    ${url}`,
      `      curl -X PATCH -H 'authorization: Bearer ${ownToken}' \\`,
      `        --json '{"on_hand":42}' ${url}/items/stock_levels/1`,
    ],
    connect: (options) => sideOf({ url, folder }, options),
    stop,
  };
};

/** What the server's own seed script offers. */
interface SeedScript {
  readonly makeCollections: (options: { readonly url: string; readonly token: string }) => Promise<boolean>;
}

const makeCollections = async (url: string): Promise<void> => {
  const script: SeedScript = await import(new URL('seed.mjs', directusFolder).href);
  await script.makeCollections({ url, token: ownToken }).catch((thrown: unknown) => {
    const reason = thrown instanceof Error ? thrown.message.replace(/\.$/, '') : 'no reason given';
    throw connectorError('unavailable', `the collections could not be made: ${reason}; run again to go on`);
  });
};

const openDirectus = (url: string, options: OpenWith) =>
  open(directus, { settings: { url, currency }, credentials: { token: sealSecret(ownToken) }, ...options });

const sideOf = (
  { url, folder }: { readonly url: string; readonly folder: string },
  options: OpenWith,
): InventorySide => {
  const stock = openDirectus(url, options);
  return {
    stock: stock.stockLevels,
    syncsFrom: (shop) => [defineSync({ name: 'stock items', from: shop.products, to: stock.items })],
    fill: (shop, { signal }) => {
      const mark = join(folder, 'stock-counted');
      return fillStock(openDirectus(url, { events: silent }), shop, { mark, signal });
    },
    changedStock: async function* (signal) {
      for await (const change of stock.stockLevels.subscribe({ since: new Date(), signal })) {
        if (change.kind === 'changed') yield change.record.id;
      }
    },
  };
};

/**
 * Counts what the shop has at its first location: a row of Directus is one SKU. A count that was interrupted is done again;
 * one that is done is marked, and what people edit afterwards is theirs.
 */
const fillStock = async (
  { stockLevels }: ReturnType<typeof openDirectus>,
  shop: ShopSide,
  { mark, signal }: { readonly mark: string; readonly signal: AbortSignal },
): Promise<void> => {
  if (existsSync(mark)) return;
  let first: string | null | undefined;
  for await (const { records } of shop.stock(signal)) {
    first ??= records[0]?.locationName;
    const counted = records.flatMap(({ sku, locationName, onHand, allocated }) =>
      sku !== null && locationName === first ? [{ sku, locationName, onHand, allocated }] : [],
    );
    const outcomes = await stockLevels.model.upsert(counted, { signal });
    for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
  }
  writeFileSync(mark, '');
};
