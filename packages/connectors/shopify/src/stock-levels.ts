import { StockLevel } from '@mortise/models';
import { isoInstant, readField } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { present } from './answered.ts';
import { bulkBackfill } from './bulk.ts';
import { bulkDocuments } from './bulk-documents.ts';
import { documents } from './documents.ts';
import { foldLevel, levelsOfItem } from './level-fold.ts';
import { listLevels } from './level-walk.ts';
import { scopes } from './permissions.ts';
import { largestStockBatch, setLevels } from './set-levels.ts';
import { setStock } from './set-stock.ts';
import { shopify } from './vendor.ts';
import { granularityMs, searchLagMs } from './vendor-facts.ts';

/** The stock of one inventory item at one location. */
export const ShopifyStockLevel = z
  .object({
    id: z.string(),
    updatedAt: z.string(),
    /** SKU and name of the location, as `stockKey` of `@mortise/models` writes them; absent without a SKU. Made here. */
    key: z.string().optional(),
    location: z.object({ id: z.string(), name: z.string() }),
    item: z.object({ id: z.string(), sku: z.string().nullable() }),
    /** The variant of the item, put here by the operation. */
    variantId: z.string().nullable(),
    /** Units by what became of them. */
    quantities: z.object({
      /** Units that lie there. */
      on_hand: z.number(),
      /** Units of these that are promised to orders. */
      committed: z.number(),
      /** Units that can be sold. */
      available: z.number(),
    }),
  })
  .meta({ title: 'Shopify stock level' });

/** How a Shopify stock level reads as a stock level. The stock on hand can be written. */
export const stockLevelMapping = mapping(ShopifyStockLevel, StockLevel, {
  id: { from: 'id', access: 'read' },
  key: { from: 'key' },
  sku: { from: 'item.sku', onEmpty: 'null', access: 'read' },
  productId: { from: 'variantId', access: 'read', note: 'the variant' },
  locationId: { from: 'location.id', access: 'read' },
  locationName: { from: 'location.name', access: 'read' },
  onHand: { from: 'quantities.on_hand' },
  allocated: { from: 'quantities.committed', access: 'read', note: 'moved by orders' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

const reads = [scopes.readInventory, scopes.readLocations, scopes.readProducts] as const;

/** Stock levels: one record for each inventory item and location. */
export const stockLevels = shopify.resource({
  record: ShopifyStockLevel,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs: searchLagMs },
  mapping: stockLevelMapping,
  permissions: {
    list: reads,
    backfill: reads,
    get: reads,
    update: [...reads, scopes.writeInventory],
    upsert: [...reads, scopes.writeInventory],
  },
  list: listLevels,
  backfill: bulkBackfill({
    document: bulkDocuments.stockLevels,
    places: { ProductVariant: 'variants', InventoryLevel: 'inventoryLevels' },
    isWindowed: false,
    fold: levelsOfItem,
  }),
  get: async (call, id) => {
    const { data } = await call.transports.admin.send({ document: documents.stockLevel, variables: { id } });
    return foldLevel(present(readField(data, 'inventoryLevel')));
  },
  update: { effect: 'keyed', run: setStock },
  upsert: { effect: 'keyed', key: 'key', max: largestStockBatch, run: setLevels },
});
