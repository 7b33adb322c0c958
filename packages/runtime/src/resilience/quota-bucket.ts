import { isLow, type LowWatch } from './quota-forecast.ts';
import type { QuotaLimit } from './quota-limit.ts';
import { type BucketStatus, urgentReserve } from './quota-rule.ts';

/** A bucket whose level answers tell. */
export interface LearningBucket extends QuotaLimit {
  readonly report: (status: BucketStatus, now: number) => void;
}

const isUsable = ({ available, maximum, restorePerSecond }: BucketStatus): boolean =>
  Number.isFinite(available) && Number.isFinite(maximum) && maximum > 0 && restorePerSecond > 0;

/**
 * Keeps the level of a leaky bucket of cost points. A query is charged what it may cost and given back what it did not
 * (Shopify: `requestedQueryCost`, `actualQueryCost`), so the level that an answer tells replaces ours, less what is
 * still under way.
 */
export const quotaBucket = (
  full: BucketStatus,
  { reserve, watch, now: start }: { readonly reserve: number; readonly watch: LowWatch; readonly now: number },
): LearningBucket => {
  let { available, maximum, restorePerSecond } = full;
  let at = start;
  let underWay = 0;
  /** What the last answer told, until the call that brought it is over. */
  let told: number | undefined;

  const level = (now: number) => Math.min(maximum, available + ((now - at) * restorePerSecond) / 1_000);
  const set = (points: number, now: number) => {
    available = points;
    at = now;
  };

  return {
    wait: ({ cost, aheadCost, isUrgent }, now) => {
      const kept = maximum * (isUrgent ? urgentReserve(reserve) : reserve);
      const short = kept + aheadCost + Math.min(cost, maximum - kept) - level(now);
      return short <= 0 ? 0 : Math.ceil((short / restorePerSecond) * 1_000);
    },
    take: (cost, now) => {
      underWay += cost;
      set(level(now) - cost, now);
      const limit = maximum * (1 - reserve);
      const used = maximum - available;
      if (isLow(used, limit)) watch({ used, limit, now, resumeAt: now + (used / restorePerSecond) * 1_000 });
    },
    release: (cost, now) => {
      underWay = Math.max(0, underWay - cost);
      if (told === undefined) return;
      set(told - underWay, now);
      told = undefined;
    },
    report: (status, now) => {
      if (!isUsable(status)) return;
      ({ maximum, restorePerSecond } = status);
      if (underWay > 0) told = status.available;
      else set(status.available, now);
    },
  };
};
