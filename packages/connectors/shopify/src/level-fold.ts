import { connectorError } from '@mortise/runtime';
import { z } from 'zod';

const LevelRow = z.looseObject({
  id: z.string(),
  updatedAt: z.string(),
  item: z.looseObject({
    id: z.string(),
    sku: z.string().nullable(),
    variants: z.object({ nodes: z.array(z.object({ id: z.string() })) }).nullable(),
  }),
  quantities: z.array(z.object({ name: z.string(), quantity: z.number() })),
});

/** The level with its quantities by name, and the variant of its item beside it. @throws ConnectorError */
export const foldLevel = (row: unknown): unknown => {
  const parsed = LevelRow.safeParse(row);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') || 'its top';
    throw connectorError('unexpected-content', `a stock level of Shopify is not of its documented form at ${where}`);
  }
  const { item, quantities, ...level } = parsed.data;
  return {
    ...level,
    item: { id: item.id, sku: item.sku },
    variantId: item.variants?.nodes[0]?.id ?? null,
    quantities: Object.fromEntries(quantities.map(({ name, quantity }) => [name, quantity])),
  };
};
