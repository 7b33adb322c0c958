import { connectorError, type ListedPage, type ListRequest, readField } from '@mortise/runtime';
import { connectionReader } from '@mortise/runtime/graphql';
import { WebhookSubscription } from '@mortise/runtime/webhooks';
import { documents } from './documents.ts';
import { userErrorOf } from './user-errors.ts';
import { type ShopifyCall, shopify } from './vendor.ts';
import { limits } from './vendor-facts.ts';

const foldSubscription = (row: unknown): unknown => ({
  id: readField(row, 'id'),
  topic: readField(row, 'topic'),
  url: readField(row, 'uri'),
});

async function* list(call: ShopifyCall, request: ListRequest): AsyncGenerator<ListedPage> {
  const connection = { document: documents.webhookSubscriptions, connection: 'webhookSubscriptions' };
  const read = connectionReader(call.transports.admin, {
    ...connection,
    first: limits.page,
    pageSize: request.pageSize,
  });
  let after = request.cursor;
  do {
    const { records, notes, next } = await read({}, after);
    yield { records: records.map(foldSubscription), notes, next };
    after = next === after ? undefined : next;
  } while (after !== undefined);
}

const create = async (call: ShopifyCall, [wanted]: readonly WebhookSubscription[]) => {
  if (wanted === undefined) return [];
  const variables = { topic: wanted.topic, uri: wanted.url };
  const { data } = await call.transports.admin.send({ document: documents.createWebhook, variables });
  const payload = readField(data, 'webhookSubscriptionCreate');
  const error = userErrorOf(payload);
  if (error !== undefined) return [{ ok: false, error } as const];
  return [{ ok: true, record: foldSubscription(readField(payload, 'webhookSubscription')) } as const];
};

const remove = async (call: ShopifyCall, id: string): Promise<void> => {
  const { data } = await call.transports.admin.send({
    document: documents.removeWebhook,
    variables: { id },
    effect: 'idempotent',
  });
  // These errors have no code; the only field that can be wrong is the id.
  if (userErrorOf(readField(data, 'webhookSubscriptionDelete')) !== undefined) {
    throw connectorError('not-found', 'Shopify has no such webhook subscription');
  }
};

/** The subscriptions of this app. Shopify deletes one whose deliveries failed eight times: match them once a day. */
export const webhookSubscriptions = shopify.resource({
  record: WebhookSubscription,
  key: 'id',
  changes: 'none',
  list,
  create: { effect: 'unsafe', max: 1, run: create },
  remove: { effect: 'idempotent', run: remove },
});
