import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SignedRequest, WebhookFamily } from '../src/contract/webhooks.ts';
import {
  githubWebhooks,
  hubspotWebhooks,
  jsonItems,
  shopifyWebhooks,
  standardWebhooks,
  stripeWebhooks,
} from '../src/protocols/webhooks/index.ts';

const read = (family: WebhookFamily, body: string, headers: Readonly<Record<string, string>> = {}) => {
  const request: SignedRequest = { method: 'POST', url: '', header: (name) => headers[name], body: Buffer.from(body) };
  return family.read(request);
};

const shopify = (topic: string, event: string, id: number) =>
  read(shopifyWebhooks, `{"id":${id}}`, {
    'x-shopify-topic': topic,
    'x-shopify-event-id': event,
    'x-shopify-webhook-id': String(Math.random()),
    'x-shopify-triggered-at': '2026-11-25T10:00:00.123456789Z',
  })[0];

test('Shopify: a retry and a second subscription have the same key', () => {
  expect(shopify('orders/create', 'e1', 1)).toEqual({
    key: 'orders/create e1 1',
    topic: 'orders/create',
    subject: 'orders/1',
    occurredAt: Date.parse('2026-11-25T10:00:00.123Z'),
  });
  expect(shopify('orders/create', 'e1', 1)).toEqual(shopify('orders/create', 'e1', 1));
});

test('Shopify: topics and records of one action of a merchant share its event id and are different deliveries', () => {
  const keys = [
    shopify('orders/create', 'e1', 1),
    shopify('orders/paid', 'e1', 1),
    shopify('orders/create', 'e1', 2),
    shopify('orders/create', 'e2', 1),
  ].map((delivery) => delivery?.key);
  expect(new Set(keys).size).toBe(4);
});

test('Shopify: a record without an id is told apart by its body, and one without any event id has no key', () => {
  const level = (item: number, headers = { 'x-shopify-event-id': 'e1' }) =>
    read(shopifyWebhooks, `{"inventory_item_id":${item}}`, {
      'x-shopify-topic': 'inventory_levels/update',
      ...headers,
    })[0];
  expect(level(1)?.key).toBe(level(1)?.key);
  expect(level(1)?.key).not.toBe(level(2)?.key);
  expect(read(shopifyWebhooks, '{"id":1}', { 'x-shopify-topic': 'orders/create' })[0]?.key).toBe('');
});

test('Shopify: a change and the deletion of a record are about the same subject', () => {
  const headers = { 'x-shopify-event-id': 'e1' };
  const change = read(shopifyWebhooks, '{"id":1,"admin_graphql_api_id":"gid://shopify/Product/1"}', {
    ...{ 'x-shopify-topic': 'products/update', ...headers },
  });
  const removal = read(shopifyWebhooks, '{"id":1}', { 'x-shopify-topic': 'products/delete', ...headers });
  expect(change[0]?.subject).toBe('products/1');
  expect(removal[0]?.subject).toBe('products/1');
});

test('Shopify: an id beyond 2^53 keeps its digits', () => {
  expect(read(shopifyWebhooks, '{"id":820982911946154508}', { 'x-shopify-topic': 'orders/create' })[0]?.subject).toBe(
    'orders/820982911946154508',
  );
});

const hubspotEvent = (parts: object) =>
  JSON.stringify({ portalId: 1, objectId: 7, subscriptionType: 'contact.propertyChange', occurredAt: 5, ...parts });

test('HubSpot: each event of a request is a delivery with its own bytes', () => {
  const first = hubspotEvent({ propertyName: 'city', propertyValue: 'Ulm [\\",]' });
  const second = hubspotEvent({ subscriptionType: 'contact.deletion', objectId: 8 });
  const deliveries = read(hubspotWebhooks, ` [${first} ,\n${second}]`);
  expect(deliveries.map(({ topic, subject, occurredAt }) => [topic, subject, occurredAt])).toEqual([
    ['contact.propertyChange', 'contact/7', 5],
    ['contact.deletion', 'contact/8', 5],
  ]);
  expect(
    deliveries.map(({ body }) =>
      Buffer.from(body ?? [])
        .toString()
        .trim(),
    ),
  ).toEqual([first, second]);
});

test('HubSpot: a repeated attempt has the same key, and two events of one id have not', () => {
  const keyOf = (parts: object) => read(hubspotWebhooks, `[${hubspotEvent(parts)}]`)[0]?.key;
  expect(keyOf({ eventId: 1, attemptNumber: 3 })).toBe(keyOf({ eventId: 1, attemptNumber: 0 }));
  expect(keyOf({ eventId: 1, propertyName: 'city' })).not.toBe(keyOf({ eventId: 1, propertyName: 'zip' }));
  expect(keyOf({ eventId: 1, occurredAt: 6 })).not.toBe(keyOf({ eventId: 1 }));
});

test('HubSpot: events of an unknown form are told apart by what they hold, but for the count of attempts', () => {
  const keyOf = (parts: object) => read(hubspotWebhooks, JSON.stringify([parts]))[0]?.key;
  expect(keyOf({ thing: 1, attemptNumber: 0 })).toBe(keyOf({ thing: 1, attemptNumber: 7 }));
  expect(keyOf({ thing: 1 })).not.toBe(keyOf({ thing: 2 }));
});

test('Standard Webhooks, Stripe and GitHub: key, topic, subject and time stand where each says', () => {
  const body = '{"type":"order.created","timestamp":"2026-11-25T10:00:00Z","data":{}}';
  expect(read(standardWebhooks, body, { 'webhook-id': 'msg_1' })).toEqual([
    { key: 'msg_1', topic: 'order.created', occurredAt: Date.parse('2026-11-25T10:00:00Z') },
  ]);
  const event = '{"id":"evt_1","type":"customer.updated","created":1700000000,"data":{"object":{"id":"cus_1"}}}';
  expect(read(stripeWebhooks, event)).toEqual([
    { key: 'evt_1', topic: 'customer.updated', subject: 'cus_1', occurredAt: 1_700_000_000_000 },
  ]);
  const headers = { 'x-github-delivery': 'd1', 'x-github-event': 'push' };
  expect(read(githubWebhooks, '{}', headers)).toEqual([{ key: 'd1', topic: 'push' }]);
});

test('the items of any JSON list are cut as JSON.parse finds them, whatever they hold', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom('', ' ', '\n\t'), (values, space) => {
      const text = `${space}[${space}${values.map((value) => JSON.stringify(value)).join(`${space},${space}`)}${space}]${space}`;
      const items = jsonItems(Buffer.from(text)).map((item) => JSON.parse(Buffer.from(item).toString()) as unknown);
      expect(items).toEqual(JSON.parse(text));
    }),
  );
});

test('whatever bytes come are cut without an end, or an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const items = jsonItems(bytes);
      expect(items.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(bytes.length);
    }),
  );
});
