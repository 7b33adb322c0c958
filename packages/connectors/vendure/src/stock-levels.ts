import { StockLevel } from '@mortise/models';
import { connectorError, isoInstant, type ListedPage, type ListRequest, readField } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { readsProducts } from './permissions.ts';
import { rowsById } from './rows-by-id.ts';
import { type VendureCall, vendure } from './vendor.ts';
import { granularityMs, lagMs } from './vendor-facts.ts';

const Level = z.object({
  updatedAt: z.string(),
  stockLocationId: z.string(),
  stockOnHand: z.int(),
  stockAllocated: z.int(),
  stockLocation: z.object({ name: z.string() }),
});

const VariantWithLevels = z.object({ id: z.string(), sku: z.string(), stockLevels: z.array(Level) });

/** The stock of one variant at one location. */
export const VendureStockLevel = Level.extend({
  /** Variant and location: `12/1`. */
  id: z.string(),
  variant: z.object({ id: z.string(), sku: z.string() }),
}).meta({ title: 'Vendure stock level' });

type StockRecord = z.output<typeof VendureStockLevel>;

/** How a Vendure stock level reads as a stock level. The stock on hand can be written. */
export const stockLevelMapping = mapping(VendureStockLevel, StockLevel, {
  id: { from: 'id', access: 'read' },
  sku: { from: 'variant.sku', access: 'read' },
  productId: { from: 'variant.id', access: 'read' },
  locationId: { from: 'stockLocationId', access: 'read' },
  locationName: { from: 'stockLocation.name', access: 'read' },
  onHand: { from: 'stockOnHand' },
  allocated: { from: 'stockAllocated', access: 'read', note: 'moved by orders' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

const levelFields = 'stockLevels { updatedAt stockLocationId stockOnHand stockAllocated stockLocation { name } }';
const listDocument = `query StockLevels($options: ProductVariantListOptions) {
  productVariants(options: $options) { totalItems items { id updatedAt sku ${levelFields} } }
}`;
const updateDocument = `mutation UpdateStock($input: [UpdateProductVariantInput!]!) {
  updateProductVariants(input: $input) { id updatedAt sku ${levelFields} }
}`;

const levelsOf = (row: unknown): StockRecord[] => {
  const parsed = VariantWithLevels.safeParse(row);
  if (!parsed.success) throw connectorError('unexpected-content', 'a product variant came without its stock levels');
  const { id, sku, stockLevels } = parsed.data;
  return stockLevels.map((level) => ({ ...level, id: `${id}/${level.stockLocationId}`, variant: { id, sku } }));
};

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

/** Stock levels: one record for each variant and location. */
export const stockLevels = vendure.resource({
  record: VendureStockLevel,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs },
  mapping: stockLevelMapping,
  permissions: { list: [readsProducts], update: [['UpdateProduct', 'UpdateCatalog']] },
  list,
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
