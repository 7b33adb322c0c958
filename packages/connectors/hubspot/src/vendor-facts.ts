import type { ApiFacts } from '@mortise/runtime';

/** The date version of every path that this connector calls. HubSpot supports a version for 18 months. */
export const apiVersion = '2026-09';

/** Path of the token endpoint, under the same version. `/oauth/v1/token` ends on 16 February 2027. */
export const tokenPath = `/oauth/${apiVersion}/token`;

/**
 * How long after a change the search index may still miss it, milliseconds. HubSpot says "a few moments"; 30 s is from
 * experience, not from a document. Sync engines read it from the resources, where it cannot be a setting: an account
 * that lags longer raises the setting `searchLagMs`.
 */
export const defaultSearchLagMs = 30_000;

const contactsRead = 'crm.objects.contacts.read';
const companiesRead = 'crm.objects.companies.read';
const dealsRead = 'crm.objects.deals.read';

/** What this connector takes for granted about HubSpot, as data. */
export const vendorFacts = {
  apiVersion,
  released: '2026-09',
  /** Last day on which HubSpot supports the version: 18 months after its release. */
  sunset: '2028-03-31',
  sources: [
    'https://developers.hubspot.com/docs/api-reference',
    'https://github.com/HubSpot/HubSpot-public-api-spec-collection',
  ],
  limits: {
    /** Requests in a rolling 10 s for one app of a Professional or Enterprise account; 100 on Free and Starter. */
    requestsPerTenSeconds: 190,
    /** Searches per second and account, counted apart; their answers carry no rate-limit headers. */
    searchesPerSecond: 5,
    listPage: 100,
    searchPage: 200,
    batchInputs: 100,
    /** Results of one search beyond this one cannot be paged to. */
    searchWall: 10_000,
    /** Events in one webhook request. */
    webhookEvents: 100,
  },
  /** Least privilege for each resource; `prepare` needs those of `schemas` too. */
  scopes: {
    contacts: { read: [contactsRead], write: ['crm.objects.contacts.write'] },
    companies: { read: [companiesRead], write: ['crm.objects.companies.write'] },
    products: { read: ['crm.objects.products.read'], write: ['crm.objects.products.write'] },
    deals: {
      read: [dealsRead, contactsRead, companiesRead],
      write: ['crm.objects.deals.write', 'crm.objects.contacts.write', 'crm.objects.companies.write'],
    },
    line_items: {
      read: ['crm.objects.line_items.read', dealsRead],
      write: ['crm.objects.line_items.write', 'crm.objects.deals.write'],
    },
    schemas: { read: ['crm.schemas.deals.read'], write: ['crm.schemas.deals.write'] },
  },
  /** What OAuth apps need whatever they do. Service keys do not have it. */
  oauthScopes: ['oauth'],
} as const;

const { limits } = vendorFacts;

/** The same for review, in the contract's form. */
export const api: ApiFacts = {
  version: apiVersion,
  sunset: vendorFacts.sunset,
  sources: vendorFacts.sources,
  limits: [
    { name: 'requests per 10 s and app', value: limits.requestsPerTenSeconds, unit: 'requests' },
    { name: 'searches per second and account', value: limits.searchesPerSecond, unit: 'requests' },
    { name: 'page of a list', value: limits.listPage, unit: 'records' },
    { name: 'page of a search', value: limits.searchPage, unit: 'records' },
    { name: 'results of one search', value: limits.searchWall, unit: 'records' },
    { name: 'inputs of a batch', value: limits.batchInputs, unit: 'records' },
    { name: 'events of a webhook request', value: limits.webhookEvents, unit: 'events' },
  ],
};
