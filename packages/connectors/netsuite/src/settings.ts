import { secret } from '@mortise/runtime';
import { z } from 'zod';
import { limits } from './vendor-facts.ts';

/** Settings of a NetSuite connection. */
export const settings = z.strictObject({
  /** Account id as NetSuite writes it, for instance `1234567` or `123456_SB1` for a sandbox account. */
  account: z.string().regex(/^\w{1,40}$/, { error: "an account id is needed, for instance '1234567' or '123456_SB1'" }),
  /**
   * The one switch between the transports. `soap` has every operation proven longest, and ends with release 2028.2; from
   * release 2027.1 no new integration can be made for it. Take `rest` for everything new.
   */
  api: z.enum(['soap', 'rest']).default('rest'),
  /** Origin of the account's own domain, where it is not the usual one. */
  baseUrl: z.url().optional(),
  /** Requests that may be under way at once: the account's limit, which all its integrations share. */
  concurrentRequests: z.int().min(1).default(limits.concurrentRequests),
  /**
   * ISO 4217 codes by the internal id of the account's currencies (Lists > Accounting > Currencies): `{ '1': 'USD' }`. An
   * order in a currency that is not listed is a rejected record, never an amount of another currency.
   */
  currencies: z.record(z.string(), z.string().regex(/^[A-Z]{3}$/)).default({}),
  /** Internal id of the subsidiary of customers that are written; needed in OneWorld accounts. */
  subsidiary: z.string().min(1).optional(),
});

/** Settings as operations see them. */
export type NetSuiteSettings = z.output<typeof settings>;

/** Credentials of a NetSuite connection: those of the API that the settings choose. */
export const credentials = z.strictObject({
  /** For `soap`: the keys of the integration record and of an access token (token-based authentication). */
  tokens: z
    .strictObject({ consumerKey: secret(), consumerSecret: secret(), tokenId: secret(), tokenSecret: secret() })
    .optional(),
  /** For `rest`: OAuth 2.0 client credentials, that is an integration record and a certificate mapped to a role. */
  certificate: z
    .strictObject({
      clientId: z.string().min(1),
      /** Id that NetSuite gave to the uploaded certificate. */
      certificateId: z.string().min(1),
      /** Private key in PEM: RSA of at least 3072 bits for PS256, P-256 for ES256. */
      privateKey: secret(),
      algorithm: z.enum(['PS256', 'ES256']).default('PS256'),
    })
    .optional(),
});

/** Credentials after validation. */
export type NetSuiteCredentials = z.output<typeof credentials>;
