import { Product } from '@mortise/models';
import { connectorError, type FindRequest, isoInstant, readField } from '@mortise/runtime';
import { connectionReader } from '@mortise/runtime/graphql';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { notFindable, present } from './answered.ts';
import { bulkBackfill } from './bulk.ts';
import { bulkDocuments } from './bulk-documents.ts';
import { documents } from './documents.ts';
import { moneyOf } from './money.ts';
import { scopes } from './permissions.ts';
import { recordList } from './record-walk.ts';
import { quotedText } from './search.ts';
import { type ShopifyCall, shopify } from './vendor.ts';
import { granularityMs, searchLagMs } from './vendor-facts.ts';

/** A variant: what is sold, with a SKU and a price of its own. */
export const ShopifyVariant = z
  .object({
    id: z.string(),
    sku: z.string().nullable(),
    title: z.string(),
    /** Decimal text in the currency of the shop. */
    price: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    inventoryItem: z.object({ id: z.string() }),
    product: z.object({
      id: z.string(),
      title: z.string(),
      descriptionHtml: z.string(),
      status: z.string(),
      priceRangeV2: z.object({ minVariantPrice: z.object({ currencyCode: z.string() }) }),
    }),
  })
  .meta({ title: 'Shopify product variant' });

/** What Shopify calls the variant of a product without options. */
const defaultTitle = 'Default Title';

/** How a Shopify variant reads as a product: one stock keeping unit. */
export const variantMapping = mapping(ShopifyVariant, Product, {
  id: { from: 'id', access: 'read' },
  sku: { from: 'sku', onEmpty: 'null', access: 'read' },
  name: {
    compute: ({ product, title }) => (title === defaultTitle ? product.title : `${product.title} - ${title}`),
    uses: ['product.title', 'title'],
    note: 'of the product, with the options of the variant',
  },
  description: {
    from: 'product.descriptionHtml',
    onEmpty: 'null',
    access: 'read',
    note: "HTML of the product; editing it alone may not move the variant's updatedAt",
  },
  price: {
    compute: ({ price, product }) =>
      moneyOf({ amount: price, currencyCode: product.priceRangeV2.minVariantPrice.currencyCode }),
    uses: ['price', 'product.priceRangeV2.minVariantPrice.currencyCode'],
    note: 'in the currency of the shop',
  },
  active: {
    compute: ({ product }) => product.status === 'ACTIVE' || product.status === 'UNLISTED',
    uses: ['product.status'],
  },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

/** By SKU: the first page is enough to see that there are two of them, which Shopify allows. */
const find = async (call: ShopifyCall, { field, value }: FindRequest): Promise<unknown> => {
  if (field !== 'sku') throw notFindable(field, "'sku'");
  const connection = { document: documents.variants, connection: 'productVariants', first: 10 };
  const { records } = await connectionReader(
    call.transports.admin,
    connection,
  )({ query: `sku:${quotedText(value)}`, sortKey: 'ID' });
  // The search compares without regard to case, and by words.
  const found = records.filter((record) => readField(record, 'sku') === value);
  if (found.length > 1) throw connectorError('conflict', 'the shop has several variants of this SKU');
  return found[0];
};

/** Product variants of the shop. */
export const variants = shopify.resource({
  record: ShopifyVariant,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs: searchLagMs },
  mapping: variantMapping,
  permissions: {
    list: [scopes.readProducts],
    backfill: [scopes.readProducts],
    get: [scopes.readProducts],
    find: [scopes.readProducts],
  },
  list: recordList({ document: documents.variants, connection: 'productVariants', sorts: 'id' }),
  backfill: bulkBackfill({ document: bulkDocuments.variants }),
  get: async (call, id) => {
    const { data } = await call.transports.admin.send({ document: documents.variant, variables: { id } });
    return present(readField(data, 'productVariant'));
  },
  find,
});
