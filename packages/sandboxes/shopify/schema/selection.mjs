/**
 * The part of Shopify's schema that the stand-in has: by type, its fields. Arguments follow from their types: one of a
 * scalar, an enum or an input type named here is kept. Connections and edges follow from the fields that answer them.
 */
export const selection = {
  QueryRoot: `node nodes shop currentAppInstallation products product productByIdentifier productVariants productVariant
    customers customer customerByIdentifier orders order inventoryItems inventoryItem inventoryLevel locations location
    deletionEvents bulkOperation webhookSubscriptions webhookSubscription`,
  Mutation: `productSet productDelete customerSet customerDelete inventorySetQuantities bulkOperationRunQuery
    bulkOperationCancel webhookSubscriptionCreate webhookSubscriptionDelete`,
  Node: 'id',
  DisplayableError: 'field message',
  UserError: 'field message',
  PageInfo: 'hasNextPage hasPreviousPage startCursor endCursor',
  Shop: 'id name email myshopifyDomain currencyCode createdAt updatedAt',
  AppInstallation: 'id accessScopes',
  AccessScope: 'handle description',
  Count: 'count precision',
  MoneyV2: 'amount currencyCode',
  MoneyBag: 'shopMoney presentmentMoney',
  Product: `id legacyResourceId handle title descriptionHtml status vendor productType tags createdAt updatedAt publishedAt
    totalInventory priceRangeV2 variantsCount variants`,
  ProductPriceRangeV2: 'minVariantPrice maxVariantPrice',
  ProductVariant: `id legacyResourceId sku barcode title displayName price position taxable createdAt updatedAt
    inventoryQuantity inventoryItem product selectedOptions`,
  SelectedOption: 'name value',
  Customer: `id legacyResourceId firstName lastName displayName email phone note tags state numberOfOrders createdAt
    updatedAt defaultEmailAddress defaultPhoneNumber defaultAddress`,
  CustomerEmailAddress: 'emailAddress',
  CustomerPhoneNumber: 'phoneNumber',
  MailingAddress: `id firstName lastName name company address1 address2 city province provinceCode zip country
    countryCodeV2 phone`,
  Order: `id legacyResourceId name email note tags createdAt updatedAt processedAt cancelledAt closedAt test currencyCode
    displayFinancialStatus displayFulfillmentStatus customer totalPriceSet subtotalPriceSet totalTaxSet shippingAddress
    lineItems`,
  LineItem: 'id name title sku quantity originalUnitPriceSet product variant',
  InventoryItem:
    'id legacyResourceId sku tracked requiresShipping createdAt updatedAt variant variants inventoryLevel inventoryLevels',
  InventoryLevel: 'id isActive createdAt updatedAt item location quantities',
  InventoryQuantity: 'id name quantity updatedAt',
  Location: 'id legacyResourceId name isActive createdAt updatedAt inventoryLevels inventoryLevel',
  DeletionEvent: 'occurredAt subjectId subjectType',
  BulkOperation: `id status type errorCode createdAt completedAt objectCount rootObjectCount fileSize url partialDataUrl
    query`,
  WebhookSubscription: `id legacyResourceId topic uri format filter includeFields metafieldNamespaces name createdAt
    updatedAt`,
  ProductSetPayload: 'product userErrors',
  ProductSetUserError: 'field message code',
  ProductDeletePayload: 'deletedProductId userErrors',
  CustomerSetPayload: 'customer userErrors',
  CustomerSetUserError: 'field message code',
  CustomerDeletePayload: 'deletedCustomerId userErrors',
  InventorySetQuantitiesPayload: 'inventoryAdjustmentGroup userErrors',
  InventorySetQuantitiesUserError: 'field message code',
  InventoryAdjustmentGroup: 'id reason referenceDocumentUri createdAt',
  BulkOperationRunQueryPayload: 'bulkOperation userErrors',
  BulkOperationUserError: 'field message code',
  BulkOperationCancelPayload: 'bulkOperation userErrors',
  WebhookSubscriptionCreatePayload: 'webhookSubscription userErrors',
  WebhookSubscriptionDeletePayload: 'deletedWebhookSubscriptionId userErrors',
  ProductIdentifierInput: 'id handle',
  ProductSetIdentifiers: 'id handle',
  ProductSetInput: `descriptionHtml handle id productOptions productType status tags title variants vendor`,
  OptionSetInput: 'id name position values',
  OptionValueSetInput: 'id name',
  ProductVariantSetInput: 'barcode id optionValues position price sku taxable',
  VariantOptionValueInput: 'id name optionId optionName',
  ProductDeleteInput: 'id',
  CustomerIdentifierInput: 'emailAddress id phoneNumber',
  CustomerSetIdentifiers: 'email id phone',
  CustomerSetInput: 'addresses email firstName id lastName note phone tags',
  MailingAddressInput: 'address1 address2 city company countryCode firstName lastName phone provinceCode zip',
  CustomerDeleteInput: 'id',
  InventorySetQuantitiesInput: 'name quantities reason referenceDocumentUri',
  InventoryQuantityInput: 'changeFromQuantity inventoryItemId locationId quantity',
  WebhookSubscriptionInput: 'filter format includeFields metafieldNamespaces name uri',
};
