import { connectorError } from '@mortise/runtime';
import { z } from 'zod';

const Variant = z.looseObject({
  id: z.string(),
  sku: z.string().nullable(),
  price: z.string(),
  selectedOptions: z.array(z.object({ name: z.string(), value: z.string() })),
});

/** A product as far as folding looks at it. */
export const ProductRow = z.looseObject({
  id: z.string(),
  status: z.string(),
  priceRangeV2: z.object({ minVariantPrice: z.object({ currencyCode: z.string() }) }),
  variantsCount: z.object({ count: z.number() }).nullable(),
  variants: z.object({ nodes: z.array(Variant) }),
});
/** See the schema of the same name. */
export type ProductRow = z.output<typeof ProductRow>;

/** Reads a product as Shopify answers it. @throws ConnectorError `unexpected-content` */
export const productRow = (row: unknown): ProductRow => {
  const parsed = ProductRow.safeParse(row);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') || 'its top';
  throw connectorError('unexpected-content', `a product of Shopify is not of its documented form at ${where}`);
};

/** The record with its only variant beside it, and the currency of its prices. */
export const foldProduct = (row: unknown): unknown => {
  const { priceRangeV2, variantsCount, variants, ...product } = productRow(row);
  const [only] = variants.nodes;
  const count = variantsCount?.count ?? null;
  const variant = only === undefined || count !== 1 ? null : { id: only.id, sku: only.sku, price: only.price };
  return { ...product, currencyCode: priceRangeV2.minVariantPrice.currencyCode, variantCount: count, variant };
};
