import { secret } from '@mortise/runtime';
import { z } from 'zod';
import { defaultSearchLagMs, vendorFacts } from './vendor-facts.ts';

/** Settings of a HubSpot connection; each has a default. */
export const settings = z.strictObject({
  /** Base of all paths, the token endpoint's among them. */
  baseUrl: z.url().default('https://api.hubapi.com'),
  /** Where users grant an OAuth app access. */
  authorizeUrl: z.url().default('https://app.hubspot.com/oauth/authorize'),
  /** Requests in 10 s that the account's plan grants; the true number is learned from HubSpot's answers. */
  requestsPerTenSeconds: z.int().min(1).default(vendorFacts.limits.requestsPerTenSeconds),
  /**
   * Milliseconds by which this account's search index may lag. Beyond the 30 s that engines count on already, lists of
   * changes begin that much earlier. A smaller value changes nothing.
   */
  searchLagMs: z.int().min(0).default(defaultSearchLagMs),
});

/** What is said of credentials that are neither one nor the other. */
export const eitherWay = 'give token, or clientId and clientSecret';

/** Credentials of a HubSpot connection: a service key, or an OAuth app that a user grants access. */
export const credentials = z
  .strictObject({
    /** A service key, or the token of a private app. */
    token: secret().optional(),
    /** Id of the OAuth app. */
    clientId: z.string().min(1).optional(),
    /** Its secret; HubSpot signs webhooks with it too. */
    clientSecret: secret().optional(),
    /** A refresh token that the host has got otherwise; used until the store has one. */
    refreshToken: secret().optional(),
  })
  .refine(
    ({ token, clientId, clientSecret, refreshToken }) =>
      token === undefined
        ? clientId !== undefined && clientSecret !== undefined
        : clientId === undefined && clientSecret === undefined && refreshToken === undefined,
    { error: eitherWay },
  );

/** Settings as operations see them. */
export type HubSpotSettings = z.output<typeof settings>;
/** Credentials of a connection once they are checked: a token, or an OAuth app. */
export type HubSpotCredentials = z.output<typeof credentials>;
