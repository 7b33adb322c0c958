import { connectorError } from '../../errors/connector-error.ts';
import type { CallRoad } from '../../resilience/call-road.ts';
import { sleep } from '../../resilience/clock.ts';
import type { LockStore } from '../../resilience/lock-store.ts';

/** The right to renew a token, alone among all processes that share the store. */
export interface TokenLease {
  /** Saves are bound to it; absent where the store has no locks. */
  readonly fence: number | undefined;
  /** Its time is over, by the wall clock: this process was suspended, and another may be renewing by now. */
  readonly isOver: () => boolean;
  readonly release: () => Promise<void>;
}

/** Longer than asking for a token takes; a holder that died is waited for so long. Milliseconds. */
const leaseMs = 60_000;
const firstPauseMs = 25;
const longestPauseMs = 500;

const unshared: TokenLease = { fence: undefined, isOver: () => false, release: async () => undefined };

/** What waiting for a lease needs. */
export interface LeaseWait<Done> {
  readonly road: CallRoad;
  readonly locks: LockStore | undefined;
  readonly connection: string;
  /** Looks whether the holder has done the work already; undefined when not. */
  readonly meanwhile: () => Promise<Done | undefined>;
}

/**
 * Waits for the lease of a connection's token, or for what its holder has made.
 * @throws ConnectorError `timeout` when neither comes within the time of a call.
 */
export const waitForLease = async <Done>(
  wait: LeaseWait<Done>,
): Promise<{ readonly lease: TokenLease } | { readonly done: Done }> => {
  const { road, locks, connection, meanwhile } = wait;
  if (locks === undefined) return { lease: unshared };
  const deadline = road.clock.monotonic() + Math.max(road.limits.callTimeoutMs, 2 * leaseMs);
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const until = road.clock.now() + leaseMs;
    const lease = await locks.take(`token ${connection}`, leaseMs);
    if (lease !== undefined) {
      // A release that fails costs the others the rest of the lease, and nothing else.
      const release = () => lease.release().catch(() => undefined);
      return { lease: { fence: lease.fence, isOver: () => road.clock.now() >= until, release } };
    }
    const done = await meanwhile();
    if (done !== undefined) return { done };
    if (road.clock.monotonic() >= deadline) {
      throw connectorError('timeout', `another process kept the lock of the token of connection '${connection}'`);
    }
    await sleep(road.clock, pauseMs * (0.5 + road.random() / 2));
  }
};
