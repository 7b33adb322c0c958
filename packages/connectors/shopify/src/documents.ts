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

const page = 'pageInfo { hasNextPage endCursor }';
const errors = 'userErrors { field code message }';
const wholeProduct = `${productFields} variants(first: 1) { nodes { ${onlyVariantFields} } }`;
const orderWith = (lines: number): string =>
  `${orderFields} lineItems(first: ${lines}) { nodes { ${orderLineFields} } ${page} }`;
const wholeLevel = `${levelFields} item { id sku variants(first: 1) { nodes { id } } }`;
const levelPage = `nodes { ${wholeLevel} } ${page}`;

interface Listed {
  /** Name of the operation, which errors and metrics show. */
  readonly title: string;
  readonly fields: string;
  /** The type of the sort keys, where the connection can be sorted. */
  readonly sortKey?: string;
}

const listed = (name: string, { fields, sortKey, title }: Listed): string => {
  const declared = sortKey === undefined ? '' : `, $sortKey: ${sortKey}`;
  const sorted = sortKey === undefined ? '' : ', sortKey: $sortKey';
  return `query ${title}($first: Int!, $after: String, $query: String${declared}) {
    ${name}(first: $first, after: $after, query: $query${sorted}) { nodes { ${fields} } ${page} }
  }`;
};

const one = (name: string, { title, fields }: { title: string; fields: string }): string =>
  `query ${title}($id: ID!) { ${name}(id: $id) { ${fields} } }`;

/** Every document that this connector sends, by what it is for. Each is held to Shopify's schema in a test. */
export const documents = {
  grantedScopes: 'query GrantedScopes { currentAppInstallation { accessScopes { handle } } }',

  products: listed('products', { title: 'Products', fields: wholeProduct, sortKey: 'ProductSortKeys' }),
  product: one('product', { title: 'Product', fields: wholeProduct }),
  productByHandle: `query ProductByHandle($identifier: ProductIdentifierInput!) {
    productByIdentifier(identifier: $identifier) { ${wholeProduct} }
  }`,
  productBefore: `query ProductBefore($identifier: ProductIdentifierInput!) {
    shop { currencyCode }
    productByIdentifier(identifier: $identifier) { ${wholeProduct} }
  }`,
  deletedProducts: `query DeletedProducts($first: Int!, $after: String, $query: String) {
    deletionEvents(first: $first, after: $after, query: $query, subjectTypes: [PRODUCT], sortKey: ID) {
      nodes { subjectId occurredAt } ${page}
    }
  }`,
  setProduct: `mutation SetProduct($identifier: ProductSetIdentifiers!, $input: ProductSetInput!) {
    productSet(identifier: $identifier, input: $input, synchronous: true) { product { ${wholeProduct} } ${errors} }
  }`,

  variants: listed('productVariants', { title: 'Variants', fields: variantFields, sortKey: 'ProductVariantSortKeys' }),
  variant: one('productVariant', { title: 'Variant', fields: variantFields }),

  customers: listed('customers', { title: 'Customers', fields: customerFields, sortKey: 'CustomerSortKeys' }),
  customer: one('customer', { title: 'Customer', fields: customerFields }),
  customerByIdentifier: `query CustomerByIdentifier($identifier: CustomerIdentifierInput!) {
    customerByIdentifier(identifier: $identifier) { ${customerFields} }
  }`,
  setCustomer: `mutation SetCustomer($identifier: CustomerSetIdentifiers!, $input: CustomerSetInput!) {
    customerSet(identifier: $identifier, input: $input) { customer { ${customerFields} } ${errors} }
  }`,

  orders: listed('orders', {
    title: 'Orders',
    fields: orderWith(50),
    sortKey: 'OrderSortKeys',
  }),
  order: one('order', { title: 'Order', fields: orderWith(250) }),
  orderLines: `query OrderLines($id: ID!, $first: Int!, $after: String) {
    order(id: $id) { lineItems(first: $first, after: $after) { nodes { ${orderLineFields} } ${page} } }
  }`,

  inventoryItems: listed('inventoryItems', { title: 'InventoryItems', fields: itemFields }),
  inventoryItem: one('inventoryItem', { title: 'InventoryItem', fields: itemFields }),

  locations: `query Locations($first: Int!, $after: String) {
    locations(first: $first, after: $after, includeInactive: true, sortKey: ID) {
      nodes { id name isActive createdAt updatedAt } ${page}
    }
  }`,
  location: one('location', { title: 'Location', fields: 'id name isActive createdAt updatedAt' }),

  itemLevels: listed('inventoryItems', {
    title: 'ItemLevels',
    fields: `id sku variants(first: 1) { nodes { id } }
      inventoryLevels(first: 10) { nodes { ${levelFields} } ${page} }`,
  }),
  levelsOfItem: `query LevelsOfItem($id: ID!, $first: Int!, $after: String) {
    inventoryItem(id: $id) { inventoryLevels(first: $first, after: $after) { nodes { ${levelFields} } ${page} } }
  }`,
  locationIds: `query LocationIds($first: Int!, $after: String) {
    locations(first: $first, after: $after, sortKey: ID) { nodes { id } ${page} }
  }`,
  levelsOfLocation: `query LevelsOfLocation($id: ID!, $first: Int!, $after: String, $query: String) {
    location(id: $id) { inventoryLevels(first: $first, after: $after, query: $query) { ${levelPage} } }
  }`,
  stockLevel: one('inventoryLevel', { title: 'StockLevel', fields: wholeLevel }),
  placedStock: `query PlacedStock($query: String!) {
    inventoryItems(first: 50, query: $query) {
      nodes { id sku variants(first: 1) { nodes { id } } inventoryLevels(first: 10) { nodes { ${levelFields} } } }
    }
  }`,
  setStock: `mutation SetStock($input: InventorySetQuantitiesInput!, $key: String!) {
    inventorySetQuantities(input: $input) @idempotent(key: $key) { ${errors} }
  }`,

  startBulk: `mutation StartBulk($query: String!) {
    bulkOperationRunQuery(query: $query, groupObjects: true) { bulkOperation { id } ${errors} }
  }`,
  bulkState: one('bulkOperation', { title: 'BulkState', fields: 'id status errorCode objectCount url' }),

  webhookSubscriptions: `query WebhookSubscriptions($first: Int!, $after: String) {
    webhookSubscriptions(first: $first, after: $after, sortKey: ID) { nodes { id topic uri } ${page} }
  }`,
  createWebhook: `mutation CreateWebhook($topic: WebhookSubscriptionTopic!, $uri: String!) {
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri }) {
      webhookSubscription { id topic uri } userErrors { field message }
    }
  }`,
  removeWebhook: `mutation RemoveWebhook($id: ID!) {
    webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field message } }
  }`,
} as const;
