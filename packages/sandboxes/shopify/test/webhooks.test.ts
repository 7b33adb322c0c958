import { createServer, type IncomingHttpHeaders } from 'node:http';
import { virtualClock } from '@mortise/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { destroy, mergeCustomers, placeOrder, type ShopifySandbox, touch, webhookSignature } from '../src/index.ts';
import { ask, at, smallShop, startedSandbox } from './started.ts';

type Delivered = { headers: IncomingHttpHeaders; body: string };

async function receiver(status: () => number) {
  const got: Delivered[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(status()).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { got, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hook` };
}

const subscribe =
  'mutation W($topic: WebhookSubscriptionTopic!, $uri: String!) { webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri }) { webhookSubscription { id } userErrors { message } } }';
const subscriptions = async (sandbox: ShopifySandbox) =>
  at(
    (await ask(sandbox, '{ webhookSubscriptions(first: 5) { nodes { topic uri } } }')).data,
    'webhookSubscriptions.nodes',
  );

async function listening(
  topics: readonly string[],
  { status = () => 200, settings = {} }: { status?: () => number; settings?: object } = {},
) {
  const clock = virtualClock(Date.UTC(2026, 10, 1));
  const sandbox = await startedSandbox({ seed: smallShop, clock, settings });
  const { got, url } = await receiver(status);
  for (const topic of topics) await ask(sandbox, subscribe, { variables: { topic, uri: url } });
  /** Moves the clock by little steps until so many deliveries came in. */
  const until = async (count: number, step = 1): Promise<void> => {
    while (got.length < count) await clock.advance(step);
  };
  return { sandbox, clock, got, url, until };
}

const product = 'gid://shopify/Product/1001';

describe('vendors.md 3, webhooks; trap 10.2', () => {
  test('a change is told with its headers, and signed over the raw body', async () => {
    const { sandbox, got, until } = await listening(['PRODUCTS_UPDATE', 'PRODUCTS_DELETE']);
    touch(sandbox.state, product, { title: '電球' });
    await until(1);
    destroy(sandbox.state, product);
    await until(2);
    const [update, deletion] = got;
    expect(update?.headers).toMatchObject({
      'x-shopify-topic': 'products/update',
      'x-shopify-shop-domain': 'sandbox.myshopify.com',
      'x-shopify-api-version': '2026-10',
      'x-shopify-hmac-sha256': webhookSignature('sandbox-secret', update?.body ?? ''),
    });
    expect(JSON.parse(update?.body ?? '')).toMatchObject({ id: 1001, admin_graphql_api_id: product, title: '電球' });
    expect(deletion?.body).toBe('{"id":1001}');
  });

  test('a stand-in that was closed sends nothing more', async () => {
    const { sandbox, clock, got, until } = await listening(['PRODUCTS_UPDATE'], { status: () => 500 });
    touch(sandbox.state, product, { title: '電球' });
    await until(1);
    await sandbox.close();
    await clock.advance(10 * 3_600_000);
    expect(got).toHaveLength(1);
  });

  test("an order placed behind the API's back is told with its lines", async () => {
    const { sandbox, got, until } = await listening(['ORDERS_CREATE']);
    placeOrder(sandbox.state, { lines: [{ variantId: 'gid://shopify/ProductVariant/1001', quantity: 3 }] });
    await until(1);
    expect(JSON.parse(got[0]?.body ?? '')).toMatchObject({ line_items: [{ quantity: 3 }] });
  });

  test('a merge of customers names the one that is kept and the one that is gone', async () => {
    const { sandbox, got, until } = await listening(['CUSTOMERS_MERGE', 'CUSTOMERS_DELETE']);
    const [from, into] = ['gid://shopify/Customer/1002', 'gid://shopify/Customer/1001'];
    mergeCustomers(sandbox.state, { from, into });
    await until(2);
    const bodies = new Map(got.map(({ headers, body }) => [headers['x-shopify-topic'], JSON.parse(body)]));
    expect(bodies.get('customers/delete')).toEqual({ id: 1002 });
    expect(bodies.get('customers/merge')).toMatchObject({
      admin_graphql_api_customer_kept_id: into,
      admin_graphql_api_customer_deleted_id: from,
      status: 'completed',
    });
  });

  test('the end of a bulk operation is told when it comes: completed at its time, canceled at once', async () => {
    const settings = { bulkOperationMs: 60_000 };
    const { sandbox, clock, got, until } = await listening(['BULK_OPERATIONS_FINISH'], { settings });
    const run =
      'mutation { bulkOperationRunQuery(query: "{ products { edges { node { id } } } }") { bulkOperation { id } } }';
    const started = async () => at((await ask(sandbox, run)).data, 'bulkOperationRunQuery.bulkOperation.id');
    const [first, second] = [await started(), await started()];
    const cancel = 'mutation C($id: ID!) { bulkOperationCancel(id: $id) { userErrors { message } } }';
    await ask(sandbox, cancel, { variables: { id: second } });
    await until(1);
    expect(got[0]?.headers['x-shopify-topic']).toBe('bulk_operations/finish');
    expect(JSON.parse(got[0]?.body ?? '')).toMatchObject({ admin_graphql_api_id: second, status: 'canceled' });
    await until(2, 1_000);
    expect(JSON.parse(got[1]?.body ?? '')).toEqual({
      admin_graphql_api_id: first,
      created_at: '2026-11-01T00:00:00Z',
      completed_at: '2026-11-01T00:01:00Z',
      error_code: null,
      status: 'completed',
      type: 'query',
    });
    await clock.advance(3_600_000);
    expect(got).toHaveLength(2);
  });

  test('a delivery that fails is sent again eight times in four hours, then its subscription is deleted', async () => {
    const { sandbox, clock, got, until } = await listening(['PRODUCTS_UPDATE'], { status: () => 500 });
    const begun = clock.now();
    touch(sandbox.state, product);
    await until(9, 30_000);
    while (sandbox.state.webhooks.pending() > 0) await clock.advance(0);
    expect(clock.now() - begun).toBeGreaterThanOrEqual(4 * 3_600_000);
    expect(new Set(got.map(({ headers }) => headers['x-shopify-event-id'])).size).toBe(1);
    expect(new Set(got.map(({ headers }) => headers['x-shopify-webhook-id'])).size).toBe(9);
    expect(await subscriptions(sandbox)).toEqual([]);
    await clock.advance(4 * 3_600_000);
    expect(got).toHaveLength(9);
  });

  test('duplicates carry the same event id', async () => {
    const { sandbox, got, until } = await listening(['PRODUCTS_UPDATE'], { settings: { webhookDuplicates: 1 } });
    touch(sandbox.state, product);
    await until(2);
    expect(got[0]?.headers['x-shopify-event-id']).toBe(got[1]?.headers['x-shopify-event-id']);
    expect(got[0]?.body).toBe(got[1]?.body);
  });

  test('deliveries come in the other order on demand', async () => {
    const { sandbox, got, until } = await listening(['PRODUCTS_UPDATE'], { settings: { webhookOrder: 'reversed' } });
    touch(sandbox.state, product, { title: 'first' });
    touch(sandbox.state, product, { title: 'second' });
    await until(2);
    expect(got.map(({ body }) => JSON.parse(body).title)).toEqual(['second', 'first']);
  });

  test('a subscription is listed and deleted; the same one twice and plain http elsewhere are refused', async () => {
    const { sandbox, url } = await listening(['ORDERS_CREATE']);
    expect(await subscriptions(sandbox)).toEqual([{ topic: 'ORDERS_CREATE', uri: url }]);
    const refused = async (uri: string) =>
      at(
        (await ask(sandbox, subscribe, { variables: { topic: 'ORDERS_CREATE', uri } })).data,
        'webhookSubscriptionCreate.userErrors.0.message',
      );
    expect(await refused(url)).toContain('already been taken');
    expect(await refused('http://shop.example/hook')).toContain('not supported');
  });
});
