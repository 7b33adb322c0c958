import { Product } from '@mortise/models';
import { isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { money } from './money.ts';
import { readsProducts } from './permissions.ts';
import { changedRows } from './rows-by-id.ts';
import { vendure } from './vendor.ts';
import { granularityMs, lagMs } from './vendor-facts.ts';

/** A product variant as the Admin API gives it: what is sold, with a SKU and a price of its own. */
export const VendureVariant = z
  .object({
    id: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    sku: z.string(),
    name: z.string(),
    /** Minor units of the channel's currency, without tax. */
    price: z.number(),
    currencyCode: z.string(),
    enabled: z.boolean(),
    product: z.object({ description: z.string() }),
  })
  .meta({ title: 'Vendure product variant' });

/** How a Vendure product variant reads as a product. */
export const variantMapping = mapping(VendureVariant, Product, {
  id: { from: 'id', access: 'read' },
  sku: { from: 'sku', onEmpty: 'null', access: 'read' },
  name: { from: 'name', onEmpty: 'null', access: 'read' },
  description: {
    from: 'product.description',
    onEmpty: 'null',
    access: 'read',
    note: "belongs to the product; editing it alone does not move the variant's updatedAt",
  },
  price: {
    compute: ({ price, currencyCode }) => money(price, currencyCode),
    uses: ['price', 'currencyCode'],
    note: 'without tax',
  },
  active: { from: 'enabled', access: 'read' },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

const document = `query ProductVariants($options: ProductVariantListOptions) {
  productVariants(options: $options) {
    totalItems
    items { id createdAt updatedAt sku name price currencyCode enabled product { description } }
  }
}`;

/** Product variants of the shop. */
export const variants = vendure.resource({
  record: VendureVariant,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs },
  mapping: variantMapping,
  permissions: { list: [readsProducts] },
  list: changedRows({ document, field: 'productVariants' }),
});
