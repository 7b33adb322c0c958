import { z } from 'zod';
import { bearer } from '../../src/auth/index.ts';
import { connectorError, defineVendor, open, secret } from '../../src/index.ts';
import { graphql } from '../../src/protocols/graphql/index.ts';
import { rest } from '../../src/protocols/rest/index.ts';
import { hubspotWebhooks, shopifyWebhooks, WebhookSubscription } from '../../src/protocols/webhooks/index.ts';
import { json, type SeenRequest, serve } from './server.ts';

interface ShopifySubscription {
  readonly id: string;
  readonly topic: string;
  readonly uri: string;
}

const pageLength = 2;

const ShopifyBody = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()) });
const ShopifyPage = z.object({
  webhookSubscriptions: z.object({
    nodes: z.array(z.object({ id: z.string(), topic: z.string(), uri: z.string() })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});
const ShopifyCreated = z.object({
  webhookSubscriptionCreate: z.object({
    webhookSubscription: z.object({ id: z.string(), topic: z.string(), uri: z.string() }).nullable(),
    userErrors: z.array(z.object({ message: z.string() })),
  }),
});

/** Shopify as far as its subscriptions go: `webhookSubscriptions`, `webhookSubscriptionCreate`, `…Delete`. */
export const startShopify = async (subscriptions: ShopifySubscription[]) => {
  let nextId = 100;
  const answers: Readonly<Record<string, (variables: Record<string, unknown>) => unknown>> = {
    webhookSubscriptions: ({ after }) => {
      const start = after === null || after === undefined ? 0 : Number(after);
      const end = start + pageLength;
      const pageInfo = { hasNextPage: end < subscriptions.length, endCursor: String(end) };
      return { nodes: subscriptions.slice(start, end), pageInfo };
    },
    webhookSubscriptionCreate: ({ topic, uri }) => {
      const refused = subscriptions.some((other) => other.topic === topic && other.uri === uri);
      if (refused || topic === 'ORDERS_RISK') {
        return {
          webhookSubscription: null,
          userErrors: [{ message: 'Address for this topic has already been taken' }],
        };
      }
      const made = { id: `gid://shopify/WebhookSubscription/${nextId++}`, topic: String(topic), uri: String(uri) };
      subscriptions.push(made);
      return { webhookSubscription: made, userErrors: [] };
    },
    webhookSubscriptionDelete: ({ id }) => {
      const index = subscriptions.findIndex((each) => each.id === id);
      if (index >= 0) subscriptions.splice(index, 1);
      return { deletedWebhookSubscriptionId: index < 0 ? null : id, userErrors: [] };
    },
  };
  const server = await serve((response, request) => {
    const { query, variables } = ShopifyBody.parse(JSON.parse(request.body));
    const name = /webhookSubscription\w*/.exec(query)?.[0] ?? '';
    json(response, { data: { [name]: answers[name]?.(variables) } });
  });
  const writes = () => server.requests.filter(({ body }) => body.includes('mutation'));
  return { ...server, subscriptions, writes };
};

const listDocument =
  'query Subscriptions($after: String) { webhookSubscriptions(first: 250, after: $after) { nodes { id topic uri } pageInfo { hasNextPage endCursor } } }';
const createDocument =
  'mutation Subscribe($topic: WebhookSubscriptionTopic!, $uri: String!) { webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri }) { webhookSubscription { id topic uri } userErrors { message } } }';
const removeDocument =
  'mutation Unsubscribe($id: ID!) { webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { message } } }';

/** A connector of that server. */
export const shopifyConnector = (url: string) => {
  const vendor = defineVendor({
    ...{ id: 'shop', settings: z.strictObject({}), credentials: z.strictObject({ token: secret() }) },
    transports: () => ({ graphql: graphql({ url }) }),
    auth: ({ credentials }) => bearer(credentials.token),
  });
  const fromNode = ({ id, topic, uri }: { id: string; topic: string; uri: string }) => ({ id, topic, url: uri });
  const subscriptions = vendor.resource({
    record: WebhookSubscription,
    key: 'id',
    changes: 'none',
    list: async function* ({ transports }) {
      let after: unknown = null;
      do {
        const { data } = await transports.graphql.send({
          document: listDocument,
          variables: { after },
        });
        const { nodes, pageInfo } = ShopifyPage.parse(data).webhookSubscriptions;
        yield { records: nodes.map(fromNode) };
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      } while (after !== null);
    },
    create: {
      effect: 'unsafe',
      max: 1,
      run: async ({ transports }, [wanted]) => {
        const variables = { topic: wanted?.topic, uri: wanted?.url };
        const { data } = await transports.graphql.send({ document: createDocument, variables });
        const { webhookSubscription, userErrors } = ShopifyCreated.parse(data).webhookSubscriptionCreate;
        if (webhookSubscription !== null) return [{ ok: true, record: fromNode(webhookSubscription) }];
        return [{ ok: false, error: connectorError('invalid-request', userErrors[0]?.message ?? 'refused') }];
      },
    },
    remove: {
      effect: 'idempotent',
      run: async ({ transports }, id) =>
        void (await transports.graphql.send({ document: removeDocument, variables: { id }, effect: 'idempotent' })),
    },
  });
  return vendor.connector({
    resources: { subscriptions },
    webhooks: {
      ...shopifyWebhooks,
      subscriptions: 'subscriptions',
      topics: {
        ORDERS_CREATE: { permissions: ['read_orders'] },
        ORDERS_UPDATED: { permissions: ['read_orders'] },
        ORDERS_RISK: { permissions: ['read_orders'] },
        PRODUCTS_UPDATE: { permissions: ['read_products'] },
      },
    },
  });
};

interface HubspotSubscription {
  readonly id: string;
  readonly eventType: string;
  readonly active: boolean;
}

const HubspotList = z.object({
  results: z.array(z.object({ id: z.string(), eventType: z.string(), active: z.boolean() })),
});

/** HubSpot as far as its subscriptions go: one target URL an app, and subscriptions that can be switched off. */
export const startHubspot = async (given: HubspotSubscription[], targetUrl: string) => {
  const subscriptions = [...given];
  let nextId = 500;
  const act = ({ method, url, body }: SeenRequest): { status: number; body: unknown } => {
    if (url.endsWith('/settings')) return { status: 200, body: { targetUrl } };
    if (method === 'GET') return { status: 200, body: { results: subscriptions } };
    if (method === 'POST') {
      const { eventType } = z.object({ eventType: z.string(), active: z.boolean() }).parse(JSON.parse(body));
      const made = { id: String(nextId++), eventType, active: true };
      subscriptions.push(made);
      return { status: 201, body: made };
    }
    const index = subscriptions.findIndex(({ id }) => url.endsWith(`/${id}`));
    if (index < 0) return { status: 404, body: { status: 'error', category: 'OBJECT_NOT_FOUND' } };
    subscriptions.splice(index, 1);
    return { status: 204, body: undefined };
  };
  const server = await serve((response, request) => {
    const { status, body } = act(request);
    if (body === undefined) response.writeHead(status).end();
    else json(response, body, status);
  });
  const writes = () => server.requests.filter(({ method }) => method !== 'GET').map(({ method, url }) => [method, url]);
  return { ...server, subscriptions, writes };
};

/** A connector of that server. */
export const hubspotConnector = (baseUrl: string) => {
  const vendor = defineVendor({
    ...{ id: 'crm', settings: z.strictObject({}), credentials: z.strictObject({ token: secret() }) },
    transports: () => ({ rest: rest({ baseUrl }) }),
    auth: ({ credentials }) => bearer(credentials.token),
  });
  const path = 'webhooks/v3/42/subscriptions';
  const webhookSubscriptions = vendor.resource({
    record: WebhookSubscription,
    key: 'id',
    changes: 'none',
    list: async function* ({ transports }) {
      const settings = await transports.rest.send({ method: 'GET', path: 'webhooks/v3/42/settings' });
      const { targetUrl } = z.object({ targetUrl: z.string() }).parse(settings.body);
      const { results } = HubspotList.parse((await transports.rest.send({ method: 'GET', path })).body);
      yield {
        records: results.map(({ id, eventType, active }) => ({
          id,
          topic: eventType,
          url: targetUrl,
          isActive: active,
        })),
      };
    },
    create: {
      effect: 'unsafe',
      max: 1,
      run: async ({ transports }, [wanted]) => {
        const body = { eventType: wanted?.topic, active: true };
        const answer = await transports.rest.send({ method: 'POST', path, body });
        const { id } = z.object({ id: z.string() }).parse(answer.body);
        return [{ ok: true, record: { ...wanted, id } }];
      },
    },
    remove: {
      effect: 'idempotent',
      run: async ({ transports }, id) =>
        void (await transports.rest.send({ method: 'DELETE', path: `${path}/{id}`, parameters: { id } })),
    },
  });
  const topics = { 'contact.creation': {}, 'contact.deletion': {}, 'deal.creation': {} };
  return vendor.connector({
    resources: { webhookSubscriptions },
    webhooks: { ...hubspotWebhooks, subscriptions: 'webhookSubscriptions', topics },
  });
};

const options = { credentials: { token: 'secret token' }, events: () => {} };

/** The shop, opened. */
export const openShopify = (url: string) => {
  const connector = shopifyConnector(url);
  return { webhooks: connector.webhooks, ...open(connector, options) };
};

/** The CRM, opened. */
export const openHubspot = (url: string) => {
  const connector = hubspotConnector(url);
  const { webhookSubscriptions: subscriptions } = open(connector, options);
  return { webhooks: connector.webhooks, subscriptions };
};
