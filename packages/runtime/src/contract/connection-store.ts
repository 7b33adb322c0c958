import type { TokenStore } from '../auth/token-store.ts';
import type { LastValueStore } from '../resilience/last-values.ts';
import type { LockStore } from '../resilience/lock-store.ts';
import type { QuotaLedger } from '../resilience/quota-ledger.ts';
import type { MetricsStore } from '../telemetry/metrics-store.ts';

/**
 * What connections keep between runs and share between processes. `@mortise/store` has all of it; a host that brings
 * its own may leave out what it does without.
 */
export interface ConnectionStore {
  readonly tokens: TokenStore;
  /** Without it, processes that share a rotating token may refresh it at the same time, and lose it. */
  readonly locks?: LockStore;
  /** Without it, each process counts its own requests alone. */
  readonly quotas?: QuotaLedger;
  /** Without it, there is no stale answer to fall back on. */
  readonly lastValues?: LastValueStore;
  /** Without it, response times are only to be had from events. */
  readonly metrics?: MetricsStore;
}
