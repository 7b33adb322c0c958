import { createHmac, randomUUID } from 'node:crypto';
import { recordColumns, removeRecord, storedRecord } from '../records/table.ts';
import { instant } from '../records/wire.ts';
import type { ShopifyState, StoredRecord } from '../types.ts';

/** One delivery of an event to a subscription, and its retries. */
type Delivery = {
  subscription: string;
  topic: string;
  uri: string;
  name: string | null;
  body: string;
  eventId: string;
  triggeredAt: number;
  failures: number;
};

/** Sends the webhooks of one stand-in. What waits is in memory: a restart forgets it. */
export type WebhookSender = {
  /** Queues an event for each subscription of its topic (`PRODUCTS_UPDATE`); the body as JSON text. */
  emit(topic: string, body: string): void;
  /** Calls back after so many milliseconds, unless the stand-in was emptied or closed before. */
  later(callback: () => void, milliseconds: number): void;
  /** Deliveries and retries that wait. */
  pending(): number;
  clear(): void;
};

/** The value of `X-Shopify-Hmac-SHA256` for a raw body. */
export const webhookSignature = (secret: string, body: string): string =>
  createHmac('sha256', secret).update(body, 'utf8').digest('base64');

/** `PRODUCTS_UPDATE` is `products/update` in the header; the last word is what happened. */
const topicHeader = (topic: string): string => {
  const at = topic.lastIndexOf('_');
  return `${topic.slice(0, at)}/${topic.slice(at + 1)}`.toLowerCase();
};

function headersOf(state: ShopifyState, delivery: Delivery): Record<string, string> {
  const { oauth, shopDomain, supportedVersions } = state.settings;
  return {
    'content-type': 'application/json',
    'x-shopify-topic': topicHeader(delivery.topic),
    'x-shopify-hmac-sha256': webhookSignature(oauth.clientSecret, delivery.body),
    'x-shopify-shop-domain': shopDomain,
    'x-shopify-api-version': supportedVersions.at(-1) ?? '',
    'x-shopify-webhook-id': randomUUID(),
    'x-shopify-event-id': delivery.eventId,
    'x-shopify-triggered-at': instant(delivery.triggeredAt),
    ...(delivery.name === null ? {} : { 'x-shopify-name': delivery.name }),
  };
}

async function delivered(state: ShopifyState, delivery: Delivery): Promise<boolean> {
  const cut = new AbortController();
  const cancel = state.clock.schedule(() => cut.abort(), state.settings.webhookTimeoutMs);
  try {
    const answer = await fetch(delivery.uri, {
      method: 'POST',
      redirect: 'manual',
      headers: headersOf(state, delivery),
      body: delivery.body,
      signal: cut.signal,
    });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  } finally {
    cancel();
  }
}

function subscriptions(state: ShopifyState, topic: string): StoredRecord[] {
  const sql = `SELECT ${recordColumns} FROM records WHERE type = 'WebhookSubscription' AND json_extract(body, '$.topic') = ?`;
  const rows = state.database.statement(sql).all(topic);
  return rows.map((row) => storedRecord('WebhookSubscription', row));
}

function deliveriesOf(state: ShopifyState, { topic, body }: { topic: string; body: string }): Delivery[] {
  const event = { topic, body, eventId: randomUUID(), triggeredAt: state.clock.now(), failures: 0 };
  return subscriptions(state, topic).flatMap((subscription) => {
    const { uri, name } = subscription.body;
    const one = {
      ...event,
      subscription: subscription.id,
      uri: String(uri),
      name: typeof name === 'string' ? name : null,
    };
    return Array.from({ length: 1 + state.settings.webhookDuplicates }, () => ({ ...one }));
  });
}

/** Makes the sender; `stateOf` because the state holds the sender. */
export function createSender(stateOf: () => ShopifyState): WebhookSender {
  let queue: Delivery[] = [];
  let waiting = 0;
  let generation = 0;

  async function attempt(delivery: Delivery, begun: number): Promise<void> {
    // What waited may come due after a reset, or after the stand-in was closed.
    if (begun !== generation) return;
    const state = stateOf();
    const isDone = await delivered(state, delivery);
    if (begun !== generation) return;
    if (isDone) {
      waiting -= 1;
      return;
    }
    const wait = state.settings.webhookRetrySeconds[delivery.failures];
    delivery.failures += 1;
    if (wait !== undefined) {
      state.clock.schedule(() => void attempt(delivery, begun), wait * 1000);
      return;
    }
    waiting -= 1;
    // The vendor's own end: after the last failure the subscription is gone, and says so to nobody.
    removeRecord(state.database, { type: 'WebhookSubscription', id: delivery.subscription });
  }

  async function flush(begun: number): Promise<void> {
    const sent = stateOf().settings.webhookOrder === 'reversed' ? queue.reverse() : queue;
    queue = [];
    for (const delivery of sent) {
      if (begun !== generation) return;
      await attempt(delivery, begun);
    }
  }

  return {
    emit: (topic, body) => {
      const state = stateOf();
      const found = deliveriesOf(state, { topic, body });
      if (found.length === 0) return;
      const begun = generation;
      if (queue.length === 0) state.clock.schedule(() => void flush(begun), 0);
      queue.push(...found);
      waiting += found.length;
    },
    later: (callback, milliseconds) => {
      const begun = generation;
      stateOf().clock.schedule(() => {
        if (begun === generation) callback();
      }, milliseconds);
    },
    pending: () => waiting,
    clear: () => {
      generation += 1;
      queue = [];
      waiting = 0;
    },
  };
}
