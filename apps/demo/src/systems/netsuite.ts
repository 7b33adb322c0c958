import netsuite from '@mortise/connector-netsuite';
import { open, sealSecret } from '@mortise/runtime';
import { defineSync } from '@mortise/sync';
import { startServer } from '../child-server.ts';
import type { OpenWith } from '../connections.ts';
import type { Lifetime } from '../lifetime.ts';
import { sandboxProgram } from './sandbox-program.ts';
import type { InventorySide, RunningSystem, ShopSide } from './sides.ts';

/** Currencies of the sandbox's account, by their internal ids. */
const currencies = { '1': 'USD', '2': 'GBP', '4': 'EUR', '5': 'JPY' };

/** What the account has before the shop is connected: goods under the shop's numbers, and their stock. */
const seed = { number: 1, items: 160, customers: 0, orders: 0, deleted: 0, skuPrefix: 'SKU-' };

/** Starts the NetSuite sandbox. */
export const startNetSuite = async ({
  database,
  lifetime: { signal, fail },
}: {
  readonly database: string;
  readonly lifetime: Lifetime;
}): Promise<RunningSystem<InventorySide>> => {
  const args = ['--port', '0', '--database', database, '--seed', JSON.stringify(seed)];
  const file = sandboxProgram(import.meta.resolve('@mortise/sandbox-netsuite'));
  const { url, stop } = await startServer({ name: 'the NetSuite sandbox', file, args, signal, onCrash: fail });
  return {
    welcome: [
      `ERP   NetSuite sandbox   ${url}`,
      `      curl --json '{"sku":"SKU-000001","location":"Lager Süd","onHand":42}' \\`,
      `        ${url}/__sandbox/stock`,
    ],
    connect: (options) => sideOf(openNetSuite(url, options)),
    stop,
  };
};

/** The account over SOAP, which NetSuite ends with 2028.2: the demo shows it while it lasts. */
const openNetSuite = (url: string, options: OpenWith) =>
  open(netsuite, {
    settings: { account: '123456_SB1', api: 'soap', baseUrl: url, currencies },
    credentials: {
      tokens: {
        consumerKey: sealSecret('sandbox-consumer-key'),
        consumerSecret: sealSecret('sandbox-consumer-secret'),
        tokenId: sealSecret('sandbox-token'),
        tokenSecret: sealSecret('sandbox-token-secret'),
      },
    },
    ...options,
  });

const sideOf = (erp: ReturnType<typeof openNetSuite>): InventorySide => ({
  stock: erp.stockLevels,
  syncsFrom: (shop: ShopSide) => {
    const customers = defineSync({ name: 'erp customers', from: shop.customers, to: erp.customers });
    const items = defineSync({ name: 'erp items', from: shop.products, to: erp.items });
    const orders = defineSync({
      name: 'erp orders',
      from: shop.orders,
      to: erp.salesOrders,
      // The customer must be there first; items are found by their SKU.
      references: { customerId: customers },
    });
    return [customers, items, orders];
  },
});
