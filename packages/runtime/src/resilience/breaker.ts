import type { Clock } from './clock.ts';
import type { CallLimits } from './limits.ts';

/** What a request came to, as far as the vendor's health goes; `unknown` says nothing about it. */
export type Health = 'good' | 'bad' | 'unknown';

/** How a request was let out: as any other, or alone to see whether the vendor is back. */
export type Admission = 'normal' | 'probe';

/** Keeps requests back while a vendor is in trouble. One for each connection. */
export interface Breaker {
  /** Milliseconds until a request may go out again; 0 while it may. */
  readonly waitMs: () => number;
  /** Lets a request out, or gives undefined. */
  readonly admit: () => Admission | undefined;
  /** Every request that was let out reports once. */
  readonly report: (admission: Admission, health: Health) => void;
}

/** The state of a breaker as it changes, and the monotonic time until which it stays open. */
export type BreakerChange =
  | { readonly state: 'open'; readonly forMs: number }
  | { readonly state: 'half-open' | 'closed'; readonly forMs?: undefined };

/** Limits of a breaker. */
export type BreakerLimits = Pick<CallLimits, 'breakerShare' | 'breakerRequests' | 'breakerWindowMs' | 'breakerOpenMs'>;

/** The window is counted in so many slices, so that it rolls without keeping each request. */
const slices = 10;

/** While a probe is under way, others are told to come back after this long: milliseconds. */
const probeWaitMs = 1_000;

interface Slice {
  number: number;
  good: number;
  bad: number;
}

/** Counts of a rolling window. */
const rollingCounts = (clock: Clock, windowMs: number) => {
  const kept: Slice[] = Array.from({ length: slices }, () => ({ number: -1, good: 0, bad: 0 }));
  const current = (): number => Math.floor((clock.monotonic() * slices) / windowMs);
  return {
    count: (health: 'good' | 'bad'): void => {
      const number = current();
      const slice = kept[number % slices];
      if (slice === undefined) return;
      if (slice.number !== number) Object.assign(slice, { number, good: 0, bad: 0 });
      slice[health] += 1;
    },
    totals: () => {
      const oldest = current() - slices + 1;
      const recent = kept.filter(({ number }) => number >= oldest);
      const sum = (health: 'good' | 'bad') => recent.reduce((total, slice) => total + slice[health], 0);
      return { good: sum('good'), bad: sum('bad') };
    },
    clear: (): void => {
      for (const slice of kept) slice.number = -1;
    },
  };
};

/**
 * Makes a breaker: it opens when the given share of enough requests in the window failed, lets nothing out for a
 * while, then one request at a time, and closes with the first that succeeds.
 */
export const breaker = (
  limits: BreakerLimits,
  { clock, onChange }: { readonly clock: Clock; readonly onChange: (change: BreakerChange) => void },
): Breaker => {
  const counts = rollingCounts(clock, limits.breakerWindowMs);
  let openUntil: number | undefined;
  let isProbing = false;

  const open = (): void => {
    openUntil = clock.monotonic() + limits.breakerOpenMs;
    isProbing = false;
    counts.clear();
    onChange({ state: 'open', forMs: limits.breakerOpenMs });
  };
  const close = (): void => {
    openUntil = undefined;
    isProbing = false;
    onChange({ state: 'closed' });
  };
  const isTooBad = (): boolean => {
    const { good, bad } = counts.totals();
    return good + bad >= limits.breakerRequests && bad >= (good + bad) * limits.breakerShare;
  };
  const reportProbe = (health: Health): void => {
    if (health === 'good') close();
    else if (health === 'bad') open();
    else isProbing = false;
  };

  return {
    waitMs: () => {
      if (openUntil === undefined) return 0;
      return Math.max(isProbing ? probeWaitMs : 0, openUntil - clock.monotonic());
    },
    admit: () => {
      if (openUntil === undefined) return 'normal';
      if (isProbing || clock.monotonic() < openUntil) return undefined;
      isProbing = true;
      onChange({ state: 'half-open' });
      return 'probe';
    },
    report: (admission, health) => {
      if (admission === 'probe') return reportProbe(health);
      // What was sent before it opened says nothing about now.
      if (health === 'unknown' || openUntil !== undefined) return;
      counts.count(health);
      if (health === 'bad' && isTooBad()) open();
    },
  };
};
