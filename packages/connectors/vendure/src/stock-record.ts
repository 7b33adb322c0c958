import { StockLevel, stockKey } from '@mortise/models';
import { connectorError, isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';

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
  /** SKU and name of the location, as `stockKey` of `@mortise/models` writes them; made here. */
  key: z.string(),
  variant: z.object({ id: z.string(), sku: z.string() }),
}).meta({ title: 'Vendure stock level' });

/** See the schema. */
export type StockRecord = z.output<typeof VendureStockLevel>;

/** How a Vendure stock level reads as a stock level. The stock on hand can be written. */
export const stockLevelMapping = mapping(VendureStockLevel, StockLevel, {
  id: { from: 'id', access: 'read' },
  key: { from: 'key' },
  sku: { from: 'variant.sku', access: 'read' },
  productId: { from: 'variant.id', access: 'read' },
  locationId: { from: 'stockLocationId', access: 'read' },
  locationName: { from: 'stockLocation.name', access: 'read' },
  onHand: { from: 'stockOnHand' },
  allocated: { from: 'stockAllocated', access: 'read', note: 'moved by orders' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

/** What is asked of each level. */
export const levelFields =
  'stockLevels { updatedAt stockLocationId stockOnHand stockAllocated stockLocation { name } }';
/** The levels of a variant as the shop lists it. @throws ConnectorError `unexpected-content`. */
export const levelsOf = (row: unknown): StockRecord[] => {
  const parsed = VariantWithLevels.safeParse(row);
  if (!parsed.success) throw connectorError('unexpected-content', 'a product variant came without its stock levels');
  const { id, sku, stockLevels } = parsed.data;
  return stockLevels.map((level) => ({
    ...level,
    id: `${id}/${level.stockLocationId}`,
    key: stockKey({ sku, location: level.stockLocation.name }),
    variant: { id, sku },
  }));
};
