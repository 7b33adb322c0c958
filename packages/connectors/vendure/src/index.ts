import { customers } from './customers.ts';
import { locations } from './locations.ts';
import { orders } from './orders.ts';
import { stockLevels } from './stock-levels.ts';
import { variants } from './variants.ts';
import { vendure } from './vendor.ts';

export { customerMapping, VendureCustomer } from './customers.ts';
export { locationMapping, VendureLocation } from './locations.ts';
export { orderLineMapping, orderMapping, VendureOrder, VendureOrderLine } from './orders.ts';
export { stockLevelMapping, VendureStockLevel } from './stock-record.ts';
export { VendureVariant, variantMapping } from './variants.ts';

/**
 * The Vendure connector: customers, product variants, orders, stock levels, locations over the Admin API.
 * @see https://docs.vendure.io/reference/graphql-api/admin/queries (Vendure 3.7)
 */
export default vendure.connector({ resources: { customers, variants, orders, stockLevels, locations } });
