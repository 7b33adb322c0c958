import type { ByteSource } from './byte-source.ts';
import type { WebhookOptions } from './endpoint.ts';
import { webhookReceiver } from './receive.ts';

const emptyBody: ByteSource = { next: async () => undefined };

const streamedBytes = (reader: ReadableStreamDefaultReader<Uint8Array>): ByteSource => ({
  next: async () => {
    const { done, value } = await reader.read();
    return done ? undefined : value;
  },
});

const fragment = /#.*$/;

/**
 * Receives the webhooks of many connections as a web-standard handler. The last part of the path is the connection's id.
 * The answer has no body: 200 when the deliveries are kept (or were before), 401 for any fault of the signature, 404 for
 * an unknown connection, 400, 405, 408 and 413 as HTTP has them, 503 with `Retry-After` when the inbox is full or failing.
 * Never rejects: what fails on our side is told to `events`.
 * @example
 * ```ts
 * import { type Inbox, shopifyWebhooks, webhookHandler } from '@mortise/runtime/webhooks';
 * import { env, sealSecret } from '@mortise/runtime';
 * export const handlerOf = (inbox: Inbox, secrets: ReadonlyMap<string, string>) =>
 *   webhookHandler({
 *     inbox,
 *     publicUrl: 'https://hooks.example.com',
 *     endpoint: (connection) => {
 *       const secret = secrets.get(connection);
 *       return secret === undefined ? undefined : { webhooks: shopifyWebhooks, secrets: [sealSecret(secret)] };
 *     },
 *   });
 * ```
 */
export const webhookHandler = (options: WebhookOptions): ((request: Request) => Promise<Response>) => {
  const receive = webhookReceiver(options);
  return async (request) => {
    const { origin } = new URL(request.url);
    const reader = request.body?.getReader();
    const { status, headers } = await receive({
      method: request.method,
      origin,
      // Cut from the text and not from the parsed URL, which would put escapes in order.
      target: request.url.slice(origin.length).replace(fragment, ''),
      header: (name) => request.headers.get(name) ?? undefined,
      body: reader === undefined ? emptyBody : streamedBytes(reader),
    });
    // What was not read is nobody's any more; the sender may have gone already.
    reader?.cancel().catch(() => undefined);
    return new Response(null, { status, headers });
  };
};
