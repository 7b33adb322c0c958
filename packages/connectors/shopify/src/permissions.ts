/** Scopes of what the connector reads and writes. A writing scope reads too, so either is enough where we only read. */
export const scopes = {
  readProducts: ['read_products', 'write_products'],
  writeProducts: 'write_products',
  readCustomers: ['read_customers', 'write_customers'],
  writeCustomers: 'write_customers',
  readOrders: ['read_orders', 'write_orders'],
  readInventory: ['read_inventory', 'write_inventory'],
  writeInventory: 'write_inventory',
  readLocations: ['read_locations', 'write_locations'],
} as const;
