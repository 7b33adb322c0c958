import { secret } from '@mortise/runtime';
import { z } from 'zod';

const domain = /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/;

/** Settings of a Shopify connection. */
export const settings = z.strictObject({
  /** The store's own domain, for instance `my-store.myshopify.com`: not the one that customers see. */
  shop: z.string().regex(domain, "the store's own domain is needed, for instance my-store.myshopify.com"),
  /** Origin of the Admin API where it is not the store's own, for instance a sandbox's. */
  origin: z.url().optional(),
  /** Hosts on which Shopify puts the files of bulk operations. They are sent no token. */
  fileHosts: z.array(z.string()).default(['storage.googleapis.com']),
  /** How tokens are got where the credentials have a client secret: the app's own store, or a merchant's consent. */
  grant: z.enum(['client-credentials', 'authorization-code']).default('client-credentials'),
  /**
   * Whether stock is only written over the quantity that was there: what somebody changed in between makes the write
   * fail with `conflict`. False sets the quantity whatever it was.
   */
  compareStock: z.boolean().default(true),
});

/** Credentials: the token of a custom app, or the client id and secret of an app. */
export const credentials = z
  .strictObject({
    /** Admin API access token of a custom app, `shpat_…`. */
    accessToken: secret().optional(),
    clientId: z.string().min(1).optional(),
    clientSecret: secret().optional(),
    /** A refresh token that the host has got itself, for `authorization-code`: used until the store has one. */
    refreshToken: secret().optional(),
  })
  .refine(
    ({ accessToken, clientId, clientSecret }) =>
      accessToken === undefined
        ? clientId !== undefined && clientSecret !== undefined
        : clientId === undefined && clientSecret === undefined,
    { error: 'give accessToken, or clientId and clientSecret' },
  );

/** Settings as operations see them. */
export type ShopifySettings = z.output<typeof settings>;

/** Credentials as the vendor definition sees them. */
export type ShopifyCredentials = z.output<typeof credentials>;

/** Where the store's API is reached. */
export const originOf = ({ shop, origin }: ShopifySettings): string => origin ?? `https://${shop}`;
