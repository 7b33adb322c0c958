import { createHmac, randomUUID } from 'node:crypto';
import { instant } from '../records/gid.ts';
import type { ShopifyState } from '../state.ts';

interface Due {
  readonly id: number;
  readonly subscription: number;
  readonly uri: string;
  readonly topic: string;
  readonly body: string;
  readonly event: string;
  readonly triggered: number;
  readonly attempt: number;
}

/** `ORDERS_CREATE` is `orders/create` in the header. */
const headerTopic = (topic: string): string => {
  const at = topic.lastIndexOf('_');
  return `${topic.slice(0, at)}/${topic.slice(at + 1)}`.toLowerCase();
};

/** Sends a delivery as Shopify does. True when it was taken. */
const send = async ({ settings }: ShopifyState, due: Due): Promise<boolean> => {
  const { oauth, webhooks, apiVersion } = settings;
  const headers = {
    'content-type': 'application/json',
    'x-shopify-topic': headerTopic(due.topic),
    'x-shopify-hmac-sha256': createHmac('sha256', oauth.clientSecret).update(due.body).digest('base64'),
    'x-shopify-shop-domain': 'sandbox.myshopify.com',
    'x-shopify-api-version': apiVersion,
    'x-shopify-webhook-id': randomUUID(),
    'x-shopify-triggered-at': instant(due.triggered),
    'x-shopify-event-id': due.event,
  };
  try {
    const signal = AbortSignal.timeout(webhooks.timeoutMs);
    const response = await fetch(due.uri, { method: 'POST', headers, body: due.body, redirect: 'manual', signal });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false; // nobody there, or too slow: it comes again
  }
};

/**
 * Sends all that is due, one after another, and plans the next try of what failed. After the last try the subscription
 * is deleted, as Shopify deletes those that were made through the Admin API.
 */
export const deliverDue = async (state: ShopifyState): Promise<number> => {
  const { database, settings, clock } = state;
  const { order } = settings.webhooks;
  const sql = `SELECT deliveries.id, subscription, uri, deliveries.topic, body, event, triggered, attempt
    FROM deliveries JOIN subscriptions ON subscriptions.id = subscription
    WHERE due <= ? ORDER BY deliveries.id ${order === 'reversed' ? 'DESC' : 'ASC'}`;
  // The columns are ours, written by `announce`.
  const rows = database.statement(sql).all(clock.now()) as unknown as Due[];
  for (const due of rows) settle(state, { due, taken: await send(state, due) });
  return rows.length;
};

const settle = ({ database, settings, clock }: ShopifyState, { due, taken }: { due: Due; taken: boolean }): void => {
  const wait = settings.webhooks.retryDelaysMs[due.attempt];
  if (!taken && wait !== undefined) {
    const sql = 'UPDATE deliveries SET due = ?, attempt = attempt + 1 WHERE id = ?';
    database.statement(sql).run(clock.now() + wait, due.id);
    return;
  }
  database.statement('DELETE FROM deliveries WHERE id = ?').run(due.id);
  if (taken) return;
  database.statement('DELETE FROM subscriptions WHERE id = ?').run(due.subscription);
  database.statement('DELETE FROM deliveries WHERE subscription = ?').run(due.subscription);
};
