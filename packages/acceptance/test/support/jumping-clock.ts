import type { Clock } from '@mortise/runtime';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock on which waits take no real time. */
export interface JumpingClock extends Clock {
  /** Waits asked for, milliseconds; the time limits of requests left out. */
  readonly waits: readonly number[];
  /** Sets the wall clock, by so many milliseconds; the monotonic one goes on. */
  readonly stepWall: (milliseconds: number) => void;
}

/** Where every such clock starts: 2026-11-23T12:00:00Z. */
export const startMs = Date.parse('2026-11-23T12:00:00Z');

/** Time limit of requests under this clock: a length that nothing else has, by which it knows them. Milliseconds. */
export const requestTimeoutMs = 30_007;

/** A quarter of an hour and more is the limit of a connector's whole step, and no wait: it never ends here. */
const stepLimitMs = 900_000;

/** A clock that jumps to the next wait as soon as no request is under way: requests are real, and time stands still. */
export const jumpingClock = (wallAheadMs = 0): JumpingClock => {
  const timers = new Set<Timer>();
  const requests = new Set<object>();
  const waits: number[] = [];
  let elapsed = 0;
  let wall = startMs + wallAheadMs;
  let isPumping = false;

  const pump = () => {
    if (isPumping) return;
    isPumping = true;
    setImmediate(() => {
      isPumping = false;
      const [next] = requests.size === 0 ? [...timers].toSorted((left, right) => left.at - right.at) : [];
      if (next === undefined) return;
      timers.delete(next);
      elapsed = Math.max(elapsed, next.at);
      next.callback();
      pump();
    });
  };

  return {
    now: () => wall + elapsed,
    monotonic: () => elapsed,
    waits,
    stepWall: (milliseconds) => {
      wall += milliseconds;
    },
    schedule: (callback, milliseconds) => {
      if (milliseconds === requestTimeoutMs) {
        const request = {};
        requests.add(request);
        return () => {
          requests.delete(request);
          pump();
        };
      }
      if (milliseconds >= stepLimitMs) return () => undefined;
      waits.push(milliseconds);
      const timer = { at: elapsed + milliseconds, callback };
      timers.add(timer);
      pump();
      return () => void timers.delete(timer);
    },
  };
};
