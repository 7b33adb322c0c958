import { matchSubscriptions } from '@mortise/runtime/webhooks';
import { buildClientSchema, type GraphQLEnumType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readSchema } from '../../../../servers/shopify-schema/schema.mjs';
import shopify from '../src/index.ts';
import { type Asked, errorOf, scriptedShop, type Told } from './scripted-shop.ts';

interface Row {
  readonly id: string;
  readonly topic: unknown;
  readonly uri: unknown;
}

/** The subscriptions of an app, as the shop keeps them. */
const keeper = (rows: Row[]) => {
  let next = 100;
  return ({ operation, variables }: Asked): Told => {
    if (operation === 'WebhookSubscriptions') {
      return {
        body: { data: { webhookSubscriptions: { nodes: rows, pageInfo: { hasNextPage: false, endCursor: null } } } },
      };
    }
    if (operation === 'CreateWebhook') {
      next += 1;
      const webhookSubscription = {
        id: `gid://shopify/WebhookSubscription/${next}`,
        topic: variables.topic,
        uri: variables.uri,
      };
      rows.push(webhookSubscription);
      return { body: { data: { webhookSubscriptionCreate: { webhookSubscription, userErrors: [] } } } };
    }
    const index = rows.findIndex(({ id }) => id === variables.id);
    const userErrors = index < 0 ? [{ field: ['id'], message: 'Webhook subscription does not exist' }] : [];
    if (index >= 0) rows.splice(index, 1);
    return {
      body: { data: { webhookSubscriptionDelete: { deletedWebhookSubscriptionId: variables.id, userErrors } } },
    };
  };
};

const url = 'https://hooks.example.test/webhooks/shop';
const row = (number: number, topic: string, uri = url): Row => ({
  id: `gid://shopify/WebhookSubscription/${number}`,
  topic,
  uri,
});

describe('vendors.md 3, webhook subscriptions', () => {
  test('what Shopify deleted after failed deliveries is made again, what is not wanted goes, and others stay', async () => {
    const rows = [
      row(1, 'ORDERS_CREATE'),
      row(2, 'PRODUCTS_DELETE'),
      row(3, 'ORDERS_CREATE', 'https://other.example.test/'),
    ];
    const { shop, asked } = await scriptedShop(keeper(rows));
    const wanted = {
      webhooks: shopify.webhooks,
      subscriptions: shop.webhookSubscriptions,
      url,
      topics: ['ORDERS_CREATE', 'CUSTOMERS_UPDATE'],
    };
    const { topics } = await matchSubscriptions(wanted);
    expect(topics.map(({ topic, found }) => [topic, found])).toEqual([
      ['ORDERS_CREATE', 'active'],
      ['CUSTOMERS_UPDATE', 'missing'],
    ]);
    expect(rows.map(({ topic, uri }) => [topic, uri])).toEqual([
      ['ORDERS_CREATE', url],
      ['ORDERS_CREATE', 'https://other.example.test/'],
      ['CUSTOMERS_UPDATE', url],
    ]);
    const before = asked.length;
    await matchSubscriptions(wanted);
    expect(asked.slice(before).map(({ operation }) => operation)).toEqual(['WebhookSubscriptions']);
  });

  test('a subscription that is gone already is not found', async () => {
    const { shop } = await scriptedShop(keeper([]));
    const error = await errorOf(shop.webhookSubscriptions.remove('gid://shopify/WebhookSubscription/1'));
    expect(error.code).toBe('not-found');
  });

  test('a topic that Shopify refuses is the outcome of its record', async () => {
    const userErrors = [{ field: ['webhookSubscription', 'uri'], message: 'Address is not allowed' }];
    const { shop } = await scriptedShop(() => ({
      body: { data: { webhookSubscriptionCreate: { webhookSubscription: null, userErrors } } },
    }));
    const [outcome] = await shop.webhookSubscriptions.create([{ topic: 'ORDERS_CREATE', url }]);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid-request' } });
    expect(JSON.stringify(outcome)).not.toContain('not allowed');
  });

  test('every topic is one of the published schema, and needs a scope that its description names', () => {
    const schema = buildClientSchema(readSchema().introspection as never, { assumeValid: true });
    const values = (schema.getType('WebhookSubscriptionTopic') as GraphQLEnumType).getValues();
    const described = new Map(values.map(({ name, description }) => [name, description ?? '']));
    for (const [topic, { permissions = [] }] of Object.entries(shopify.webhooks.topics)) {
      const scopes = described.get(topic)?.match(/read_\w+/g) ?? [];
      expect([topic, permissions]).toEqual([topic, scopes.length === 0 ? [] : [expect.toBeOneOf(scopes)]]);
      expect(described.has(topic)).toBe(true);
    }
  });
});

describe('vendors.md 3, webhook deliveries', () => {
  test('a delivery is proved over its bytes, and a duplicate has the key of the first', () => {
    const body = Buffer.from(JSON.stringify({ id: 1001, admin_graphql_api_id: 'gid://shopify/Order/1001' }));
    const request = { method: 'POST', url, body };
    const signed = shopify.webhooks.signature.sign(request, { secret: 'app-secret', now: 0 });
    const read = (webhookId: string) => {
      const headers: Record<string, string> = {
        ...signed,
        'x-shopify-topic': 'orders/create',
        'x-shopify-event-id': 'e-1',
        'x-shopify-webhook-id': webhookId,
      };
      const delivered = { ...request, header: (name: string) => headers[name] };
      const claim = shopify.webhooks.signature.claim(delivered.header);
      const isOurs =
        claim !== undefined && shopify.webhooks.signature.matches(delivered, { claim, secret: 'app-secret' });
      return { isOurs, deliveries: shopify.webhooks.read(delivered) };
    };
    const [first, second] = [read('w-1'), read('w-2')];
    expect(first.isOurs).toBe(true);
    expect(first.deliveries[0]).toMatchObject({ topic: 'orders/create', subject: 'orders/1001' });
    expect(second.deliveries[0]?.key).toBe(first.deliveries[0]?.key);
  });
});
