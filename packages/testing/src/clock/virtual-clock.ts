import type { Clock } from '@mortise/runtime';

/** A clock that moves only when told; goes wherever the runtime takes a clock. */
export type VirtualClock = Clock & {
  /**
   * Moves the clock by so many milliseconds. What was scheduled runs in the order of its times, each at its own time.
   * Rejects with a RangeError for a number below zero, and with what a callback threw.
   */
  readonly advance: (milliseconds: number) => Promise<void>;
};

type Timer = { readonly at: number; readonly callback: () => void };

/** Lets what was just woken run, and perhaps schedule again, before the clock moves on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function earliest(timers: Set<Timer>, until: number): Timer | undefined {
  let found: Timer | undefined;
  for (const timer of timers) {
    if (timer.at <= until && (found === undefined || timer.at < found.at)) found = timer;
  }
  return found;
}

/** A virtual clock that starts at `startMs` (Unix milliseconds); `monotonic` starts at 0. Making one never throws. */
export function virtualClock(startMs: number): VirtualClock {
  const timers = new Set<Timer>();
  let elapsed = 0;
  return {
    now: () => startMs + elapsed,
    monotonic: () => elapsed,
    schedule: (callback, milliseconds) => {
      const timer = { at: elapsed + Math.max(0, milliseconds), callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: async (milliseconds) => {
      if (!(milliseconds >= 0)) throw new RangeError('advance takes a number of milliseconds that is not negative.');
      const until = elapsed + milliseconds;
      await turn();
      for (let next = earliest(timers, until); next !== undefined; next = earliest(timers, until)) {
        elapsed = Math.max(elapsed, next.at);
        timers.delete(next);
        next.callback();
        await turn();
      }
      elapsed = until;
    },
  };
}
