import type { NetSuiteState } from '../types.ts';

/** Unix milliseconds of now as the vendor stamps it. */
export function stampNow({ settings, clock }: NetSuiteState): number {
  const { stampPrecisionMs } = settings;
  return Math.floor(clock.now() / stampPrecisionMs) * stampPrecisionMs;
}
