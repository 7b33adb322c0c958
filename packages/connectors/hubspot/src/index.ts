import { associationsOf } from './association-resource.ts';
import { companies } from './companies.ts';
import { contacts } from './contacts.ts';
import { deals } from './deals.ts';
import { lineItems } from './line-items.ts';
import { products } from './products.ts';
import { hubspot } from './vendor.ts';
import { webhooks } from './webhooks.ts';

export { AssociationWire } from './association-resource.ts';
export { CompanyWire, companyMapping } from './companies.ts';
export { ContactWire, contactMapping } from './contacts.ts';
export { DealWire, dealMapping } from './deals.ts';
export { LineItemWire } from './line-items.ts';
export { type NeededProperty, neededProperties } from './needed-properties.ts';
export { type PreparedProperty, type PrepareOptions, prepare } from './prepare.ts';
export { ProductWire, productMapping } from './products.ts';
export { credentials, type HubSpotCredentials, type HubSpotSettings, settings } from './settings.ts';
export { api, apiVersion, defaultSearchLagMs, vendorFacts } from './vendor-facts.ts';

export { type NotifiedRecord, type NotifiedResource, notifiedRecord } from './webhooks.ts';

/**
 * The HubSpot connector: `open(hubspot, { credentials: { token } })`.
 * @see https://developers.hubspot.com/docs/api-reference
 */
export default hubspot.connector({
  resources: {
    contacts,
    companies,
    products,
    deals,
    lineItems,
    contactCompanies: associationsOf('contactCompanies', { from: 'contacts', to: 'companies' }),
    dealContacts: associationsOf('dealContacts', { from: 'deals', to: 'contacts' }),
    dealCompanies: associationsOf('dealCompanies', { from: 'deals', to: 'companies' }),
    lineItemDeals: associationsOf('lineItemDeals', { from: 'line_items', to: 'deals' }),
  },
  webhooks,
});
