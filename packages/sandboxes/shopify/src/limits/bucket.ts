import type { ShopifySettings } from '../settings.ts';

/** The points of one app at one shop; they live in memory, and a restarted stand-in starts with a full bucket. */
export type CostBucket = {
  /** Points there are now. */
  available(now: number): number;
  /** Takes points (or gives them back, where negative), never beyond the bucket's size. */
  take(points: number, now: number): void;
  clear(): void;
};

/** Makes a full bucket that refills by the settings' rate. */
export function createBucket(settings: ShopifySettings): CostBucket {
  let points: number | undefined;
  let at = 0;
  const available = (now: number): number => {
    const restored = ((now - at) / 1000) * settings.restorePerSecond;
    points = Math.min(settings.bucketPoints, (points ?? settings.bucketPoints) + Math.max(0, restored));
    at = now;
    return points;
  };
  return {
    available,
    take: (taken, now) => {
      points = Math.min(settings.bucketPoints, available(now) - taken);
    },
    clear: () => {
      points = undefined;
    },
  };
}
