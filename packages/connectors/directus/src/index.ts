import { items } from './items.ts';
import { stockLevels } from './stock-levels.ts';
import { directus } from './vendor.ts';

export { DirectusItem, itemMapping } from './items.ts';
export { DirectusStockLevel, stockLevelMapping } from './stock-levels.ts';

/**
 * The Directus connector: items and stock levels in collections named by the settings, with live changes.
 * @see https://docs.directus.io/reference/introduction.html (Directus 12)
 */
export default directus.connector({ resources: { items, stockLevels } });
