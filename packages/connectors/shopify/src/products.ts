import { Product } from '@mortise/models';
import { type DeletionPage, type FindRequest, isoInstant, type ListRequest, readField } from '@mortise/runtime';
import { connectionReader } from '@mortise/runtime/graphql';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { notFindable, present } from './answered.ts';
import { bulkBackfill } from './bulk.ts';
import { bulkDocuments } from './bulk-documents.ts';
import { documents } from './documents.ts';
import { scopes } from './permissions.ts';
import { handleOf, priceText, productPrice } from './product-fields.ts';
import { foldProduct } from './product-fold.ts';
import { recordList } from './record-walk.ts';
import { allOf, windowTerms } from './search.ts';
import { setProduct } from './set-product.ts';
import { type ShopifyCall, shopify } from './vendor.ts';
import { granularityMs, limits, searchLagMs } from './vendor-facts.ts';

/** A product, with its variant where it has no more than one. */
export const ShopifyProduct = z
  .object({
    id: z.string(),
    /** The last part of its address in the shop: unique, and what upserts find it by. */
    handle: z.string(),
    title: z.string(),
    descriptionHtml: z.string(),
    /** `ACTIVE`, `ARCHIVED`, `DRAFT`, `UNLISTED`; null in one to be written leaves it as it is. */
    status: z.string().nullable(),
    createdAt: z.string(),
    updatedAt: z.string(),
    /** Currency of the shop, in which all prices are kept. */
    currencyCode: z.string().nullable(),
    variantCount: z.number().nullable(),
    /** The only variant, put here by the operation; null where there are several, or none. */
    variant: z
      .object({
        id: z.string().optional(),
        sku: z.string().nullable(),
        price: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ title: 'Shopify product' });

const sellable = new Set(['ACTIVE', 'UNLISTED']);

/** How a Shopify product reads as a product and is written from one. A product of several variants has no price or SKU. */
export const productMapping = mapping(ShopifyProduct, Product, {
  id: { from: 'id', access: 'read' },
  sku: {
    compute: ({ variant }) => variant?.sku || null,
    uncompute: (sku: string | null) => ({ handle: handleOf(sku), variant: { sku } }),
    uses: ['handle', 'variant.sku'],
    note: 'of the only variant',
    lossy: 'the handle, by which upserts find the product, is made of the SKU',
  },
  name: { from: 'title', onEmpty: 'null', clear: '' },
  description: { from: 'descriptionHtml', onEmpty: 'null', clear: '', note: 'HTML' },
  price: {
    compute: ({ variant, currencyCode }) => productPrice(variant?.price, currencyCode),
    uncompute: (price: Product['price']) => ({
      variant: { price: priceText(price) },
      currencyCode: price?.currency ?? null,
    }),
    uses: ['variant.price', 'currencyCode'],
    note: 'of the only variant, in the currency of the shop: another one is refused; null leaves the price as it is',
  },
  active: {
    compute: ({ status }) => (status === null ? null : sellable.has(status)),
    uncompute: (active: boolean | null) => ({ status: active === null ? null : active ? 'ACTIVE' : 'DRAFT' }),
    uses: ['status'],
    lossy: 'ARCHIVED reads as not active, UNLISTED as active; writing the same again leaves either as it is',
  },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

const find = async (call: ShopifyCall, { field, value }: FindRequest): Promise<unknown> => {
  if (field !== 'handle' && field !== 'id') throw notFindable(field, "'handle' or 'id'");
  const variables = { identifier: { [field]: value } };
  const { data } = await call.transports.admin.send({ document: documents.productByHandle, variables });
  const found = readField(data, 'productByIdentifier');
  return found === null ? undefined : foldProduct(found);
};

/** Products that are gone, by the events that Shopify keeps of deletions. */
async function* deletions(call: ShopifyCall, request: ListRequest): AsyncGenerator<DeletionPage> {
  const query = allOf(windowTerms('occurred_at', request));
  const connection = { document: documents.deletedProducts, connection: 'deletionEvents', first: limits.page };
  const read = connectionReader(call.transports.admin, { ...connection, pageSize: request.pageSize });
  let after = request.cursor;
  do {
    const { records, next } = await read({ query }, after);
    after = next;
    const ids = records.flatMap((event) => {
      const id = readField(event, 'subjectId');
      return typeof id === 'string' ? [id] : [];
    });
    yield { ids, next };
  } while (after !== undefined);
}

/** Products of the shop. */
export const products = shopify.resource({
  record: ShopifyProduct,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs: searchLagMs },
  mapping: productMapping,
  permissions: {
    list: [scopes.readProducts],
    backfill: [scopes.readProducts],
    get: [scopes.readProducts],
    find: [scopes.readProducts],
    // Shopify's table of scopes asks for none at `deletionEvents`.
    deletions: [],
    upsert: [scopes.readProducts, scopes.writeProducts],
  },
  list: recordList({
    document: documents.products,
    connection: 'products',
    sorts: 'stamp-and-id',
    fold: foldProduct,
  }),
  backfill: bulkBackfill({
    document: bulkDocuments.products,
    places: { ProductVariant: 'variants' },
    fold: (product) => [foldProduct(product)],
  }),
  get: async (call, id) => {
    const { data } = await call.transports.admin.send({ document: documents.product, variables: { id } });
    return foldProduct(present(readField(data, 'product')));
  },
  find,
  deletions,
  upsert: { effect: 'external-id', key: 'handle', max: 1, run: setProduct },
});
