import { bulkById, currentBulk } from '../bulk/operations.ts';
import { gid, idOf } from '../records/gid.ts';
import { find, findByName, type RecordType } from '../records/table.ts';
import type { ShopifyState } from '../state.ts';
import { subscriptionPage } from '../webhooks/subscriptions.ts';
import { connection, type PageArguments, readPage } from './connection.ts';
import { deletionPage } from './deletions.ts';
import { type Resolved, resolve } from './objects.ts';

interface ById {
  readonly id: string;
}

const one =
  (state: ShopifyState, type: RecordType) =>
  (args: ById): Resolved | null => {
    const id = idOf(type, args.id);
    const record = id === undefined ? undefined : find(state.database, type, id);
    return record === undefined ? null : resolve(state, record);
  };

const many = (state: ShopifyState, type: RecordType) => (args: PageArguments) =>
  connection(readPage(state, { type }, args), (record) => resolve(state, record));

/** All scopes that the stand-in knows. */
const allScopes = ['products', 'inventory', 'orders', 'customers'].flatMap((name) => [`read_${name}`, `write_${name}`]);

/** The root fields that read. */
export const queries = (state: ShopifyState): Resolved => ({
  shop: () => ({
    id: gid('Shop', '1'),
    name: 'Sandbox',
    myshopifyDomain: 'sandbox.myshopify.com',
    currencyCode: state.settings.currencyCode,
    ianaTimezone: 'Europe/Dublin',
    plan: { publicDisplayName: 'Basic' },
  }),
  currentAppInstallation: () => ({
    accessScopes: (state.settings.grantedScopes ?? [...allScopes, 'read_locations']).map((handle) => ({ handle })),
  }),
  products: many(state, 'Product'),
  product: one(state, 'Product'),
  productsCount: () => ({ count: count(state, 'Product'), precision: 'EXACT' }),
  productByIdentifier: ({ identifier }: { identifier: { id?: string; handle?: string } }) =>
    identifier.handle === undefined
      ? one(state, 'Product')({ id: identifier.id ?? '' })
      : named(state, 'Product', identifier.handle),
  productVariants: many(state, 'ProductVariant'),
  productVariant: one(state, 'ProductVariant'),
  customers: many(state, 'Customer'),
  customer: one(state, 'Customer'),
  customerByIdentifier: ({ identifier }: { identifier: { id?: string; emailAddress?: string } }) =>
    identifier.emailAddress === undefined
      ? one(state, 'Customer')({ id: identifier.id ?? '' })
      : named(state, 'Customer', identifier.emailAddress.toLowerCase()),
  orders: many(state, 'Order'),
  order: one(state, 'Order'),
  inventoryItems: many(state, 'InventoryItem'),
  inventoryItem: one(state, 'InventoryItem'),
  inventoryLevel: one(state, 'InventoryLevel'),
  locations: many(state, 'Location'),
  location: one(state, 'Location'),
  deletionEvents: (args: PageArguments) => deletionPage(state, args),
  bulkOperation: ({ id }: ById) => bulkById(state, id),
  currentBulkOperation: () => currentBulk(state),
  webhookSubscriptions: (args: PageArguments) => subscriptionPage(state, args),
});

const named = (state: ShopifyState, type: RecordType, name: string): Resolved | null => {
  const record = findByName(state.database, type, name);
  return record === undefined ? null : resolve(state, record);
};

const count = ({ database }: ShopifyState, type: RecordType): number =>
  Number(database.statement('SELECT count(*) AS n FROM records WHERE type = ?').get(type)?.n);
