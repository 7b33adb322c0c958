import type { ListedPage, ListRequest } from '@mortise/runtime';
import { readsProducts } from './permissions.ts';
import { rowsById } from './rows-by-id.ts';
import { levelFields, levelsOf, type StockRecord, stockLevelMapping, VendureStockLevel } from './stock-record.ts';
import { updateStock } from './stock-update.ts';
import { largestStockBatch, upsertStock } from './stock-upsert.ts';
import { type VendureCall, vendure } from './vendor.ts';
import { granularityMs, lagMs } from './vendor-facts.ts';

const listDocument = `query StockLevels($options: ProductVariantListOptions) {
  productVariants(options: $options) { totalItems items { id updatedAt sku ${levelFields} } }
}`;

/**
 * Orders move stock without moving the variant's `updatedAt`, and levels have no list of their own: so all variants
 * are read, and each level is compared by its own `updatedAt`.
 */
async function* list(call: VendureCall, request: ListRequest): AsyncGenerator<ListedPage> {
  const variants = { document: listDocument, field: 'productVariants' };
  const { stockLocationId } = call.settings;
  const isRead = (level: StockRecord) => stockLocationId === undefined || level.stockLocationId === stockLocationId;
  for await (const { rows, isWithin, next } of rowsById(call, { list: variants, request })) {
    yield { records: rows.flatMap(levelsOf).filter((level) => isRead(level) && isWithin(level.updatedAt)), next };
  }
}

const updates = ['UpdateProduct', 'UpdateCatalog'] as const;

/** Stock levels: one record for each variant and location. */
export const stockLevels = vendure.resource({
  record: VendureStockLevel,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs },
  mapping: stockLevelMapping,
  permissions: {
    list: [readsProducts],
    update: [updates],
    upsert: [readsProducts, ['ReadStockLocation', 'ReadCatalog'], updates],
  },
  list,
  // The stock on hand is set, not added to: twice is once.
  update: { effect: 'idempotent', run: updateStock },
  upsert: { effect: 'idempotent', key: 'key', max: largestStockBatch, run: upsertStock },
});
