const money = 'shopMoney { amount currencyCode }';
const currency = 'priceRangeV2 { minVariantPrice { currencyCode } }';

/** Fields of the only variant of a product. */
export const onlyVariantFields = 'id sku price selectedOptions { name value }';

/** Fields of a product; its variants stand apart, because a bulk operation asks for them otherwise. */
export const productFields = `id handle title descriptionHtml status createdAt updatedAt ${currency}
  variantsCount { count }`;

/** Fields of a variant. */
export const variantFields = `id sku title price createdAt updatedAt inventoryItem { id }
  product { id title descriptionHtml status ${currency} }`;

/** Fields of a customer. */
export const customerFields = `id firstName lastName createdAt updatedAt
  defaultEmailAddress { emailAddress }
  defaultPhoneNumber { phoneNumber }
  defaultAddress { company address1 address2 city provinceCode zip countryCodeV2 }`;

/** Fields of an order; its lines stand apart. */
export const orderFields = `id name createdAt updatedAt processedAt cancelledAt displayFinancialStatus
  displayFulfillmentStatus customer { id } totalPriceSet { ${money} }`;

/** Fields of a line of an order. */
export const orderLineFields = `id name sku quantity originalUnitPriceSet { ${money} }`;

/** Fields of an inventory item. */
export const itemFields = 'id sku tracked createdAt updatedAt';

/** Fields of a stock level; its item stands apart. */
export const levelFields = `id updatedAt location { id name }
  quantities(names: ["on_hand", "committed", "available"]) { name quantity }`;
