import { connectorError } from '../errors/connector-error.ts';
import type { Priority } from './call-road.ts';
import { type Clock, cancelledBy } from './clock.ts';
import type { QuotaDemand } from './quota-limit.ts';

/** A call that waits for room. */
interface Waiter {
  readonly cost: number;
  readonly rank: number;
  /** Monotonic times. */
  readonly since: number;
  readonly until: number;
  readonly settle: (outcome: { readonly waitedMs: number } | { readonly error: Error }) => void;
}

/** What a call that must wait brings. */
export interface Waiting {
  readonly cost: number;
  readonly priority: Priority;
  readonly longestWaitMs: number;
  readonly signal?: AbortSignal | undefined;
}

const ranks: Readonly<Record<Priority, number>> = { interactive: 0, webhook: 1, sync: 2, backfill: 3 };

/** Nobody starves: a call that has waited so long goes one class up. Milliseconds. */
const promotionMs = 10_000;

/** How long to stay away where nobody can say when there will be room: milliseconds. */
const unknownWaitMs = 5_000;

/** What a queue asks of the limits behind it. */
export interface QueueLimits {
  /** Milliseconds until a call fits; see `QuotaLimit.wait`. */
  readonly wait: (demand: QuotaDemand, now: number) => number;
  readonly take: (cost: number, now: number) => void;
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

/** Makes the queue of one quota. */
export const quotaQueue = (name: string, { clock, limits }: { clock: Clock; limits: QueueLimits }): QuotaQueue => {
  /** One line for each priority, oldest first. */
  const lines: Waiter[][] = [[], [], [], []];
  let queued = 0;
  let cancelTimer: (() => void) | undefined;

  const place = ({ rank, since }: Waiter, now: number) => rank - Math.floor((now - since) / promotionMs);
  /** In a line the oldest is first, so only the heads need comparing. */
  const next = (now: number): Waiter | undefined => {
    let best: Waiter | undefined;
    for (const [head] of lines) {
      if (head === undefined) continue;
      const lead = best === undefined ? -1 : place(head, now) - place(best, now);
      if (best === undefined || lead < 0 || (lead === 0 && head.since < best.since)) best = head;
    }
    return best;
  };
  const leave = (waiter: Waiter): boolean => {
    const line = lines[waiter.rank] ?? [];
    const index = line.indexOf(waiter);
    if (index === -1) return false;
    line.splice(index, 1);
    queued -= waiter.cost;
    return true;
  };
  const refusal = (waitMs: number) => {
    const resumeAt = Math.ceil(clock.now() + (Number.isFinite(waitMs) ? waitMs : unknownWaitMs));
    return connectorError('rate-limited', `the quota '${name}' is used up`, { resumeAt });
  };
  const refuse = (waiter: Waiter, waitMs: number) => {
    leave(waiter);
    waiter.settle({ error: refusal(waitMs) });
  };
  const demandOf = ({ cost, rank }: Waiter): QuotaDemand => {
    return { cost, isUrgent: rank === 0, aheadCalls: 0, aheadCost: 0, queued };
  };
  /** What a newcomer asks of the limits behind those that go before it. */
  const newDemand = (cost: number, rank: number): QuotaDemand => {
    const before = lines.slice(0, rank + 1).flat();
    const aheadCost = before.reduce((sum, waiter) => sum + waiter.cost, 0);
    return { cost, isUrgent: rank === 0, aheadCalls: before.length, aheadCost, queued: queued + cost };
  };

  /** Serves and refuses heads until one must wait; gives how long. */
  const serveHeads = (now: number): number => {
    for (let head = next(now); head !== undefined; head = next(now)) {
      const wait = limits.wait(demandOf(head), now);
      if (wait > 0 && (wait === Number.POSITIVE_INFINITY || now + wait <= head.until)) return wait;
      if (wait > 0) refuse(head, wait);
      else {
        leave(head);
        limits.take(head.cost, now);
        head.settle({ waitedMs: now - head.since });
      }
    }
    return Number.POSITIVE_INFINITY;
  };

  const serve = () => {
    cancelTimer?.();
    cancelTimer = undefined;
    const now = clock.monotonic();
    const wait = serveHeads(now);
    let earliest = Number.POSITIVE_INFINITY;
    for (const waiter of lines.flat()) {
      if (waiter.until <= now) refuse(waiter, wait);
      else earliest = Math.min(earliest, waiter.until - now);
    }
    if (earliest !== Number.POSITIVE_INFINITY) cancelTimer = clock.schedule(serve, Math.min(wait, earliest));
  };

  return {
    mustWait: (priority, now) => {
      if (queued === 0) return false;
      const first = next(now);
      return first !== undefined && place(first, now) <= ranks[priority];
    },
    join: ({ cost, priority, longestWaitMs, signal }) =>
      new Promise((resolve, reject) => {
        const now = clock.monotonic();
        if (signal?.aborted) return reject(cancelledBy(signal));
        const rank = ranks[priority];
        const wait = limits.wait(newDemand(cost, rank), now);
        if (Number.isFinite(wait) && wait > longestWaitMs) return reject(refusal(wait));
        const waiter: Waiter = {
          ...{ cost, rank, since: now, until: now + longestWaitMs },
          settle: (outcome) => {
            signal?.removeEventListener('abort', stop);
            if ('error' in outcome) reject(outcome.error);
            else resolve(outcome.waitedMs);
          },
        };
        const stop = () => {
          if (!leave(waiter)) return;
          if (signal) reject(cancelledBy(signal));
          serve();
        };
        signal?.addEventListener('abort', stop, { once: true });
        lines[rank]?.push(waiter);
        queued += cost;
        serve();
      }),
    serve: () => {
      if (queued > 0) serve();
    },
    fail: (error) => {
      for (const waiter of lines.flat()) {
        leave(waiter);
        waiter.settle({ error });
      }
      serve();
    },
  };
};
