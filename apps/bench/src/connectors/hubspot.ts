// HubSpot's contacts, all of them, by our connector and by HubSpot's own client.
import { counted, type ReadAll } from './read-all.ts';

/** Mortise, everything on: validation, quota, deadlines, breaker, events. */
export const mortiseHubspot = async (url: string): Promise<ReadAll> => {
  const { open } = await import('@mortise/runtime');
  const { default: hubspot } = await import('@mortise/connector-hubspot');
  const settings = { baseUrl: url, requestsPerTenSeconds: 10_000_000 };
  const crm = open(hubspot, { settings, credentials: { token: 'a token' }, events: () => undefined });
  return () => counted(crm.contacts.list());
};

/** Pages of HubSpot's own client, asking for the same properties. */
const readWith = async (url: string, options: object): Promise<ReadAll> => {
  const { Client } = await import('@hubspot/api-client');
  const { contactProperties } = await import('./pages.ts');
  const client = new Client({ accessToken: 'a token', basePath: url, ...options });
  return async () => {
    let records = 0;
    let after: string | undefined;
    do {
      const page = await client.crm.contacts.basicApi.getPage(100, after, [...contactProperties]);
      records += page.results.length;
      after = page.paging?.next?.after;
    } while (after !== undefined);
    return records;
  };
};

/** `@hubspot/api-client` with what Mortise has on as well: its retries, and its limiter with as many requests. */
export const hubspotClient = (url: string): Promise<ReadAll> => {
  const reservoir = 10_000_000;
  const limiterOptions = { reservoir, reservoirRefreshAmount: reservoir, reservoirRefreshInterval: 10_000 };
  return readWith(url, { numberOfApiCallRetries: 3, limiterOptions });
};

/** The same client without limiter and retries, as it is by default. */
export const bareHubspotClient = (url: string): Promise<ReadAll> => readWith(url, {});
