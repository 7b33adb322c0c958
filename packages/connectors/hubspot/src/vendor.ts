import { defineVendor, type QuotaRule } from '@mortise/runtime';
import { type RestCall, rest } from '@mortise/runtime/rest';
import { authOf } from './auth.ts';
import { classify } from './error-body.ts';
import { credentials, type HubSpotSettings, settings } from './settings.ts';
import { api, vendorFacts } from './vendor-facts.ts';

/** What HubSpot's operations are called with. */
export type HubSpotCall = RestCall<'rest', HubSpotSettings>;

/** Searches draw on this quota, all other requests on `default`. */
export const searchQuota = 'search';

const quotaRules = (requestsPerTenSeconds: number): readonly QuotaRule[] => [
  {
    name: 'default',
    requests: requestsPerTenSeconds,
    perMs: 10_000,
    headers: { limit: 'x-hubspot-ratelimit-max', remaining: 'x-hubspot-ratelimit-remaining' },
  },
  // No answer to a search says how much of this one is left.
  { name: searchQuota, requests: vendorFacts.limits.searchesPerSecond, perMs: 1_000 },
];

/** HubSpot: settings, credentials, auth and transport. */
export const hubspot = defineVendor({
  id: 'hubspot',
  api,
  settings,
  credentials,
  transports: ({ baseUrl, requestsPerTenSeconds }) => ({
    rest: rest({ baseUrl, quota: quotaRules(requestsPerTenSeconds), classify }),
  }),
  auth: authOf,
});
