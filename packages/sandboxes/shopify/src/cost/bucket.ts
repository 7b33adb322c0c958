import type { SandboxClock } from '@mortise/testing';
import type { ShopifySettings } from '../settings.ts';

/** The points that an app has left, restored as time goes by. */
export interface CostBucket {
  readonly available: () => number;
  readonly take: (points: number) => void;
  /** What was taken for more than the query came to goes back. */
  readonly giveBack: (points: number) => void;
  readonly refill: () => void;
}

/** Starts full. */
export const costBucket = (settings: ShopifySettings, clock: SandboxClock): CostBucket => {
  let points = settings.bucketPoints;
  let at = clock.now();
  const settle = () => {
    const now = clock.now();
    points = Math.min(settings.bucketPoints, points + ((now - at) / 1_000) * settings.restorePerSecond);
    at = now;
  };
  return {
    available: () => {
      settle();
      return Math.floor(points);
    },
    take: (cost) => {
      settle();
      points -= cost;
    },
    giveBack: (cost) => {
      settle();
      points = Math.min(settings.bucketPoints, points + cost);
    },
    refill: () => {
      points = settings.bucketPoints;
      at = clock.now();
    },
  };
};
