/**
 * Upper bounds of the duration buckets, milliseconds. A call belongs to the first bound that it does not exceed; the
 * place behind the last bound counts what took longer. OpenTelemetry's advised bounds for HTTP, and three more for calls
 * that wait for a quota.
 */
export const histogramBounds = [
  ...[5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000],
  ...[30_000, 60_000, 300_000],
] as const;

/** A histogram without entries. */
export const emptyHistogram = (): number[] => Array.from({ length: histogramBounds.length + 1 }, () => 0);

/** Counts one duration, milliseconds. */
export const countDuration = (histogram: number[], milliseconds: number): void => {
  const place = histogramBounds.findIndex((bound) => milliseconds <= bound);
  const index = place === -1 ? histogramBounds.length : place;
  histogram[index] = (histogram[index] ?? 0) + 1;
};

/** Both histograms in one. One that was written with other bounds keeps its counts where they stood. */
export const addedHistograms = (left: readonly number[], right: readonly number[]): number[] =>
  Array.from({ length: Math.max(left.length, right.length) }, (_, index) => (left[index] ?? 0) + (right[index] ?? 0));

/**
 * The duration that a share of the calls did not exceed, milliseconds: 0.95 for the 95th percentile. Interpolated
 * inside its bucket, so it is as exact as the bounds are close. Beyond the last bound it is that bound: "more than".
 * Undefined without calls.
 */
export const quantile = (histogram: readonly number[], share: number): number | undefined => {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = Math.max(share * total, Number.MIN_VALUE);
  let below = 0;
  for (const [index, count] of histogram.entries()) {
    if (below + count >= rank && count > 0) {
      const lower = histogramBounds[index - 1] ?? 0;
      const upper = histogramBounds[index];
      return upper === undefined ? lower : lower + ((upper - lower) * (rank - below)) / count;
    }
    below += count;
  }
  return histogramBounds.at(-1);
};
