import { expect, test } from 'vitest';
import { inspectSubscriptions, matchSubscriptions, topicPermissions } from '../src/protocols/webhooks/index.ts';
import { refusal } from './support/connection.ts';
import { openHubspot, openShopify, startHubspot, startShopify } from './support/subscription-servers.ts';

const url = 'https://hooks.example.com/webhooks/shop';
const elsewhere = 'https://somebody.example/hook';

const shopify = (id: string, topic: string, uri = url) => ({ id, topic, uri });
const topicsAt = (subscriptions: readonly { topic: string; uri: string }[]) =>
  subscriptions.map(({ topic, uri }) => `${topic} ${uri}`).toSorted();

test('missing subscriptions are created and unwanted ones of ours removed; those of others stay', async () => {
  const server = await startShopify([
    shopify('1', 'ORDERS_CREATE', elsewhere),
    shopify('2', 'PRODUCTS_UPDATE'),
    shopify('3', 'ORDERS_CREATE'),
    shopify('4', 'PRODUCTS_UPDATE', elsewhere),
  ]);
  const report = await matchSubscriptions({
    ...openShopify(server.origin),
    url,
    topics: ['ORDERS_CREATE', 'ORDERS_UPDATED'],
  });
  expect(topicsAt(server.subscriptions)).toEqual([
    `ORDERS_CREATE ${url}`,
    `ORDERS_CREATE ${elsewhere}`,
    `ORDERS_UPDATED ${url}`,
    `PRODUCTS_UPDATE ${elsewhere}`,
  ]);
  expect(report.topics).toEqual([
    { topic: 'ORDERS_CREATE', found: 'active', permissions: ['read_orders'], error: undefined },
    { topic: 'ORDERS_UPDATED', found: 'missing', permissions: ['read_orders'], error: undefined },
  ]);
  expect(report.surplus).toEqual([{ id: '2', topic: 'PRODUCTS_UPDATE', url }]);
});

test('a second time nothing is written', async () => {
  const server = await startShopify([]);
  const given = { ...openShopify(server.origin), url, topics: ['ORDERS_CREATE', 'ORDERS_UPDATED', 'ORDERS_CREATE'] };
  await matchSubscriptions(given);
  const before = server.writes().length;
  expect((await matchSubscriptions(given)).topics.map(({ found }) => found)).toEqual(['active', 'active']);
  expect([before, server.writes().length]).toEqual([2, 2]);
});

test('a subscription that the vendor has deleted is seen, and comes back', async () => {
  const server = await startShopify([]);
  const given = { ...openShopify(server.origin), url, topics: ['ORDERS_CREATE'] };
  await matchSubscriptions(given);
  server.subscriptions.length = 0; // after eight failed deliveries
  expect((await inspectSubscriptions(given)).topics).toMatchObject([{ found: 'missing' }]);
  expect(server.subscriptions).toEqual([]);
  await matchSubscriptions(given);
  expect(topicsAt(server.subscriptions)).toEqual([`ORDERS_CREATE ${url}`]);
});

test('doubles and former URLs go, and a URL is the same however it is written', async () => {
  const former = 'https://old.example.com/shop';
  const server = await startShopify([
    shopify('1', 'ORDERS_CREATE', 'https://HOOKS.example.com:443/webhooks/shop'),
    shopify('2', 'ORDERS_CREATE'),
    shopify('3', 'ORDERS_CREATE', former),
  ]);
  await matchSubscriptions({ ...openShopify(server.origin), url, topics: ['ORDERS_CREATE'], formerUrls: [former] });
  expect(server.subscriptions.map(({ id }) => id)).toEqual(['1']);
});

test('no topics remove all of ours', async () => {
  const server = await startShopify([shopify('1', 'ORDERS_CREATE'), shopify('2', 'ORDERS_CREATE', elsewhere)]);
  await matchSubscriptions({ ...openShopify(server.origin), url, topics: [] });
  expect(server.subscriptions.map(({ id }) => id)).toEqual(['2']);
});

test('a topic that the vendor refuses is reported with its error, and the others are there', async () => {
  const server = await startShopify([]);
  const { topics } = await matchSubscriptions({
    ...openShopify(server.origin),
    url,
    topics: ['ORDERS_RISK', 'ORDERS_CREATE'],
  });
  expect(topics.map(({ topic, error }) => [topic, error?.code])).toEqual([
    ['ORDERS_RISK', 'invalid-request'],
    ['ORDERS_CREATE', undefined],
  ]);
  expect(topicsAt(server.subscriptions)).toEqual([`ORDERS_CREATE ${url}`]);
});

test('a misspelt topic is refused before anything is asked, with the name that was meant', async () => {
  const server = await startShopify([]);
  const error = await refusal(matchSubscriptions({ ...openShopify(server.origin), url, topics: ['ORDERS_CREATED'] }));
  expect([error.code, error.message]).toEqual([
    'invalid-settings',
    "there is no webhook topic 'ORDERS_CREATED': did you mean 'ORDERS_CREATE'?",
  ]);
  expect(server.requests).toEqual([]);
});

test('a subscription that the vendor has switched off is replaced; one that is gone meanwhile is no failure', async () => {
  const server = await startHubspot(
    [
      { id: '1', eventType: 'contact.creation', active: false },
      { id: '2', eventType: 'deal.creation', active: true },
      { id: '3', eventType: 'contact.deletion', active: false },
      { id: '4', eventType: 'contact.deletion', active: true },
    ],
    url,
  );
  const { subscriptions, webhooks } = openHubspot(server.origin);
  const topics = ['contact.creation', 'contact.deletion'];
  const remove: typeof subscriptions.remove = async (id, options) => {
    await subscriptions.remove(id, options);
    await subscriptions.remove(id, options); // as if somebody else had been first
  };
  const report = await matchSubscriptions({ webhooks, subscriptions: { ...subscriptions, remove }, url, topics });
  expect(report.topics.map(({ topic, found }) => [topic, found])).toEqual([
    ['contact.creation', 'inactive'],
    ['contact.deletion', 'active'],
  ]);
  expect(report.surplus.map(({ id }) => id)).toEqual(['2', '3']);
  expect(server.subscriptions.map(({ eventType, active }) => [eventType, active])).toEqual([
    ['contact.deletion', true],
    ['contact.creation', true],
  ]);
});

test('the permissions of some topics are each named once', async () => {
  const { webhooks } = openShopify('http://127.0.0.1:1');
  const topics = ['PRODUCTS_UPDATE', 'ORDERS_CREATE', 'ORDERS_UPDATED'];
  expect(topicPermissions(webhooks, topics)).toEqual(['read_orders', 'read_products']);
});
