import type { WebhookTopic } from '@mortise/runtime/webhooks';
import { scopes } from './permissions.ts';

const needing = (permission: string, names: readonly string[]): Record<string, WebhookTopic> =>
  Object.fromEntries(names.map((name) => [name, { permissions: [permission] }]));

const [readProducts] = scopes.readProducts;
const [readCustomers] = scopes.readCustomers;
const [readOrders] = scopes.readOrders;
const [readInventory] = scopes.readInventory;
const [readLocations] = scopes.readLocations;

/** The topics about the records of this connector, and what a subscription to each needs. */
export const webhookTopics: Readonly<Record<string, WebhookTopic>> = {
  ...needing(readProducts, ['PRODUCTS_CREATE', 'PRODUCTS_UPDATE', 'PRODUCTS_DELETE']),
  ...needing(readCustomers, ['CUSTOMERS_CREATE', 'CUSTOMERS_UPDATE', 'CUSTOMERS_DELETE']),
  // A scope of its own: who may read customers is not told of their merges.
  ...needing('read_customer_merge', ['CUSTOMERS_MERGE']),
  ...needing(readOrders, [
    'ORDERS_CREATE',
    'ORDERS_UPDATED',
    'ORDERS_PAID',
    'ORDERS_FULFILLED',
    'ORDERS_CANCELLED',
    'ORDERS_DELETE',
  ]),
  ...needing(readInventory, [
    'INVENTORY_ITEMS_CREATE',
    'INVENTORY_ITEMS_UPDATE',
    'INVENTORY_ITEMS_DELETE',
    'INVENTORY_LEVELS_CONNECT',
    'INVENTORY_LEVELS_UPDATE',
    'INVENTORY_LEVELS_DISCONNECT',
  ]),
  ...needing(readLocations, ['LOCATIONS_CREATE', 'LOCATIONS_UPDATE', 'LOCATIONS_DELETE']),
  APP_UNINSTALLED: {},
  BULK_OPERATIONS_FINISH: {},
};
