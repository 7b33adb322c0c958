const page = 'pageInfo { hasNextPage endCursor }';
const errors = 'userErrors { field code message }';
const money = 'shopMoney { amount currencyCode }';

const currency = 'priceRangeV2 { minVariantPrice { currencyCode } }';
const productFields = `id handle title descriptionHtml status createdAt updatedAt ${currency}
  variantsCount { count }
  variants(first: 1) { nodes { id sku price selectedOptions { name value } } }`;

const variantFields = `id sku title price createdAt updatedAt inventoryItem { id }
  product { id title descriptionHtml status ${currency} }`;

const customerFields = `id firstName lastName createdAt updatedAt
  defaultEmailAddress { emailAddress }
  defaultPhoneNumber { phoneNumber }
  defaultAddress { company address1 address2 city provinceCode zip countryCodeV2 }`;

const lineFields = `nodes { id name sku quantity originalUnitPriceSet { ${money} } } ${page}`;
const orderFields = `id name createdAt updatedAt processedAt cancelledAt displayFinancialStatus displayFulfillmentStatus
  customer { id }
  totalPriceSet { ${money} }`;

const itemFields = 'id sku tracked createdAt updatedAt';

const levelFields = `id updatedAt location { id name }
  item { id sku variants(first: 1) { nodes { id } } }
  quantities(names: ["on_hand", "committed", "available"]) { name quantity }`;
const levelPage = `nodes { ${levelFields} } ${page}`;

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

  products: listed('products', { title: 'Products', fields: productFields, sortKey: 'ProductSortKeys' }),
  product: one('product', { title: 'Product', fields: productFields }),
  productByHandle: `query ProductByHandle($identifier: ProductIdentifierInput!) {
    productByIdentifier(identifier: $identifier) { ${productFields} }
  }`,
  productBefore: `query ProductBefore($identifier: ProductIdentifierInput!) {
    shop { currencyCode }
    productByIdentifier(identifier: $identifier) { ${productFields} }
  }`,
  deletedProducts: `query DeletedProducts($first: Int!, $after: String, $query: String) {
    deletionEvents(first: $first, after: $after, query: $query, subjectTypes: [PRODUCT], sortKey: ID) {
      nodes { subjectId occurredAt } ${page}
    }
  }`,
  setProduct: `mutation SetProduct($identifier: ProductSetIdentifiers!, $input: ProductSetInput!) {
    productSet(identifier: $identifier, input: $input, synchronous: true) { product { ${productFields} } ${errors} }
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
    fields: `${orderFields} lineItems(first: 50) { ${lineFields} }`,
    sortKey: 'OrderSortKeys',
  }),
  order: one('order', { title: 'Order', fields: `${orderFields} lineItems(first: 250) { ${lineFields} }` }),
  orderLines: `query OrderLines($id: ID!, $first: Int!, $after: String) {
    order(id: $id) { lineItems(first: $first, after: $after) { ${lineFields} } }
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
    fields: `id inventoryLevels(first: 10) { ${levelPage} }`,
  }),
  levelsOfItem: `query LevelsOfItem($id: ID!, $first: Int!, $after: String) {
    inventoryItem(id: $id) { inventoryLevels(first: $first, after: $after) { ${levelPage} } }
  }`,
  locationIds: `query LocationIds($first: Int!, $after: String) {
    locations(first: $first, after: $after, sortKey: ID) { nodes { id } ${page} }
  }`,
  levelsOfLocation: `query LevelsOfLocation($id: ID!, $first: Int!, $after: String, $query: String) {
    location(id: $id) { inventoryLevels(first: $first, after: $after, query: $query) { ${levelPage} } }
  }`,
  stockLevel: one('inventoryLevel', { title: 'StockLevel', fields: levelFields }),
  setStock: `mutation SetStock($input: InventorySetQuantitiesInput!, $key: String!) {
    inventorySetQuantities(input: $input) @idempotent(key: $key) { ${errors} }
  }`,

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
