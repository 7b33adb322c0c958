import { timingSafeEqual } from 'node:crypto';
import type { SignatureClaim, SignatureScheme, SignedRequest } from '../../contract/webhooks.ts';
import { connectorError } from '../../errors/connector-error.ts';

/** How far a signed timestamp may be from our clock unless a family says otherwise: 5 minutes, as Standard Webhooks. */
const defaultToleranceMs = 300_000;

/** Whether two signatures are the same text. Takes the same time wherever they differ; lengths are no secret. */
export const isSameSignature = (given: string, expected: string): boolean => {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** Whether any passes, asking each: stopping at the first would tell which secret or signature it was. */
export const anyOf = <Item>(items: readonly Item[], passes: (item: Item) => boolean): boolean => {
  let found = false;
  for (const item of items) found = passes(item) || found;
  return found;
};

/** Unix time in a header. Digits alone: `parseInt` would take what stands behind them. */
export const timestampMs = (text: string | undefined, unit: 's' | 'ms'): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) * (unit === 's' ? 1_000 : 1) : undefined;

/**
 * The secret itself, when it is one. An empty key would make signatures that anybody can make.
 * @throws ConnectorError `invalid-settings`.
 */
export const usableSecret = (secret: string): string => {
  if (secret !== '') return secret;
  throw connectorError('invalid-settings', 'a webhook secret is empty: give the one that the vendor signs with');
};

/** Whether the claim is of our time. Schemes that sign no timestamp leave only duplicates to be known by their key. */
export const isTimely = (
  { signedAt }: SignatureClaim,
  { now, toleranceMs = defaultToleranceMs }: { readonly now: number; readonly toleranceMs?: number | undefined },
): boolean => signedAt === undefined || Math.abs(now - signedAt) <= toleranceMs;

/** Whether the request was signed with one of the secrets: during a rotation there are two. */
export const isAuthentic = (
  scheme: SignatureScheme,
  request: SignedRequest,
  { claim, secrets }: { readonly claim: SignatureClaim; readonly secrets: readonly string[] },
): boolean => anyOf(secrets, (secret) => scheme.matches(request, { claim, secret }));
