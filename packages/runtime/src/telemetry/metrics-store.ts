import type { EventSink } from './events.ts';

/** What the calls of one connection and path template came to in one minute. */
export interface MinuteMetrics {
  readonly connection: string;
  /** Path with placeholders. */
  readonly template: string;
  /** Start of the minute, Unix milliseconds. */
  readonly minute: number;
  readonly calls: number;
  /** Calls that failed, by error code. */
  readonly errors: Readonly<Record<string, number>>;
  /**
   * Calls by duration: how many took at most so many milliseconds as the bound of that place says, and more than the
   * bound before it. The bounds are `histogramBounds` of `@mortise/runtime/telemetry`.
   */
  readonly histogram: readonly number[];
}

/** Which metrics to read. */
export interface MetricsQuery {
  readonly connection?: string;
  /** Unix milliseconds; minutes that start at it or later. */
  readonly since: number;
}

/** Response times and error rates in buckets of a minute, kept 14 days. `@mortise/store` keeps them. */
export interface MetricsStore {
  /** Adds to the minutes that are there already: several processes write one connection's. @throws ConnectorError */
  readonly add: (minutes: readonly MinuteMetrics[]) => Promise<void>;
  /** The minutes that there are, oldest first. @throws ConnectorError */
  readonly read: (query: MetricsQuery) => Promise<readonly MinuteMetrics[]>;
  /**
   * Counts the calls of every connection that is opened with the store, and adds them once a minute and when the store
   * closes. A store of the host's own makes it with `metricsRecorder` of `@mortise/runtime/telemetry`, or leaves it out.
   */
  readonly record?: EventSink;
}
