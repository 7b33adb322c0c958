import { setTimeout as wait } from 'node:timers/promises';
import { describeError, exitStatus, isConnectorError } from '@mortise/runtime';
import type { Hints, Sync } from '@mortise/sync';
import type { Lifetime } from './lifetime.ts';
import { syncNamed } from './syncs.ts';
import type { InventorySide } from './systems/sides.ts';
import type { Terminal } from './terminal.ts';

/** A subscription under way. */
export interface StockFollower {
  /** How many edits it has told of, by now. */
  readonly told: () => number;
  /** Resolves when it has ended with the signal. */
  readonly ended: Promise<void>;
}

/** Milliseconds before a subscription that failed is made anew; meanwhile the rounds of asking go on. */
const pauseMs = 5_000;

/** Follows stock edits as they are told, each out of turn; undefined where the inventory tells of none. */
export const followStock = (
  inventory: InventorySide | undefined,
  {
    syncs,
    hints,
    terminal,
    lifetime: { signal, fail },
  }: { syncs: readonly Sync[]; hints: Hints; terminal: Terminal; lifetime: Lifetime },
): StockFollower | undefined => {
  if (inventory?.changedStock === undefined) return undefined;
  const { changedStock } = inventory;
  const sync = syncNamed(syncs, 'stock');
  let told = 0;
  const follow = async (): Promise<void> => {
    for await (const key of changedStock(signal)) {
      told += 1;
      if (told === 1) terminal.say('the first stock edit was told over the WebSocket');
      // What keeps it from being carried is told by the watch, which carries it in its next round.
      hints.add({ sync, key }).catch(() => {});
    }
  };
  const followToEnd = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await follow();
      } catch (thrown) {
        if (signal.aborted) return;
        if (!isConnectorError(thrown) || exitStatus(thrown) !== 75) return fail(thrown);
        terminal.say(`${describeError(thrown)} Watching goes on.`);
        await wait(pauseMs, undefined, { signal }).catch(() => {});
      }
    }
  };
  return { told: () => told, ended: followToEnd() };
};
