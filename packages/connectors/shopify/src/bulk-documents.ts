import {
  customerFields,
  itemFields,
  levelFields,
  onlyVariantFields,
  orderFields,
  orderLineFields,
  productFields,
  variantFields,
} from './record-fields.ts';

/** Makes the query of a bulk operation: its connections have `edges`, and no pages. */
export type BulkDocument = (query: string) => string;

const ofRoot =
  (root: string, fields: string): BulkDocument =>
  (query) =>
    `{ ${root}(query: ${JSON.stringify(query)}) { edges { node { ${fields} } } } }`;

const below = (name: string, fields: string): string => `${name} { edges { node { ${fields} } } }`;

/** Queries of bulk operations, by resource. Each is held to Shopify's schema in a test, as the documents are. */
export const bulkDocuments = {
  products: ofRoot('products', `${productFields} ${below('variants', onlyVariantFields)}`),
  variants: ofRoot('productVariants', variantFields),
  customers: ofRoot('customers', customerFields),
  inventoryItems: ofRoot('inventoryItems', itemFields),
  orders: ofRoot('orders', `${orderFields} ${below('lineItems', orderLineFields)}`),
  stockLevels: ofRoot('inventoryItems', `id sku ${below('variants', 'id')} ${below('inventoryLevels', levelFields)}`),
} as const;
