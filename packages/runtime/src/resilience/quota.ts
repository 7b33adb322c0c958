import type { Priority } from './call-road.ts';
import type { Clock } from './clock.ts';
import {
  acquireFrom,
  addRule,
  blockUntil,
  learnNamed,
  learnStated,
  type QuotaAccount,
  quotaAccount,
  releaseTo,
  reportTo,
} from './quota-account.ts';
import type { QuotaLow } from './quota-forecast.ts';
import type { QuotaLedger } from './quota-ledger.ts';
import { type BucketStatus, checkedRule, type QuotaRule } from './quota-rule.ts';
import type { Headers } from './retry-after.ts';

export type { BucketStatus, QuotaRule } from './quota-rule.ts';

/** Lets calls through under a connection's quotas, and learns them from answers. */
export interface QuotaGovernor {
  /**
   * Takes the units of one request: 0 at once where there is room and nobody goes before it, or a promise of the
   * milliseconds waited.
   * @throws ConnectorError (the promise) `rate-limited` with `resumeAt` where the wait is too long, `cancelled`.
   */
  readonly acquire: (name: string, options: AcquireOptions) => number | Promise<number>;
  /** The request that was let through is over, whatever came of it; `cost` as it was acquired. */
  readonly release: (name: string, cost?: number) => void;
  /** Takes over what the headers of an answer tell: those that a rule names, and the RateLimit fields. */
  readonly learn: (name: string, headers: Headers) => void;
  /** Takes over the level of the vendor's bucket that an answer tells, for instance Shopify's `throttleStatus`. */
  readonly report: (name: string, status: BucketStatus) => void;
  /** Nothing more may be sent under this quota before then (Unix ms): the vendor said so. */
  readonly block: (name: string, untilMs: number) => void;
}

/** How a call takes part in a quota. */
export interface AcquireOptions {
  readonly signal?: AbortSignal | undefined;
  /** A longer wait is not slept but reported as `rate-limited` with `resumeAt`: milliseconds. */
  readonly longestWaitMs: number;
  /** `sync` unless given. */
  readonly priority?: Priority | undefined;
  /** Units taken: 1 unless given. */
  readonly cost?: number | undefined;
}

/** What a governor is made with. */
export interface QuotaOptions {
  readonly clock: Clock;
  /** Share of each quota left to the account's other applications, 0 to 1. */
  readonly reserve: number;
  /** Id of the connection: quotas are shared by all processes that open it on one store. */
  readonly connection: string;
  /** Shares rolling windows between those processes; without it each counts alone. */
  readonly ledger?: QuotaLedger | undefined;
  /** Told when a quota nears its end. */
  readonly onLow?: ((low: QuotaLow) => void) | undefined;
}

/**
 * Makes the governor of one connection.
 * @throws ConnectorError `invalid-definition` for a rule whose numbers are none.
 */
export const quotaGovernor = (rules: readonly QuotaRule[], options: QuotaOptions): QuotaGovernor => {
  const { clock } = options;
  const accounts = new Map<string, QuotaAccount>();
  const accountOf = (name: string): QuotaAccount => {
    const account = accounts.get(name) ?? quotaAccount(name, options);
    accounts.set(name, account);
    return account;
  };
  for (const rule of rules) addRule(accountOf(rule.name), checkedRule(rule));
  return {
    acquire: (name, acquiring) => {
      const account = accounts.get(name);
      return account === undefined ? 0 : acquireFrom(account, acquiring);
    },
    release: (name, cost = 1) => {
      const account = accounts.get(name);
      if (account !== undefined) releaseTo(account, cost);
    },
    learn: (name, headers) => {
      const account = accounts.get(name);
      if (account !== undefined) learnNamed(account, { headers, clock });
      if (headers.ratelimit === undefined && headers['ratelimit-policy'] === undefined) return;
      learnStated(accountOf(name), headers);
    },
    report: (name, status) => reportTo(accountOf(name), status),
    // On the monotonic clock from here on: wall time may be set back while calls wait.
    block: (name, untilMs) => blockUntil(accountOf(name), clock.monotonic() + untilMs - clock.now()),
  };
};
