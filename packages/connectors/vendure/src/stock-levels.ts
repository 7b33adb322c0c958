import { StockLevel } from '@mortise/models';
import { type Call, connectorError, isoInstant, type ListedPage, type ListRequest, mapping, readField } from '@mortise/runtime';
import { z } from 'zod';
import { granularityMs, lagMs, readList, type WithAdmin } from './changed-rows.ts';
import { vendure } from './vendor.ts';

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

const defaultPageSize = 100;
const mostReadings = 5;

/** Reads all variants by id. False as soon as the rows have shifted under it: a row may then be missing. */
async function* readWhole(call: Call<WithAdmin, unknown>, take: number): AsyncGenerator<readonly unknown[] | 'shifted'> {
  let skip = 0;
  let lastId: string | undefined;
  for (;;) {
    const options = { take, skip, sort: { id: 'ASC' } };
    const { data } = await call.transports.admin.send({ document: listDocument, variables: { options } });
    const { rows } = readList(data, 'productVariants');
    // Pages overlap by one row: if it is not the row expected, something before it was removed.
    if (lastId !== undefined && rows[0]?.id !== lastId) return yield 'shifted';
    yield lastId === undefined ? rows : rows.slice(1);
    if (rows.length < take) return;
    lastId = rows.at(-1)?.id;
    skip += take - 1;
  }
}

/**
 * Orders move stock without moving the variant's `updatedAt`, and levels have no list of their own: so all variants
 * are read, and each level is compared by its own `updatedAt`.
 */
async function* list(call: Call<WithAdmin, unknown>, { since, pageSize = defaultPageSize }: ListRequest): AsyncGenerator<ListedPage> {
  const isChanged = ({ updatedAt }: StockRecord) => since === undefined || Date.parse(updatedAt) >= since.getTime();
  for (let reading = 0; reading < mostReadings; reading += 1) {
    let isWhole = true;
    for await (const rows of readWhole(call, Math.max(2, pageSize))) {
      if (rows === 'shifted') isWhole = false;
      else yield { records: rows.flatMap(levelsOf).filter(isChanged) };
    }
    if (isWhole) return;
  }
  throw connectorError('unavailable', `the catalogue changed during each of ${mostReadings} readings`);
}

/** Stock levels: one record for each variant and location. */
export const stockLevels = vendure.resource({
  record: VendureStockLevel,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs },
  mapping: stockLevelMapping,
  list,
  update: {
    // The stock on hand is set, not added to.
    effect: 'idempotent',
    run: async (call, { id, change }) => {
      const [variantId, stockLocationId] = id.split('/');
      if (variantId === undefined || stockLocationId === undefined) {
        throw connectorError('invalid-request', "a stock level's id is variant/location");
      }
      const input = [{ id: variantId, stockLevels: [{ stockLocationId, stockOnHand: change.stockOnHand }] }];
      const { data } = await call.transports.admin.send({ document: updateDocument, variables: { input }, effect: 'idempotent' });
      const rows = readField(data, 'updateProductVariants');
      const level = Array.isArray(rows) ? rows.flatMap(levelsOf).find((candidate) => candidate.id === id) : undefined;
      if (level === undefined) throw connectorError('not-found', 'the shop has no such stock level');
      return level;
    },
  },
});
