import { addedHistograms, emptyHistogram, quantile } from './histogram.ts';
import type { MinuteMetrics } from './metrics-store.ts';

/** What the calls of one connection and path template came to over some time. */
export interface CallSummary {
  readonly connection: string;
  /** Path with placeholders. */
  readonly template: string;
  readonly calls: number;
  /** Calls that failed, by error code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Share of the calls that failed, 0 to 1. */
  readonly errorRate: number;
  /** Half of the calls took at most so many milliseconds; waits and repeats included. */
  readonly medianMs: number | undefined;
  /** 95 of 100 calls took at most so many milliseconds. */
  readonly p95Ms: number | undefined;
  /** 99 of 100 calls took at most so many milliseconds. */
  readonly p99Ms: number | undefined;
}

/** The same counts in one: what several minutes, or several processes, have counted. */
export const addedMetrics = <Counts extends Pick<MinuteMetrics, 'calls' | 'errors' | 'histogram'>>(
  left: Counts,
  right: Pick<MinuteMetrics, 'calls' | 'errors' | 'histogram'>,
): Counts => {
  const errors = { ...left.errors };
  for (const [code, count] of Object.entries(right.errors)) errors[code] = (errors[code] ?? 0) + count;
  const histogram = addedHistograms(left.histogram, right.histogram);
  return { ...left, calls: left.calls + right.calls, errors, histogram };
};

const summaryOf = ({ connection, template, calls, errors, histogram }: Omit<MinuteMetrics, 'minute'>): CallSummary => {
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  return {
    ...{ connection, template, calls, errors },
    errorRate: calls === 0 ? 0 : failed / calls,
    medianMs: quantile(histogram, 0.5),
    p95Ms: quantile(histogram, 0.95),
    p99Ms: quantile(histogram, 0.99),
  };
};

/**
 * Sums minutes up by connection and path template.
 * @example
 * ```ts
 * import type { MetricsStore } from '@mortise/runtime';
 * import { callSummaries } from '@mortise/runtime/telemetry';
 * export const lastHour = async (store: MetricsStore, now: number) =>
 *   callSummaries(await store.read({ since: now - 3_600_000 }));
 * ```
 */
export const callSummaries = (minutes: readonly MinuteMetrics[]): readonly CallSummary[] => {
  const sums = new Map<string, Omit<MinuteMetrics, 'minute'>>();
  for (const { connection, template, ...counts } of minutes) {
    const key = JSON.stringify([connection, template]);
    const blank = { connection, template, calls: 0, errors: {}, histogram: emptyHistogram() };
    sums.set(key, addedMetrics(sums.get(key) ?? blank, counts));
  }
  return [...sums.values()].map(summaryOf);
};
