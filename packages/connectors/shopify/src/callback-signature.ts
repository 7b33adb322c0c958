import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the callback's own time may be from ours, milliseconds: 90 s in Shopify's own library. */
const toleranceMs = 90_000;

const digestForm = /^[0-9a-f]{64}$/;

/** The query as it is signed: without its signature, by name, as a query is written, with spaces as %20. */
const signedText = (query: URLSearchParams): string => {
  const others = [...query].filter(([name]) => name !== 'hmac' && name !== 'signature');
  const sorted = others.toSorted(([one], [other]) => one.localeCompare(other));
  return new URLSearchParams(sorted).toString().replaceAll('+', '%20');
};

/** What the query is held to. */
export interface CallbackCheck {
  /** The app's client secret. */
  readonly secret: string;
  /** The store's own domain: a merchant of another one must not be taken for it. */
  readonly shop: string;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

/**
 * Whether the query with which a merchant comes back was signed by Shopify, lately and for this store.
 * @see https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant
 */
export const isGenuineCallback = (query: URLSearchParams, { secret, shop, nowMs }: CallbackCheck): boolean => {
  const given = query.get('hmac') ?? '';
  const stamp = Number(query.get('timestamp')) * 1_000;
  if (!digestForm.test(given) || query.get('shop') !== shop) return false;
  // A stamp that is no number is no time near ours.
  if (!(Math.abs(nowMs - stamp) <= toleranceMs)) return false;
  const own = createHmac('sha256', secret).update(signedText(query)).digest();
  return timingSafeEqual(own, Buffer.from(given, 'hex'));
};
