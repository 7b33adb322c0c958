import { standardWebhooks } from '@mortise/runtime/webhooks';

/** The secret that the bench's webhooks are signed with. */
export const secret = `whsec_${Buffer.alloc(32, 42).toString('base64')}`;

/** A signed webhook, ready to be sent. */
export interface SignedWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** So many webhooks of about 1.5 KB, signed now. */
export const signedWebhooks = (count: number): readonly SignedWebhook[] =>
  Array.from({ length: count }, (_, index) => {
    const lines = Array.from({ length: 20 }, (_line, line) => ({
      sku: `SKU-${index}-${line}`,
      quantity: line,
      price: '19.90',
    }));
    const body = JSON.stringify({ type: 'order.created', data: { id: `order/${index}`, lines } });
    const request = { method: 'POST', url: '', body: Buffer.from(body) };
    return { body, headers: standardWebhooks.signature.sign(request, { secret, now: Date.now(), id: `msg_${index}` }) };
  });
