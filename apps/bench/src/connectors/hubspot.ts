// HubSpot's contacts, all of them, by our connector and by HubSpot's own client.
/** Reads everything once and gives how many records that were. */
export type ReadAll = () => Promise<number>;

/** Mortise, everything on: validation, quota, deadlines, breaker, events. */
export const mortise = async (url: string): Promise<ReadAll> => {
  const { open } = await import('@mortise/runtime');
  const { default: hubspot } = await import('@mortise/connector-hubspot');
  const settings = { baseUrl: url, requestsPerTenSeconds: 10_000_000 };
  const crm = open(hubspot, { settings, credentials: { token: 'a token' }, events: () => undefined });
  return async () => {
    let records = 0;
    for await (const page of crm.contacts.list()) records += page.records.length;
    return records;
  };
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
export const guardedClient = (url: string): Promise<ReadAll> => {
  const reservoir = 10_000_000;
  const limiterOptions = { reservoir, reservoirRefreshAmount: reservoir, reservoirRefreshInterval: 10_000 };
  return readWith(url, { numberOfApiCallRetries: 3, limiterOptions });
};

/** The same client without limiter and retries, as it is by default. */
export const bareClient = (url: string): Promise<ReadAll> => readWith(url, {});
