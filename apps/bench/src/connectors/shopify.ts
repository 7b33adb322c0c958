// A shop's customers, all of them, by our connector and by Shopify's own client.
import { counted, type ReadAll } from './read-all.ts';

/** Mortise, everything on: validation, cost-aware quota, deadlines, breaker, events. */
export const mortiseShopify = async (url: string): Promise<ReadAll> => {
  const { open } = await import('@mortise/runtime');
  const { default: shopify } = await import('@mortise/connector-shopify');
  const settings = { shop: 'bench.myshopify.com', origin: url };
  const shop = open(shopify, { settings, credentials: { accessToken: 'a token' }, events: () => undefined });
  return () => counted(shop.customers.list());
};

const document = `query Customers($first: Int!, $after: String) {
  customers(first: $first, after: $after) {
    nodes {
      id firstName lastName createdAt updatedAt defaultEmailAddress { emailAddress }
      defaultPhoneNumber { phoneNumber }
      defaultAddress { company address1 address2 city provinceCode zip countryCodeV2 }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** `@shopify/admin-api-client`, page by page, with its retries. It insists on https: its fetch leads to the server. */
export const shopifyClient = async (url: string): Promise<ReadAll> => {
  const { createAdminApiClient } = await import('@shopify/admin-api-client');
  const client = createAdminApiClient({
    storeDomain: 'bench.myshopify.com',
    apiVersion: '2026-10',
    accessToken: 'a token',
    retries: 3,
    customFetchApi: (asked, init) => fetch(`${url}${new URL(String(asked)).pathname}`, init),
  });
  return async () => {
    let records = 0;
    let after: string | undefined;
    do {
      const { data, errors } = await client.request(document, { variables: { first: 100, after } });
      if (data === undefined) throw new Error(`the client gave no data: ${errors?.message}`);
      const { nodes, pageInfo } = data.customers;
      records += nodes.length;
      after = pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
    } while (after !== undefined);
    return records;
  };
};
