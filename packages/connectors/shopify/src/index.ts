import { shopifyWebhooks } from '@mortise/runtime/webhooks';
import { customers } from './customers.ts';
import { inventoryItems } from './inventory-items.ts';
import { locations } from './locations.ts';
import { orders } from './orders.ts';
import { products } from './products.ts';
import { stockLevels } from './stock-levels.ts';
import { variants } from './variants.ts';
import { shopify } from './vendor.ts';
import { webhookSubscriptions } from './webhook-subscriptions.ts';
import { webhookTopics } from './webhook-topics.ts';

export { customerMapping, ShopifyCustomer } from './customers.ts';
export { ShopifyInventoryItem } from './inventory-items.ts';
export { locationMapping, ShopifyLocation } from './locations.ts';
export { orderLineMapping, orderMapping, ShopifyOrder, ShopifyOrderLine } from './orders.ts';
export { productMapping, ShopifyProduct } from './products.ts';
export { credentials, type ShopifySettings, settings } from './settings.ts';
export { ShopifyStockLevel, stockLevelMapping } from './stock-levels.ts';
export { ShopifyVariant, variantMapping } from './variants.ts';
export { api, apiVersion, granularityMs, limits, searchLagMs } from './vendor-facts.ts';

/**
 * The Shopify connector: products, variants, customers, orders, stock over the GraphQL Admin API 2026-10.
 * @see https://shopify.dev/docs/api/admin-graphql/2026-10
 */
export default shopify.connector({
  resources: {
    products,
    variants,
    customers,
    orders,
    inventoryItems,
    stockLevels,
    locations,
    webhookSubscriptions,
  },
  webhooks: { ...shopifyWebhooks, topics: webhookTopics, subscriptions: 'webhookSubscriptions' },
});
