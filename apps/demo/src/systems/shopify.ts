import shopify from '@mortise/connector-shopify';
import { open, sealSecret } from '@mortise/runtime';
import { matchSubscriptions } from '@mortise/runtime/webhooks';
import { defineSync } from '@mortise/sync';
import { startServer } from '../child-server.ts';
import type { OpenWith } from '../connections.ts';
import type { Lifetime } from '../lifetime.ts';
import { sandboxToken } from '../settings.ts';
import type { WebhookSender } from '../webhook-receiver.ts';
import { keyedStock } from './keyed-stock.ts';
import { sandboxProgram } from './sandbox-program.ts';
import type { RunningSystem, ShopSide } from './sides.ts';

/** What the demo's own shop is filled with, once: each record can be carried, and the warehouse is the ERP's. */
const seed = {
  ...{ number: 1, products: 140, customers: 210, orders: 110, complete: true },
  locations: ['Main Warehouse', 'Lager Süd', '東京倉庫', 'Склад "Північ"'],
};

/** What the sandbox signs its webhooks with. */
const webhookSecret = 'sandbox-secret';

/** Starts the Shopify sandbox. */
export const startShopify = async ({
  database,
  lifetime: { signal, fail },
}: {
  readonly database: string;
  readonly lifetime: Lifetime;
}): Promise<RunningSystem<ShopSide>> => {
  const args = ['--port', '0', '--database', database, '--token', sandboxToken, '--seed', JSON.stringify(seed)];
  const file = sandboxProgram(import.meta.resolve('@mortise/sandbox-shopify'));
  const { url, stop } = await startServer({ name: 'the Shopify sandbox', file, args, signal, onCrash: fail });
  return {
    welcome: [
      `shop  Shopify sandbox    ${url}`,
      "      curl -H 'x-shopify-access-token: sandbox-token' --json \\",
      `        '{"query":"{products(first:3){nodes{title}}}"}' \\`,
      `        '${url}/admin/api/2026-10/graphql.json'`,
    ],
    connect: (options) => sideOf(openShopify(url, options)),
    stop,
  };
};

const openShopify = (url: string, options: OpenWith) =>
  open(shopify, {
    settings: { shop: 'sandbox.myshopify.com', origin: url, fileHosts: [new URL(url).host] },
    credentials: { accessToken: sealSecret(sandboxToken) },
    ...options,
  });

const sideOf = (shop: ReturnType<typeof openShopify>): ShopSide => ({
  customers: shop.customers,
  products: shop.variants,
  orders: shop.orders,
  stock: (signal) => shop.stockLevels.model.list({ signal }),
  stockSync: (stock) => defineSync({ name: 'stock', from: stock, to: shop.stockLevels, map: keyedStock }),
  // A Standard plan gives 100 points a second, which asking each second would use up; its webhooks come at once.
  pollMs: 5_000,
  webhooks: webhooksOf(shop),
});

/** The receiver listens on another port each time: subscriptions to the ports before it are of nobody's use. */
const formerUrlsOf = async (shop: ReturnType<typeof openShopify>, url: string): Promise<string[]> => {
  const former = new Set<string>();
  for await (const { records } of shop.webhookSubscriptions.list()) {
    for (const record of records) if (record.url !== url) former.add(record.url);
  }
  return [...former];
};

/** The topics that name a record of a sync: the sync, and the type in Shopify's global ids. */
const followed: Readonly<Record<string, { readonly syncs: readonly string[]; readonly type: string }>> = {
  customers: { syncs: ['customers', 'erp customers'], type: 'Customer' },
  orders: { syncs: ['orders', 'erp orders'], type: 'Order' },
};

const topics = ['CUSTOMERS_CREATE', 'CUSTOMERS_UPDATE', 'ORDERS_CREATE', 'ORDERS_UPDATED'];

const webhooksOf = (shop: ReturnType<typeof openShopify>): WebhookSender => ({
  connection: 'shopify',
  webhooks: shopify.webhooks,
  secret: sealSecret(webhookSecret),
  subscribe: async (url) => {
    const formerUrls = await formerUrlsOf(shop, url);
    await matchSubscriptions({
      webhooks: shopify.webhooks,
      subscriptions: shop.webhookSubscriptions,
      url,
      topics,
      formerUrls,
    });
  },
  records: ({ subject }) => {
    const [kind = '', id = ''] = subject.split('/');
    const { syncs = [], type = '' } = followed[kind] ?? {};
    return syncs.map((sync) => ({ sync, key: `gid://shopify/${type}/${id}` }));
  },
});
