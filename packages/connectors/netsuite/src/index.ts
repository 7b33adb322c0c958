import { customers } from './customers.ts';
import { items } from './items.ts';
import { salesOrders } from './sales-orders.ts';
import { stockLevels } from './stock-levels.ts';
import { netsuite } from './vendor.ts';

export { CustomerWire, customerMapping } from './customers.ts';
export { ItemWire, itemMapping } from './items.ts';
export { orderLineMapping, orderMapping, SalesOrderLineWire, SalesOrderWire } from './sales-orders.ts';
export { credentials, type NetSuiteSettings, settings } from './settings.ts';
export { StockLevelWire } from './stock-level-wire.ts';
export { stockLevelMapping } from './stock-levels.ts';
export { type TransportSupport, transportSupport } from './transport-support.ts';
export { apiFacts, rolePermissions, soapVersion } from './vendor-facts.ts';

/** The NetSuite connector: `open(netsuite, { settings: { account, api }, credentials })`. */
export default netsuite.connector({ resources: { items, customers, salesOrders, stockLevels } });
