import { type ConnectorError, connectorError } from '../errors/connector-error.ts';
import type { Priority } from './call-road.ts';
import { type Clock, cancelledBy } from './clock.ts';
import type { QuotaDemand } from './quota-limit.ts';
import { ranks, standing, type Waiter, type WaitingLines, waitingLines } from './waiting-lines.ts';

/** What a call that must wait brings. */
export interface Waiting {
  readonly cost: number;
  readonly priority: Priority;
  readonly longestWaitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** How long to stay away where nobody can say when there will be room: milliseconds. */
const unknownWaitMs = 5_000;

/** What a queue asks of the limits behind it. */
export interface QueueLimits {
  /** Milliseconds until a call fits; see `QuotaLimit.wait`. */
  readonly wait: (demand: QuotaDemand, now: number) => number;
  readonly take: (cost: number, now: number) => void;
  /** Whether one of them is finding out, and will wake the queue. */
  readonly isAsking: () => boolean;
}

/** Calls that wait for one quota, served by priority. */
export interface QuotaQueue {
  /** Whether a call of this priority must stand in line before it may look for room. */
  readonly mustWait: (priority: Priority, now: number) => boolean;
  /**
   * Waits for room. Gives the milliseconds waited.
   * @throws ConnectorError `rate-limited` with `resumeAt` where its turn would come too late, `cancelled`.
   */
  readonly join: (waiting: Waiting) => Promise<number>;
  /** Looks for room again: something was given back, or has become known. */
  readonly serve: () => void;
  /** Everybody who waits gets this error. */
  readonly fail: (error: Error) => void;
}

/** What a queue is made of. */
interface QueueParts {
  readonly lines: WaitingLines;
  readonly limits: QueueLimits;
  readonly refusal: (waitMs: number) => ConnectorError;
}

/** Makes the queue of one quota. */
export const quotaQueue = (name: string, { clock, limits }: { clock: Clock; limits: QueueLimits }): QuotaQueue => {
  const lines = waitingLines();
  const refusal = (waitMs: number) => {
    const resumeAt = Math.ceil(clock.now() + (Number.isFinite(waitMs) ? waitMs : unknownWaitMs));
    return connectorError('rate-limited', `the quota '${name}' is used up`, { resumeAt });
  };
  const parts: QueueParts = { lines, limits, refusal };
  let cancelTimer: (() => void) | undefined;
  let timerAt = Number.POSITIVE_INFINITY;

  const serve = () => {
    cancelTimer?.();
    cancelTimer = undefined;
    timerAt = Number.POSITIVE_INFINITY;
    const now = clock.monotonic();
    const wait = serveHeads(parts, now);
    // Also calls that may not wait at all are let through where the ledger grants them their turn.
    if (limits.isAsking()) return;
    const next = Math.min(wait, refuseOverdue(parts, { now, wait }));
    if (next === Number.POSITIVE_INFINITY) return;
    timerAt = now + next;
    cancelTimer = clock.schedule(serve, next);
  };

  return {
    mustWait: (priority, now) => {
      // The way of nearly all calls: nobody waits.
      if (lines.isEmpty()) return false;
      const first = lines.next(now);
      return first !== undefined && standing(first, now) <= ranks[priority];
    },
    join: (waiting) =>
      new Promise((resolve, reject) => {
        const now = clock.monotonic();
        const waiter = newWaiter(waiting, { now, resolve, reject, serve, lines });
        const tooLong = firstRefusal(parts, { waiting, waiter, now });
        if (tooLong !== undefined) return waiter.settle({ error: tooLong });
        lines.add(waiter);
        // Behind others and no less patient than they, it changes nothing.
        if (waiter.until < timerAt || lines.next(now) === waiter) serve();
      }),
    serve: () => {
      if (!lines.isEmpty()) serve();
    },
    fail: (error) => {
      for (const waiter of lines.all()) {
        lines.leave(waiter);
        waiter.settle({ error });
      }
      serve();
    },
  };
};

/** A waiter that leaves when its caller gives up. */
const newWaiter = (
  { cost, priority, longestWaitMs, signal }: Waiting,
  given: {
    now: number;
    resolve: (waitedMs: number) => void;
    reject: (error: Error) => void;
    serve: () => void;
    lines: WaitingLines;
  },
): Waiter => {
  const { now, resolve, reject, serve, lines } = given;
  const waiter: Waiter = {
    ...{ cost, rank: ranks[priority], since: now, until: now + longestWaitMs },
    settle: (outcome) => {
      signal?.removeEventListener('abort', stop);
      if ('error' in outcome) reject(outcome.error);
      else resolve(outcome.waitedMs);
    },
  };
  const stop = () => {
    if (!lines.leave(waiter)) return;
    if (signal) reject(cancelledBy(signal));
    serve();
  };
  signal?.addEventListener('abort', stop, { once: true });
  return waiter;
};

/** Why a call does not even join: it is cancelled, or its turn would come too late. */
const firstRefusal = (
  { lines, limits, refusal }: QueueParts,
  { waiting, waiter, now }: { waiting: Waiting; waiter: Waiter; now: number },
): ConnectorError | undefined => {
  const { signal, longestWaitMs, cost } = waiting;
  if (signal?.aborted) return cancelledBy(signal);
  const { rank } = waiter;
  const demand = { cost, isUrgent: rank === 0, ...lines.ahead(rank), queued: lines.cost() + cost };
  const wait = limits.wait(demand, now);
  return Number.isFinite(wait) && wait > longestWaitMs ? refusal(wait) : undefined;
};

/** Serves and refuses those whose turn it is until one must wait; gives how long. */
const serveHeads = ({ lines, limits, refusal }: QueueParts, now: number): number => {
  for (let head = lines.next(now); head !== undefined; head = lines.next(now)) {
    const { cost, rank } = head;
    const demand = { cost, isUrgent: rank === 0, aheadCalls: 0, aheadCost: 0, queued: lines.cost() };
    const wait = limits.wait(demand, now);
    if (wait > 0 && (wait === Number.POSITIVE_INFINITY || now + wait <= head.until)) return wait;
    lines.leave(head);
    if (wait > 0) head.settle({ error: refusal(wait) });
    else {
      limits.take(cost, now);
      head.settle({ waitedMs: now - head.since });
    }
  }
  return Number.POSITIVE_INFINITY;
};

/** Refuses those whose patience is over; gives the milliseconds until that of the next is. */
const refuseOverdue = ({ lines, refusal }: QueueParts, { now, wait }: { now: number; wait: number }): number => {
  let earliest = Number.POSITIVE_INFINITY;
  for (const waiter of lines.all()) {
    if (waiter.until > now) earliest = Math.min(earliest, waiter.until - now);
    else if (lines.leave(waiter)) waiter.settle({ error: refusal(wait) });
  }
  return earliest;
};
