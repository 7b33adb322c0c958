/** What a call asks of a limit. */
export interface QuotaDemand {
  /** Units that it takes. */
  readonly cost: number;
  /** May go into the reserve. */
  readonly isUrgent: boolean;
  /** Calls that go before it, and what they cost. */
  readonly aheadCalls: number;
  readonly aheadCost: number;
  /** Cost of everything that waits, this call included. */
  readonly queued: number;
}

/** One limit that calls of a name must fit under. Times are monotonic milliseconds. */
export interface QuotaLimit {
  /** Milliseconds until the call fits: 0 now, Infinity when something must happen first that wakes the queue. */
  readonly wait: (demand: QuotaDemand, now: number) => number;
  /** Takes the units of a call that fits. */
  readonly take: (cost: number, now: number) => void;
  /** Whether it is finding out; it wakes the queue when it knows. That is no waiting for the vendor. */
  readonly isAsking?: () => boolean;
  /** The call is over. */
  readonly release?: (cost: number, now: number) => void;
}
