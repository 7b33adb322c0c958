import { readField } from '@mortise/runtime';
import { z } from 'zod';
import { present } from './answered.ts';
import { bulkBackfill } from './bulk.ts';
import { bulkDocuments } from './bulk-documents.ts';
import { documents } from './documents.ts';
import { scopes } from './permissions.ts';
import { recordList } from './record-walk.ts';
import { shopify } from './vendor.ts';
import { granularityMs, searchLagMs } from './vendor-facts.ts';

/** What stock is counted of: one for each variant. No model has it; callers work on the wire record. */
export const ShopifyInventoryItem = z
  .object({
    id: z.string(),
    sku: z.string().nullable(),
    /** Whether Shopify counts its stock. */
    tracked: z.boolean(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ title: 'Shopify inventory item' });

/** Inventory items of the shop. */
export const inventoryItems = shopify.resource({
  record: ShopifyInventoryItem,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs: searchLagMs },
  permissions: { list: [scopes.readInventory], backfill: [scopes.readInventory], get: [scopes.readInventory] },
  list: recordList({ document: documents.inventoryItems, connection: 'inventoryItems', sorts: 'none' }),
  backfill: bulkBackfill({ document: bulkDocuments.inventoryItems }),
  get: async (call, id) => {
    const { data } = await call.transports.admin.send({ document: documents.inventoryItem, variables: { id } });
    return present(readField(data, 'inventoryItem'));
  },
});
