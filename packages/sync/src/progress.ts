/** Counts of one run. */
export interface RunCounts {
  /** Records read, those that were set aside included. */
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Records that wait for a parent, as of now. */
  readonly parked: number;
  /** Records that could not pass and were not mended since, as of now. */
  readonly deadLetters: number;
}

/** How a run stands. */
export interface SyncProgress extends RunCounts {
  readonly sync: string;
  /** How many the source says there are in this window; an estimate. */
  readonly total: number | undefined;
  readonly elapsedMs: number;
}

/** What a run came to. */
export interface RunResult extends RunCounts {
  readonly sync: string;
  /** Unique name of the run, as the journal has it. */
  readonly run: string;
  readonly seconds: number;
  /** The run was stopped at a page boundary; the next one goes on there. */
  readonly stopped: boolean;
}

/** Counts that grow. */
export type Tally = { -readonly [Name in keyof RunCounts]: RunCounts[Name] };

/** A tally of nothing. */
export const emptyTally = (): Tally => ({ read: 0, created: 0, updated: 0, unchanged: 0, parked: 0, deadLetters: 0 });
