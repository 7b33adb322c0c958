import type { Clock } from '../../src/index.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Timers of this length and more only end operations that are stuck. */
const stepTimeoutMs = 900_000;

/** A virtual clock and the waits that it was asked for. */
export interface TestClock extends Clock {
  readonly waits: readonly number[];
  readonly advance: (milliseconds: number) => void;
}

/** Where every test clock starts: 2026-11-23T12:00:00Z. */
export const start = Date.parse('2026-11-23T12:00:00Z');

/**
 * A clock that jumps to the next waiter whenever no request is under way. Requests are known by their time limit:
 * a timer of exactly that length never fires, and time stands still until it is cancelled.
 */
export const testClock = ({ requestTimeoutMs = 30_000 } = {}): TestClock => {
  const timers = new Set<Timer>();
  const requests = new Set<object>();
  const waits: number[] = [];
  let elapsed = 0;
  let pumping = false;

  const earliest = (): Timer | undefined => [...timers].toSorted((left, right) => left.at - right.at)[0];
  const pump = () => {
    if (pumping) return;
    pumping = true;
    setImmediate(() => {
      pumping = false;
      const next = requests.size === 0 ? earliest() : undefined;
      if (next === undefined) return;
      timers.delete(next);
      elapsed = Math.max(elapsed, next.at);
      next.callback();
      pump();
    });
  };

  const scheduleRequest = () => {
    const request = {};
    requests.add(request);
    return () => {
      requests.delete(request);
      pump();
    };
  };

  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    schedule: (callback, milliseconds) => {
      if (milliseconds >= stepTimeoutMs) return () => {};
      if (milliseconds === requestTimeoutMs) return scheduleRequest();
      waits.push(milliseconds);
      const timer = { at: elapsed + milliseconds, callback };
      timers.add(timer);
      pump();
      return () => timers.delete(timer);
    },
    waits,
    advance: (milliseconds) => {
      elapsed += milliseconds;
    },
  };
};
