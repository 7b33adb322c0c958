import { keyText, readField } from '../../../contract/field.ts';
import type { WebhookFamily } from '../../../contract/webhooks.ts';
import { hmac } from '../hmac.ts';
import { digestOf, jsonOf } from '../json-body.ts';

/**
 * Shopify: base64 HMAC-SHA256 of the raw body under the app's client secret. No timestamp is signed, so a replay is only
 * known by its key. After a rotation of the secret the old one may still sign for an hour: give both.
 *
 * One action of a merchant gives several topics, and several records of one topic, the same `X-Shopify-Event-Id`; the key
 * is therefore topic, event and record (its body where it has no id: a retry repeats it). A second subscription to the same topic, and a retry, come to the same key.
 * Source: shopify.dev, "Verify webhook deliveries", "Ignore duplicates".
 */
export const shopifyWebhooks: WebhookFamily = {
  signature: hmac({ header: 'x-shopify-hmac-sha256', encoding: 'base64' }),
  read: ({ header, body }) => {
    const topic = header('x-shopify-topic') ?? 'unknown';
    const payload = jsonOf(body);
    // Deletions come with the plain id alone: the one form that all topics of a record share.
    const id = keyText(readField(payload, 'id')) ?? keyText(readField(payload, 'admin_graphql_api_id'));
    const event = header('x-shopify-event-id') ?? header('x-shopify-webhook-id');
    const at = Date.parse(header('x-shopify-triggered-at') ?? '');
    return [
      {
        key: event === undefined ? '' : [topic, event, id ?? digestOf(body)].join(' '),
        topic,
        // Topics of one record begin alike: orders/create, orders/paid.
        subject: id === undefined ? undefined : `${topic.split('/')[0]}/${id}`,
        occurredAt: Number.isNaN(at) ? undefined : at,
      },
    ];
  },
};
