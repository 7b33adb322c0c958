import type { WebhookFamily } from '../../../contract/webhooks.ts';
import { hmac } from '../hmac.ts';

/** GitHub and those that sign like it: hexadecimal HMAC-SHA256 of the raw body in `X-Hub-Signature-256: sha256=…`. */
export const githubWebhooks: WebhookFamily = {
  signature: hmac({ header: 'x-hub-signature-256', encoding: 'hex', prefix: 'sha256=' }),
  read: ({ header }) => [{ key: header('x-github-delivery') ?? '', topic: header('x-github-event') ?? 'unknown' }],
};
