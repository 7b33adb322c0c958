import type { NetSuiteState } from '../types.ts';
import type { Condition } from './table.ts';

/** The last stamp (Unix milliseconds) that searches show; beyond every stamp when nothing lags. */
export function shownUntil({ settings, clock }: NetSuiteState): number {
  return settings.searchLagMs === 0 ? Number.MAX_SAFE_INTEGER : clock.now() - settings.searchLagMs;
}

/** Holds for what searches show now: a change becomes visible late, with its old stamp. */
export function shownNow(state: NetSuiteState): Condition {
  return { sql: 'modified_at <= ?', values: [shownUntil(state)] };
}
