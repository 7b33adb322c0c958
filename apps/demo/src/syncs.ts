import { connectorError } from '@mortise/runtime';
import { keyFromEnvironment, openStore, type Store } from '@mortise/store';
import {
  type Convergence,
  converge,
  defineSync,
  type Hints,
  type RunResult,
  type Sync,
  type SyncProgress,
  watch,
} from '@mortise/sync';
import type { Crm } from './connections.ts';
import { orderToDeal } from './order-to-deal.ts';
import type { InventorySide, ShopSide } from './systems/sides.ts';
import type { WebhookSender } from './webhook-receiver.ts';

/** The live sides of the demo. */
export interface Sides {
  readonly shop: ShopSide;
  readonly crm: Crm;
  /** Webhooks of the CRM, where it sends any. */
  readonly crmWebhooks: WebhookSender | undefined;
  readonly inventory: InventorySide | undefined;
}

/** All that flows: from the shop into the CRM and to where the stock is kept, and the stock from there to the shop. */
export const defineSyncs = ({ shop, crm, inventory }: Sides): readonly Sync[] => [
  ...crmSyncs(shop, crm),
  ...(inventory === undefined ? [] : [...inventory.syncsFrom(shop), shop.stockSync(inventory.stock)]),
];

/** The sync of this name. @throws ConnectorError `internal` where there is none. */
export const syncNamed = (syncs: readonly Sync[], name: string): Sync => {
  const found = syncs.find((sync) => sync.name === name);
  if (found === undefined) throw connectorError('internal', `the demo has no sync '${name}'`);
  return found;
};

const crmSyncs = (shop: ShopSide, crm: Crm): readonly Sync[] => {
  // Both sides speak the same models here, and so nothing has to be mapped.
  const customers = defineSync({ name: 'customers', from: shop.customers, to: crm.contacts });
  const products = defineSync({ name: 'products', from: shop.products, to: crm.products });
  const orders = defineSync({
    name: 'orders',
    from: shop.orders,
    to: crm.deals,
    map: orderToDeal,
    // A deal's contact is whatever contact the order's customer became.
    references: { contactId: customers },
  });
  return [customers, products, orders];
};

/** Opens the file that remembers how far the syncs came, and what became of each record. */
export const openState = async (path: string, directory: string): Promise<Store> =>
  openStore({ path, key: await keyFromEnvironment({ directory, environment: process.env }) });

/** What both kinds of run need. */
export interface RunWith {
  readonly store: Store;
  readonly signal: AbortSignal;
}

/** Runs the syncs until shop and CRM agree. */
export const catchUp = (
  syncs: readonly Sync[],
  options: RunWith & { readonly onProgress: (progress: SyncProgress) => void },
): Promise<Convergence> => converge(syncs, options);

/** Carries each change, until the signal. */
export const keepUp = (
  syncs: readonly Sync[],
  options: RunWith & {
    readonly hints: Hints;
    /** Time between two rounds, milliseconds. */
    readonly pollMs: number;
    readonly onChange: (result: RunResult) => void;
  },
): Promise<void> => watch(syncs, options);
