/** A request for a share of a quota that several processes use. */
export interface SliceRequest {
  /** Connection, quota and window, for instance `hubspot.default.10000`. */
  readonly name: string;
  /** Number of the slice of time: Unix milliseconds divided by its length, rounded down. */
  readonly slice: number;
  /** How many slices a grant counts: those of the quota's window, and one more, because a window may straddle two. */
  readonly windowSlices: number;
  /** Units that all grants of such a span may come to. */
  readonly limit: number;
  /** Units asked for. */
  readonly want: number;
  /** Fewer units than these are of no use: then nothing is granted. */
  readonly atLeast: number;
}

/** What came of a request for a share. */
export interface SliceGrant {
  /** Units granted in that slice: 0, or from `atLeast` to `want`. */
  readonly granted: number;
  /** Units that all processes were granted in the span, these included. */
  readonly used: number;
  /** First slice in which `atLeast` units more can be had. */
  readonly nextSlice: number;
}

/**
 * Grants of a quota to the processes that share it. What was granted counts as used, so that a crash forgets nothing
 * and a restart doubles nothing. `@mortise/store` keeps it. Rejects with a ConnectorError where the state cannot be
 * read or written.
 */
export interface QuotaLedger {
  /** Grants units in one step: two processes that ask at once are answered one after the other. */
  readonly take: (request: SliceRequest) => Promise<SliceGrant>;
}
