import { type Call, connectorError, type ListedPage, type ListRequest, readField } from '@mortise/runtime';
import { readsProducts } from './permissions.ts';
import { granularityMs, lagMs, rowsById, type WithAdmin } from './rows-by-id.ts';
import { levelFields, levelsOf, stockLevelMapping, VendureStockLevel } from './stock-record.ts';
import { largestStockBatch, upsertStock } from './stock-upsert.ts';
import { vendure } from './vendor.ts';

const listDocument = `query StockLevels($options: ProductVariantListOptions) {
  productVariants(options: $options) { totalItems items { id updatedAt sku ${levelFields} } }
}`;
const updateDocument = `mutation UpdateStock($input: [UpdateProductVariantInput!]!) {
  updateProductVariants(input: $input) { id updatedAt sku ${levelFields} }
}`;

/**
 * Orders move stock without moving the variant's `updatedAt`, and levels have no list of their own: so all variants
 * are read, and each level is compared by its own `updatedAt`.
 */
async function* list(call: Call<WithAdmin, unknown>, request: ListRequest): AsyncGenerator<ListedPage> {
  const variants = { document: listDocument, field: 'productVariants' };
  for await (const { rows, isWithin, next } of rowsById(call, { list: variants, request })) {
    yield { records: rows.flatMap(levelsOf).filter(({ updatedAt }) => isWithin(updatedAt)), next };
  }
}

/** Stock levels: one record for each variant and location. */
export const stockLevels = vendure.resource({
  record: VendureStockLevel,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs },
  mapping: stockLevelMapping,
  permissions: {
    list: [readsProducts],
    update: [['UpdateProduct', 'UpdateCatalog']],
    upsert: [readsProducts, ['ReadStockLocation'], ['UpdateProduct', 'UpdateCatalog']],
  },
  list,
  // The stock on hand is set, not added to: twice is once.
  upsert: { effect: 'idempotent', key: 'key', max: largestStockBatch, run: upsertStock },
  update: {
    // The stock on hand is set, not added to.
    effect: 'idempotent',
    run: async (call, { id, change }) => {
      const [variantId, stockLocationId, ...rest] = id.split('/');
      if (variantId === undefined || stockLocationId === undefined || rest.length > 0) {
        throw connectorError('invalid-request', "a stock level's id is variant/location");
      }
      const input = [{ id: variantId, stockLevels: [{ stockLocationId, stockOnHand: change.stockOnHand }] }];
      const { data } = await call.transports.admin.send({
        document: updateDocument,
        variables: { input },
        effect: 'idempotent',
      });
      const rows = readField(data, 'updateProductVariants');
      const level = Array.isArray(rows) ? rows.flatMap(levelsOf).find((candidate) => candidate.id === id) : undefined;
      if (level === undefined) throw connectorError('not-found', 'the shop has no such stock level');
      return level;
    },
  },
});
