import { createHash, createHmac } from 'node:crypto';

/** Escapes that the vendor undoes in the URI before it signs. */
const undone = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/** The headers by which a delivery is proved: v3, and v1 beside it as the vendor sends it. */
export function signedHeaders(
  body: string,
  { secret, url, now }: { secret: string; url: string; now: number },
): Record<string, string> {
  const uri = url.replace(undone, (escaped) => decodeURIComponent(escaped));
  const timestamp = String(now);
  return {
    'X-HubSpot-Request-Timestamp': timestamp,
    'X-HubSpot-Signature-v3': createHmac('sha256', secret).update(`POST${uri}${body}${timestamp}`).digest('base64'),
    'X-HubSpot-Signature': createHash('sha256')
      .update(secret + body)
      .digest('hex'),
    'X-HubSpot-Signature-Version': 'v1',
  };
}
