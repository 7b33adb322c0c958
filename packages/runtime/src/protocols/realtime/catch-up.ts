import type { Clock } from '../../resilience/clock.ts';

/**
 * How the gap of a lost connection is closed: a subscription replays nothing, so what changed meanwhile is read.
 * `Item` is what the subscription yields.
 */
export interface CatchUp<Item> {
  /** Where the caller stands: only what changed at or after it is read first. Absent: everything is. */
  readonly from?: Date | undefined;
  /**
   * Reads what changed at or after the instant, for instance by the resource's list. More is allowed, less is not.
   * @throws ConnectorError Where a repeat may help, the subscription reconnects and reads again; otherwise it ends so.
   */
  readonly read: (since: Date | undefined) => AsyncIterable<Item>;
  /** The item's id, or undefined where it has none. */
  readonly keyOf: (item: Item) => string | undefined;
  /** The item's change stamp, Unix milliseconds, or undefined where it has none, as after a removal. */
  readonly changedAt: (item: Item) => number | undefined;
  /** Tells one state of a record from another: the same key and version is yielded once. */
  readonly versionOf?: (item: Item) => string | undefined;
  /**
   * How far before the newest stamp seen reading starts, milliseconds; 10,000 unless given. Covers events that come
   * out of order, the granularity of the stamp and the lag of the list: give at least `granularityMs` + `lagMs`.
   */
  readonly overlapMs?: number;
  /**
   * How long after the subscription was sent reading starts, milliseconds; 1,000 unless given. graphql-ws acknowledges
   * connections, not subscriptions: what changes before the vendor has set it up would be in neither.
   */
  readonly settleMs?: number;
}

/** How far before the newest stamp reading starts, milliseconds. */
const defaultOverlapMs = 10_000;

/** Keys whose last state is remembered; older ones may be yielded twice. */
const mostRemembered = 10_000;

interface State {
  readonly stamp: number | undefined;
  readonly version: string | undefined;
}

/** What a subscription has seen. */
export interface Progress<Item> {
  /** Where reading starts now. */
  readonly since: () => Date | undefined;
  /** Whether the item is neither a repeat nor older than what was yielded for its key. */
  readonly isNews: (item: Item) => boolean;
  /** The item was yielded. From now on its state counts; `reach` moves the start of the next reading. */
  readonly seen: (item: Item) => void;
  /** Everything up to the newest stamp seen so far has been yielded. */
  readonly reach: () => void;
}

/** Starts to keep track of a subscription. */
export const progressOf = <Item>(catchUp: CatchUp<Item>, clock: Pick<Clock, 'now'>): Progress<Item> => {
  const { from, keyOf, changedAt, versionOf, overlapMs = defaultOverlapMs } = catchUp;
  const states = new Map<string, State>();
  let newest = Number.NEGATIVE_INFINITY;
  let reached = Number.NEGATIVE_INFINITY;

  const stateOf = (item: Item): State => ({ stamp: changedAt(item), version: versionOf?.(item) });
  return {
    since: () => (Number.isFinite(reached) ? new Date(reached - overlapMs) : from),
    isNews: (item) => {
      const key = keyOf(item);
      const known = key === undefined ? undefined : states.get(key);
      if (known === undefined) return true;
      const { stamp, version } = stateOf(item);
      if (stamp !== undefined && known.stamp !== undefined && stamp < known.stamp) return false;
      return version === undefined || version !== known.version;
    },
    seen: (item) => {
      const state = stateOf(item);
      // One stamp in the future would make every later reading start behind what it has to find.
      if (state.stamp !== undefined) newest = Math.max(newest, Math.min(state.stamp, clock.now()));
      const key = keyOf(item);
      if (key === undefined) return;
      states.delete(key);
      states.set(key, state);
      const [oldest] = states.keys();
      if (states.size > mostRemembered && oldest !== undefined) states.delete(oldest);
    },
    reach: () => {
      reached = newest;
    },
  };
};
