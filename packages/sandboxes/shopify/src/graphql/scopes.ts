/** The scope that a root field needs; the rest are for everybody. From the `offline_scopes` of the published schema. */
export const scopeOf: Readonly<Record<string, string>> = {
  products: 'read_products',
  product: 'read_products',
  productsCount: 'read_products',
  productByIdentifier: 'read_products',
  productVariants: 'read_products',
  productVariant: 'read_products',
  deletionEvents: 'read_products',
  productSet: 'write_products',
  productDelete: 'write_products',
  customers: 'read_customers',
  customer: 'read_customers',
  customerByIdentifier: 'read_customers',
  customerSet: 'write_customers',
  customerUpdate: 'write_customers',
  customerDelete: 'write_customers',
  orders: 'read_orders',
  order: 'read_orders',
  inventoryItems: 'read_inventory',
  inventoryItem: 'read_inventory',
  inventoryLevel: 'read_inventory',
  inventorySetQuantities: 'write_inventory',
  locations: 'read_locations',
  location: 'read_locations',
};

/** A scope to write lets read too. */
export const isGranted = (needed: string, granted: readonly string[]): boolean =>
  granted.includes(needed) || granted.includes(needed.replace('read_', 'write_'));
