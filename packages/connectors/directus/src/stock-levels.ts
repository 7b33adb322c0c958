import { StockLevel } from '@mortise/models';
import { isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { operationsOn, permissionsOf } from './operations.ts';
import { directus } from './vendor.ts';
import { granularityMs, lagMs } from './vendor-facts.ts';

/** A stock level, under the names of the settings' fields. */
export const DirectusStockLevel = z
  .object({
    id: z.string(),
    sku: z.string().nullable(),
    location: z.string().nullable(),
    /** Units that lie there. */
    on_hand: z.int(),
    /** Units of these that are promised to orders. */
    allocated: z.int().nullable(),
    date_created: z.string(),
    /** Null until the first update. */
    date_updated: z.string().nullable(),
    /** When the row was last changed, put here by the connector: `date_updated`, or else `date_created`. */
    changed_at: z.string(),
  })
  .meta({ title: 'Directus stock level' });

/** How a row of stock reads as a stock level, and back. */
export const stockLevelMapping = mapping(DirectusStockLevel, StockLevel, {
  id: { from: 'id', access: 'read' },
  sku: { from: 'sku' },
  productId: { constant: null, note: 'rows name their item by its SKU' },
  locationId: {
    from: 'location',
    onEmpty: 'null',
    access: 'read',
    note: 'locations have no table: the name is the id',
  },
  locationName: { from: 'location' },
  onHand: { from: 'on_hand' },
  allocated: { from: 'allocated' },
  updatedAt: { from: 'changed_at', as: isoInstant, access: 'read' },
});

/** Stock levels; upserts find them by `sku`. */
export const stockLevels = directus.resource({
  record: DirectusStockLevel,
  key: 'id',
  changes: { field: 'changed_at', granularityMs, lagMs },
  mapping: stockLevelMapping,
  permissions: permissionsOf('stock_levels'),
  ...operationsOn('stockLevels'),
});
