import type { Clock } from './clock.ts';

/** One time limit that runs. */
export interface Deadline {
  /** Monotonic time at which it is over. */
  readonly at: number;
  readonly expire: () => void;
  /** Neighbours in the row of all that run, soonest first; undefined once it no longer runs. */
  previous: Deadline | undefined;
  next: Deadline | undefined;
}

/** The time limits of one connection, on one timer of the clock. */
export interface Deadlines {
  /** Starts a time limit of so many milliseconds. */
  readonly start: (milliseconds: number, expire: () => void) => Deadline;
  /** Stops one that may have expired already. */
  readonly stop: (deadline: Deadline) => void;
}

const link = (left: Deadline, right: Deadline): void => {
  left.next = right;
  right.previous = left;
};

/**
 * Makes the time limits of a connection. They stand in a row by their end. Nearly all have the same length, so a new
 * one goes to the end of the row, and only the soonest needs a timer: a timer and an abort signal for each request
 * would cost more than all other features of the road.
 */
export const deadlines = (clock: Clock): Deadlines => {
  // Both ends of the row, so that no place in it is special.
  const ends = { expire: () => undefined, previous: undefined, next: undefined };
  const first: Deadline = { ...ends, at: Number.NEGATIVE_INFINITY };
  const last: Deadline = { ...ends, at: Number.POSITIVE_INFINITY };
  link(first, last);
  let cancelTimer: (() => void) | undefined;
  let timerAt = Number.POSITIVE_INFINITY;

  const setTimer = (soonest: Deadline): void => {
    cancelTimer?.();
    timerAt = soonest.at;
    cancelTimer = clock.schedule(expireDue, Math.max(0, Math.ceil(soonest.at - clock.monotonic())));
  };
  const clearTimer = (): void => {
    cancelTimer?.();
    cancelTimer = undefined;
    timerAt = Number.POSITIVE_INFINITY;
  };
  const soonest = (): Deadline => first.next ?? last;

  const stop = (deadline: Deadline): void => {
    const { previous, next } = deadline;
    if (previous === undefined || next === undefined) return;
    link(previous, next);
    deadline.previous = undefined;
    deadline.next = undefined;
    // A timer that is left would keep the process alive. Otherwise it stays, and finds out when it fires.
    if (soonest() === last) clearTimer();
  };

  const expireDue = (): void => {
    cancelTimer = undefined;
    timerAt = Number.POSITIVE_INFINITY;
    const now = clock.monotonic();
    for (let due = soonest(); due.at <= now; due = soonest()) {
      stop(due);
      due.expire();
    }
    if (soonest() !== last && soonest().at < timerAt) setTimer(soonest());
  };

  return {
    start: (milliseconds, expire) => {
      const deadline: Deadline = {
        at: clock.monotonic() + milliseconds,
        expire,
        previous: undefined,
        next: undefined,
      };
      let before = last.previous ?? first;
      while (before.at > deadline.at) before = before.previous ?? first;
      const after = before.next ?? last;
      link(before, deadline);
      link(deadline, after);
      if (deadline.at < timerAt) setTimer(deadline);
      return deadline;
    },
    stop,
  };
};
