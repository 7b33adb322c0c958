import type { Priority } from './call-road.ts';

/** A call that waits for room. */
export interface Waiter {
  /** Units that it takes. */
  readonly cost: number;
  /** 0 is the most urgent. */
  readonly rank: number;
  /** Monotonic times: since when it waits, and until when it may. */
  readonly since: number;
  readonly until: number;
  readonly settle: (outcome: { readonly waitedMs: number } | { readonly error: Error }) => void;
}

/** Rank of each priority. */
export const ranks: Readonly<Record<Priority, number>> = { interactive: 0, webhook: 1, sync: 2, backfill: 3 };

/** Nobody starves: a call that has waited so long goes one class up. Milliseconds. */
const promotionMs = 10_000;

/** Where a waiter stands among those of other priorities: below 0 once it has waited long enough. */
export const standing = ({ rank, since }: Waiter, now: number): number =>
  rank - Math.floor((now - since) / promotionMs);

/** Those who wait, in one line for each priority, oldest first. */
export interface WaitingLines {
  readonly add: (waiter: Waiter) => void;
  /** Takes somebody out; false when he has left already. */
  readonly leave: (waiter: Waiter) => boolean;
  /** Whose turn it is. */
  readonly next: (now: number) => Waiter | undefined;
  readonly isEmpty: () => boolean;
  /** Everybody. */
  readonly all: () => readonly Waiter[];
  /** How many go before a newcomer of that rank, and what they cost. */
  readonly ahead: (rank: number) => { readonly aheadCalls: number; readonly aheadCost: number };
  /** Cost of everybody. */
  readonly cost: () => number;
}

/** Makes empty lines. */
export const waitingLines = (): WaitingLines => {
  const lines: Waiter[][] = [[], [], [], []];
  const costs = [0, 0, 0, 0];
  let count = 0;
  const addCost = (rank: number, cost: number) => {
    costs[rank] = (costs[rank] ?? 0) + cost;
  };
  return {
    add: (waiter) => {
      lines[waiter.rank]?.push(waiter);
      count += 1;
      addCost(waiter.rank, waiter.cost);
    },
    leave: (waiter) => {
      const line = lines[waiter.rank] ?? [];
      const index = line.indexOf(waiter);
      if (index === -1) return false;
      line.splice(index, 1);
      count -= 1;
      addCost(waiter.rank, -waiter.cost);
      return true;
    },
    next: (now) => {
      let best: Waiter | undefined;
      // In a line the oldest is first, so only the heads need comparing.
      for (const line of lines) {
        const head = line[0];
        if (head === undefined) continue;
        const lead = best === undefined ? -1 : standing(head, now) - standing(best, now);
        if (best === undefined || lead < 0 || (lead === 0 && head.since < best.since)) best = head;
      }
      return best;
    },
    isEmpty: () => count === 0,
    all: () => lines.flat(),
    ahead: (rank) => {
      let aheadCalls = 0;
      let aheadCost = 0;
      for (let each = 0; each <= rank; each += 1) {
        aheadCalls += lines[each]?.length ?? 0;
        aheadCost += costs[each] ?? 0;
      }
      return { aheadCalls, aheadCost };
    },
    cost: () => costs.reduce((sum, cost) => sum + cost, 0),
  };
};
