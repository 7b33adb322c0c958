import { keyText, readField } from '../../../contract/field.ts';
import type { WebhookFamily } from '../../../contract/webhooks.ts';
import { hmac, type SignatureHeader } from '../hmac.ts';
import { jsonOf } from '../json-body.ts';

/** Reads `t=…,v1=…,v1=…`; other schemes in it, such as `v0`, count for nothing. */
const readTimestampedSignature = (value: string): SignatureHeader | undefined => {
  const pairs = value.split(',').map((part) => part.trim().split('='));
  const valuesOf = (name: string) => pairs.flatMap(([key, ...rest]) => (key === name ? [rest.join('=')] : []));
  const [timestamp, ...others] = valuesOf('t');
  // Two timestamps leave open which one was signed.
  if (timestamp === undefined || others.length > 0) return undefined;
  return { timestamp, signatures: valuesOf('v1').filter((signature) => signature !== '') };
};

/** Stripe and those that sign like it: hexadecimal HMAC-SHA256 of `timestamp.body` in `Stripe-Signature: t=…,v1=…`. */
export const stripeWebhooks: WebhookFamily = {
  signature: hmac({
    header: 'stripe-signature',
    encoding: 'hex',
    timestamp: { header: 'stripe-signature', unit: 's' },
    signed: ({ timestamp, body }) => [timestamp, '.', body],
    read: readTimestampedSignature,
    write: (signature, timestamp) => `t=${timestamp},v1=${signature}`,
  }),
  read: ({ body }) => {
    const event = jsonOf(body);
    const created = readField(event, 'created');
    return [
      {
        key: keyText(readField(event, 'id')) ?? '',
        topic: keyText(readField(event, 'type')) ?? 'unknown',
        subject: keyText(readField(event, 'data.object.id')),
        occurredAt: typeof created === 'number' ? created * 1_000 : undefined,
      },
    ];
  },
};
