import { secret } from '@mortise/runtime';
import { z } from 'zod';
import { defaultSearchLagMs, vendorFacts } from './vendor-facts.ts';

/** Settings of a HubSpot connection; each has a default. */
export const settings = z.strictObject({
  /** Base of all paths. */
  baseUrl: z.url().default('https://api.hubapi.com'),
  /** Requests in 10 s that the account's plan grants; the true number is learned from HubSpot's answers. */
  requestsPerTenSeconds: z.int().min(1).default(vendorFacts.limits.requestsPerTenSeconds),
  /**
   * Milliseconds by which this account's search index may lag. Beyond the 30 s that engines count on already, lists of
   * changes begin that much earlier. A smaller value changes nothing.
   */
  searchLagMs: z.int().min(0).default(defaultSearchLagMs),
});

/** Credentials of a HubSpot connection: a service key or the token of a private app. */
export const credentials = z.strictObject({ token: secret() });

/** Settings as operations see them. */
export type HubSpotSettings = z.output<typeof settings>;
