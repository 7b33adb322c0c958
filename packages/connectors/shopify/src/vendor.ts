import { defineVendor, readField } from '@mortise/runtime';
import { type GraphqlCall, graphql } from '@mortise/runtime/graphql';
import { type RestCall, rest } from '@mortise/runtime/rest';
import { classify, classifyAnswer } from './answers.ts';
import { auth } from './auth.ts';
import { documents } from './documents.ts';
import { credentials, originOf, type ShopifySettings, settings } from './settings.ts';
import { api, apiVersion, limits } from './vendor-facts.ts';

/** What Shopify's operations are called with. */
export type ShopifyCall = GraphqlCall<'admin', ShopifySettings> & RestCall<'files', ShopifySettings>;

/** Shopify: settings, credentials, auth and transport. */
export const shopify = defineVendor({
  id: 'shopify',
  api,
  settings,
  credentials,
  transports: (given) => ({
    admin: graphql({
      url: new URL(`/admin/api/${apiVersion}/graphql.json`, originOf(given)).href,
      classify,
      classifyAnswer,
      quota: [{ name: 'default', points: limits.bucketPoints, restorePerSecond: limits.restorePerSecond }],
    }),
    // The files of bulk operations lie with Google; what is fetched there carries no token.
    files: rest({ baseUrl: originOf(given), hosts: given.fileHosts }),
  }),
  auth,
  grantedPermissions: async ({ transports }) => {
    const { data } = await transports.admin.send({ document: documents.grantedScopes });
    const scopes = readField(data, 'currentAppInstallation.accessScopes');
    if (!Array.isArray(scopes)) return undefined;
    return scopes.flatMap((scope: unknown) => {
      const handle = readField(scope, 'handle');
      return typeof handle === 'string' ? [handle] : [];
    });
  },
});
