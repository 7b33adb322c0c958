/** A request for a share of a quota that several processes use. */
export interface SliceRequest {
  /** Connection and quota, for instance `hubspot.default`. */
  readonly name: string;
  /** Number of the slice of time: Unix milliseconds divided by its length, rounded down. */
  readonly slice: number;
  /** How many slices back a grant still counts: the quota's window, and one more for the slice that straddles it. */
  readonly windowSlices: number;
  /** Units that all grants of such a span may come to. */
  readonly limit: number;
  /** Units asked for. */
  readonly want: number;
}

/**
 * Grants of a quota to the processes that share it. What was granted counts as used, so that a crash forgets nothing
 * and a restart doubles nothing. `@mortise/store` keeps it.
 */
export interface QuotaLedger {
  /** Units granted in that slice: from nothing to `want`. */
  readonly take: (request: SliceRequest) => Promise<number>;
}
