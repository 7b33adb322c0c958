import { toConnectorError } from '../errors/connector-error.ts';
import type { Priority } from './call-road.ts';
import type { Clock } from './clock.ts';
import { type LearningBucket, quotaBucket } from './quota-bucket.ts';
import { quotaConcurrency } from './quota-concurrency.ts';
import { type LowWatch, lowWatch, type QuotaLow } from './quota-forecast.ts';
import { quotaLease } from './quota-lease.ts';
import type { QuotaLedger } from './quota-ledger.ts';
import type { QuotaDemand, QuotaLimit } from './quota-limit.ts';
import { type QuotaQueue, quotaQueue } from './quota-queue.ts';
import type { BucketStatus, QuotaRule, WindowRule } from './quota-rule.ts';
import { type LearningLimit, quotaWindow } from './quota-window.ts';
import { statedPolicies } from './rate-limit-fields.ts';
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

/** All limits of one name. */
interface Account {
  readonly windows: LearningLimit[];
  readonly limits: QuotaLimit[];
  bucket: LearningBucket | undefined;
  readonly queue: QuotaQueue;
  /** Monotonic time before which the vendor wants no request. */
  blockedUntil: number;
}

/** A header's whole number, or undefined: an empty one is not zero. */
const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d+\s*$/.test(text) ? Number(text) : undefined;

const learnNamed = ({ windows }: Account, { headers, now }: { headers: Headers; now: number }): void => {
  for (const window of windows) {
    const names = window.rule.headers;
    if (names === undefined) continue;
    const limit = wholeNumber(headers[names.limit.toLowerCase()]);
    if (limit === undefined || limit === 0) continue;
    window.learn({ limit, remaining: wholeNumber(headers[names.remaining.toLowerCase()]) }, now);
  }
};

const untilRoom = (
  { limits, blockedUntil }: Account,
  { demand, now }: { demand: QuotaDemand; now: number },
): number => {
  let wait = Math.max(0, blockedUntil - now);
  // Each is asked, also behind one that must wait: a shared limit fetches its units meanwhile.
  for (const limit of limits) wait = Math.max(wait, limit.wait(demand, now));
  return wait;
};

/** Makes the governor of one connection. */
export const quotaGovernor = (rules: readonly QuotaRule[], options: QuotaOptions): QuotaGovernor => {
  const { clock } = options;
  const accounts = new Map<string, Account>();

  const accountOf = (name: string): Account => {
    const known = accounts.get(name);
    if (known !== undefined) return known;
    const limits: QuotaLimit[] = [];
    const queueLimits = {
      wait: (demand: QuotaDemand, now: number) => untilRoom(account, { demand, now }),
      take: (cost: number, now: number) => {
        for (const limit of limits) limit.take(cost, now);
      },
    };
    const queue = quotaQueue(name, { clock, limits: queueLimits });
    const account: Account = { windows: [], limits, bucket: undefined, queue, blockedUntil: 0 };
    accounts.set(name, account);
    return account;
  };

  const watchOf = (name: string, perMs: number): LowWatch => {
    const { onLow } = options;
    if (onLow === undefined) return () => undefined;
    return lowWatch(perMs, ({ used, limit, now, exhaustedAt, resumeAt }) => {
      const wall = (monotonic: number) => Math.ceil(clock.now() + monotonic - now);
      const forecast = exhaustedAt === undefined ? undefined : wall(exhaustedAt);
      onLow({ quota: name, used, limit, exhaustedAt: forecast, resumeAt: wall(resumeAt) });
    });
  };

  const addWindow = (rule: WindowRule): LearningLimit => {
    const account = accountOf(rule.name);
    const { reserve, ledger, connection } = options;
    const given = { reserve, watch: watchOf(rule.name, rule.perMs) };
    const { serve, fail } = account.queue;
    const failed = (error: unknown) => fail(toConnectorError(error));
    const window =
      ledger === undefined
        ? quotaWindow(rule, given)
        : quotaLease(rule, { ...given, ledger, connection, clock, wake: serve, fail: failed });
    account.windows.push(window);
    account.limits.push(window);
    return window;
  };

  const addBucket = (name: string, status: BucketStatus): LearningBucket => {
    const account = accountOf(name);
    const watch = watchOf(name, 0);
    account.bucket = quotaBucket(status, { reserve: options.reserve, watch, now: clock.monotonic() });
    account.limits.push(account.bucket);
    return account.bucket;
  };

  for (const rule of rules) {
    if ('perMs' in rule) addWindow(rule);
    else if ('concurrent' in rule) accountOf(rule.name).limits.push(quotaConcurrency(rule, options.reserve));
    else
      addBucket(rule.name, { available: rule.points, maximum: rule.points, restorePerSecond: rule.restorePerSecond });
  }

  const block = (name: string, until: number) => {
    const account = accountOf(name);
    account.blockedUntil = Math.max(account.blockedUntil, until);
    // Those who would wait too long are told now, and not when their patience is over.
    account.queue.serve();
  };

  const learnStated = (name: string, { headers, now }: { headers: Headers; now: number }) => {
    for (const { limit, perMs, remaining, resetMs } of statedPolicies(headers)) {
      if (remaining === 0 && resetMs !== undefined) block(name, now + resetMs);
      if (limit === undefined || limit === 0 || perMs === undefined || perMs === 0) continue;
      const known = accountOf(name).windows.find((window) => window.rule.perMs === perMs);
      const window = known ?? addWindow({ name, requests: limit, perMs });
      window.learn({ limit, remaining, resetMs }, now);
    }
  };

  return {
    acquire: (name, { signal, longestWaitMs, priority = 'sync', cost = 1 }) => {
      const account = accounts.get(name);
      if (account === undefined) return 0;
      const now = clock.monotonic();
      if (!account.queue.mustWait(priority, now)) {
        const demand = { cost, isUrgent: priority === 'interactive', aheadCalls: 0, aheadCost: 0, queued: cost };
        if (untilRoom(account, { demand, now }) <= 0) {
          for (const limit of account.limits) limit.take(cost, now);
          return 0;
        }
      }
      return account.queue.join({ cost, priority, longestWaitMs, signal });
    },
    release: (name, cost = 1) => {
      const account = accounts.get(name);
      if (account === undefined) return;
      const now = clock.monotonic();
      for (const limit of account.limits) limit.release?.(cost, now);
      account.queue.serve();
    },
    learn: (name, headers) => {
      const now = clock.monotonic();
      const account = accounts.get(name);
      if (account !== undefined) learnNamed(account, { headers, now });
      if (headers.ratelimit !== undefined || headers['ratelimit-policy'] !== undefined) {
        learnStated(name, { headers, now });
      }
    },
    report: (name, status) => {
      const bucket = accountOf(name).bucket ?? addBucket(name, status);
      bucket.report(status, clock.monotonic());
      accountOf(name).queue.serve();
    },
    // On the monotonic clock from here on: wall time may be set back while calls wait.
    block: (name, untilMs) => block(name, clock.monotonic() + untilMs - clock.now()),
  };
};
