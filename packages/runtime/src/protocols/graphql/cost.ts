import { readField } from '../../contract/field.ts';
import type { BucketStatus } from '../../resilience/quota.ts';

/** What a vendor says of a query's cost, in its own points, as Shopify does in `extensions.cost`. */
export interface QueryCost {
  /** What the query was reckoned to cost before it ran. */
  readonly requested: number | undefined;
  /** The bucket that it is paid from. */
  readonly bucket: BucketStatus | undefined;
}

const numberAt = (body: unknown, path: string): number | undefined => {
  const value = readField(body, path);
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
};

/** Reads `extensions.cost` of an answer: shopify.dev/docs/api/usage/limits, "GraphQL Admin API rate limits". */
export const costOf = (body: unknown): QueryCost => {
  const status = 'extensions.cost.throttleStatus';
  const available = numberAt(body, `${status}.currentlyAvailable`);
  const maximum = numberAt(body, `${status}.maximumAvailable`);
  const restorePerSecond = numberAt(body, `${status}.restoreRate`);
  const isWhole = available !== undefined && maximum !== undefined && restorePerSecond !== undefined;
  return {
    requested: numberAt(body, 'extensions.cost.requestedQueryCost'),
    bucket: isWhole ? { available, maximum, restorePerSecond } : undefined,
  };
};

/** Milliseconds until the bucket holds what the query costs; undefined where the answer does not say. */
export const refillWait = ({ requested, bucket }: QueryCost): number | undefined => {
  if (bucket === undefined || bucket.restorePerSecond === 0) return undefined;
  const missing = Math.min(requested ?? bucket.maximum, bucket.maximum) - bucket.available;
  return Math.max(0, Math.ceil((missing / bucket.restorePerSecond) * 1_000));
};

/** Whether no bucket will ever hold what the query costs: it must be made smaller. */
export const isBeyondBucket = ({ requested, bucket }: QueryCost): boolean =>
  requested !== undefined && bucket !== undefined && requested > bucket.maximum;
