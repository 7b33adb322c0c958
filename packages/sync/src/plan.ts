import { type Clock, connectorError, systemClock } from '@mortise/runtime';
import type { Store } from '@mortise/store';
import { decidePage } from './decision.ts';
import type { Sync } from './definition.ts';
import { openWindow } from './window.ts';

/** What a run would do now. */
export interface SyncPlan {
  readonly sync: string;
  /** Records that would be created or updated. */
  readonly toWrite: number;
  /** How many records are the same on both sides. */
  readonly unchanged: number;
  /** Records whose parent has no link yet: written once it has, in the same convergence. */
  readonly parked: number;
  /** Records that could not pass. */
  readonly deadLetters: number;
}

/** What a plan is given. */
export interface PlanOptions {
  readonly store: Store;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
}

/**
 * Reads what a run would read and decides what it would write, without writing a byte anywhere.
 * @throws ConnectorError when the source or the store fails.
 */
export const planSync = async (sync: Sync, { store, signal, clock = systemClock }: PlanOptions): Promise<SyncPlan> => {
  // What an interrupted run left open is counted from its window's start: records that it wrote are unchanged.
  const { since } = openWindow(await store.readCheckpoint(sync.name), { source: sync.from, nowMs: clock.now() });
  const pages = sync.from.list?.({ since, until: new Date(clock.now()), signal });
  if (pages === undefined) throw connectorError('invalid-definition', `${sync.from.id} has no list`);
  const plan = { sync: sync.name, toWrite: 0, unchanged: 0, parked: 0, deadLetters: 0 };
  for await (const page of pages) {
    const decision = await decidePage({ sync, store }, page);
    plan.toWrite += decision.writes.length;
    plan.unchanged += decision.unchanged.length;
    plan.parked += decision.parked.length;
    plan.deadLetters += decision.deadLetters.length;
  }
  return plan;
};
