import { contacts } from './contacts.ts';
import { deals } from './deals.ts';
import { products } from './products.ts';
import { hubspot } from './vendor.ts';

export { ContactWire, contactMapping } from './contacts.ts';
export { DealWire, dealMapping } from './deals.ts';
export { type NeededProperty, neededProperties } from './needed-properties.ts';
export { type PreparedProperty, type PrepareOptions, prepare } from './prepare.ts';
export { ProductWire, productMapping } from './products.ts';
export { credentials, type HubSpotSettings, settings } from './settings.ts';
export { apiVersion, defaultSearchLagMs, vendorFacts } from './vendor-facts.ts';

/** The HubSpot connector: `open(hubspot, { credentials: { token } })`. */
export default hubspot.connector({ resources: { contacts, products, deals } });
