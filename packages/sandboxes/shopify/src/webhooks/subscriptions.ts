import type { PageArguments } from '../graphql/connection.ts';
import type { Resolved } from '../graphql/objects.ts';
import { gid, idOf } from '../records/gid.ts';
import type { ShopifyState, Writing } from '../state.ts';

/** The tables of subscriptions and of deliveries that are due. */
export const webhookSchema = `
CREATE TABLE IF NOT EXISTS subscriptions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, uri TEXT NOT NULL, UNIQUE (topic, uri));
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, subscription INTEGER NOT NULL, topic TEXT NOT NULL, body TEXT NOT NULL,
  event TEXT NOT NULL, triggered INTEGER NOT NULL, due INTEGER NOT NULL, attempt INTEGER NOT NULL);
`;

const node = ({ id, topic, uri }: Record<string, unknown>): Resolved => ({
  id: gid('WebhookSubscription', String(id)),
  topic,
  uri,
});

/** The subscriptions, by id. */
export const subscriptionPage = ({ database }: ShopifyState, { first, after }: PageArguments): Resolved => {
  const size = first ?? 0;
  const sql = 'SELECT id, topic, uri FROM subscriptions WHERE id > ? ORDER BY id LIMIT ?';
  const rows = database.statement(sql).all(Number(after ?? 0), size + 1);
  const kept = rows.slice(0, size);
  return {
    nodes: kept.map(node),
    pageInfo: { hasNextPage: rows.length > size, endCursor: kept.length === 0 ? null : String(kept.at(-1)?.id) },
  };
};

/** Subscribes a URL to a topic. http is taken, because the stand-in is on this machine. */
export const webhookSubscriptionCreate = (
  { state: { database } }: Writing,
  {
    topic,
    webhookSubscription,
  }: { readonly topic: string; readonly webhookSubscription: { readonly uri?: string | null } },
): Resolved => {
  const uri = webhookSubscription.uri ?? '';
  const refused = (message: string) => ({
    webhookSubscription: null,
    userErrors: [{ field: ['webhookSubscription', 'uri'], message }],
  });
  if (!URL.canParse(uri)) return refused('Address is invalid');
  if (database.statement('SELECT 1 FROM subscriptions WHERE topic = ? AND uri = ?').get(topic, uri) !== undefined) {
    return refused('Address for this topic has already been taken');
  }
  const { lastInsertRowid } = database
    .statement('INSERT INTO subscriptions (topic, uri) VALUES (?, ?)')
    .run(topic, uri);
  return { webhookSubscription: node({ id: lastInsertRowid, topic, uri }), userErrors: [] };
};

/** Ends a subscription. */
export const webhookSubscriptionDelete = (
  { state: { database } }: Writing,
  args: { readonly id: string },
): Resolved => {
  const id = idOf('WebhookSubscription', args.id) ?? '0';
  const { changes } = database.statement('DELETE FROM subscriptions WHERE id = ?').run(Number(id));
  return Number(changes) === 1
    ? { deletedWebhookSubscriptionId: args.id, userErrors: [] }
    : {
        deletedWebhookSubscriptionId: null,
        userErrors: [{ field: ['id'], message: 'Webhook subscription does not exist' }],
      };
};
