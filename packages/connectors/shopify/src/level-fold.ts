import { stockKey } from '@mortise/models';
import { connectorError, readField } from '@mortise/runtime';
import { z } from 'zod';

const LevelRow = z.looseObject({
  id: z.string(),
  updatedAt: z.string(),
  location: z.looseObject({ name: z.string() }),
  item: z.looseObject({
    id: z.string(),
    sku: z.string().nullable(),
    variants: z.object({ nodes: z.array(z.object({ id: z.string() })) }).nullable(),
  }),
  quantities: z.array(z.object({ name: z.string(), quantity: z.number() })),
});

/**
 * The level with its quantities by name, and the variant of its item beside it. A row of another form is left as it is:
 * the record's schema refuses it, and it alone.
 */
export const foldLevel = (row: unknown): unknown => {
  const parsed = LevelRow.safeParse(row);
  if (!parsed.success) return row;
  const { item, quantities, ...level } = parsed.data;
  return {
    ...level,
    item: { id: item.id, sku: item.sku },
    ...(item.sku !== null && { key: stockKey({ sku: item.sku, location: level.location.name }) }),
    variantId: item.variants?.nodes[0]?.id ?? null,
    quantities: Object.fromEntries(quantities.map(({ name, quantity }) => [name, quantity])),
  };
};

/** The levels of an item, each with the item beside it as a level asked for by itself has it. */
export const levelsOfItem = (item: unknown): readonly unknown[] => {
  const nodes = readField(item, 'inventoryLevels.nodes');
  if (!Array.isArray(nodes)) throw connectorError('unexpected-content', 'an inventory item came without its levels');
  const [id, sku, variants] = ['id', 'sku', 'variants'].map((name) => readField(item, name));
  return nodes.map((level: unknown) => foldLevel(Object.assign({ item: { id, sku, variants } }, level)));
};
