import type { Random } from './clock.ts';

/** How long own waits grow. */
export interface BackoffSettings {
  /** Longest wait before the first repeat, milliseconds; doubles each time. */
  readonly backoffBaseMs: number;
  /** Longest own wait, milliseconds. */
  readonly backoffCapMs: number;
}

/**
 * Milliseconds to wait before repeat `repeat` (1 = first), with full jitter: anything from 0 to the doubled base,
 * so that many clients that failed together do not come back together.
 */
export const backoff = (repeat: number, settings: BackoffSettings & { readonly random: Random }): number => {
  const ceiling = Math.min(settings.backoffCapMs, settings.backoffBaseMs * 2 ** (repeat - 1));
  return Math.round(settings.random() * ceiling);
};
