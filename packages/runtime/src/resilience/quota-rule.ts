import { connectorError } from '../errors/connector-error.ts';

/** So many requests, or cost points, in a rolling window. */
export interface WindowRule {
  /** Name that calls draw on; `default` unless a call says otherwise. */
  readonly name: string;
  /** Requests in one window. */
  readonly requests: number;
  /** `points` where a call takes its cost instead of counting as one. */
  readonly unit?: 'points' | undefined;
  /** Length of the window, milliseconds; a daily limit is one of 86,400,000. */
  readonly perMs: number;
  /** Response headers from which the true limit and what is left are learned. */
  readonly headers?: { readonly limit: string; readonly remaining: string };
}

/** So many requests under way at once. Counted in each process alone. */
export interface ConcurrencyRule {
  readonly name: string;
  /** Requests under way. */
  readonly concurrent: number;
}

/** A leaky bucket of cost points that fills up steadily, as Shopify's. Its true numbers are learned from answers. */
export interface BucketRule {
  readonly name: string;
  /** Points of a full bucket. */
  readonly points: number;
  /** Points that come back each second. */
  readonly restorePerSecond: number;
}

/** One limit of a vendor, in its own units. Several rules of one name hold together, as a burst and a daily limit do. */
export type QuotaRule = WindowRule | ConcurrencyRule | BucketRule;

/** Where a vendor says that its bucket stands, as in Shopify's `throttleStatus`. Cost points. */
export interface BucketStatus {
  /** Points that are there now. */
  readonly available: number;
  /** Points of a full bucket. */
  readonly maximum: number;
  /** Points that come back each second. */
  readonly restorePerSecond: number;
}

/** The part of a limit that may be used; the rest is left to the account's other applications. */
export const usable = (limit: number, reserve: number): number => Math.max(1, Math.floor(limit * (1 - reserve)));

/** A person who waits may go into half of the reserve; the other half stays with the other applications always. */
export const urgentReserve = (reserve: number): number => reserve / 2;

/**
 * The rule, where its numbers are numbers above zero: with a window of no length or no points nothing could ever be sent.
 * @throws ConnectorError `invalid-definition`, naming the quota and the number.
 */
export const checkedRule = (rule: QuotaRule): QuotaRule => {
  for (const [name, value] of Object.entries(rule)) {
    if (typeof value !== 'number' || (Number.isFinite(value) && value > 0)) continue;
    throw connectorError('invalid-definition', `'${name}' of the quota '${rule.name}' must be a number above zero`);
  }
  return rule;
};
