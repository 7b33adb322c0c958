import { toConnectorError } from '../errors/connector-error.ts';
import type { Clock } from './clock.ts';
import type { AcquireOptions, QuotaOptions } from './quota.ts';
import { type LearningBucket, quotaBucket } from './quota-bucket.ts';
import { quotaConcurrency } from './quota-concurrency.ts';
import { type LowWatch, lowWatch } from './quota-forecast.ts';
import { quotaLease } from './quota-lease.ts';
import type { QuotaDemand, QuotaLimit } from './quota-limit.ts';
import { type QuotaQueue, quotaQueue } from './quota-queue.ts';
import type { BucketStatus, QuotaRule, WindowRule } from './quota-rule.ts';
import { type LearningLimit, quotaWindow } from './quota-window.ts';
import { statedPolicies } from './rate-limit-fields.ts';
import type { Headers } from './retry-after.ts';

/** All limits of one name, and those who wait for them. */
export interface QuotaAccount {
  readonly name: string;
  readonly options: QuotaOptions;
  readonly limits: QuotaLimit[];
  readonly windows: LearningLimit[];
  bucket: LearningBucket | undefined;
  readonly queue: QuotaQueue;
  /** Monotonic time before which the vendor wants no request. */
  blockedUntil: number;
}

/** Makes the account of a name that has no limits yet. */
export const quotaAccount = (name: string, options: QuotaOptions): QuotaAccount => {
  const limits: QuotaLimit[] = [];
  const queue = quotaQueue(name, {
    clock: options.clock,
    limits: {
      wait: (demand, now) => untilRoom(account, { demand, now }),
      take: (cost, now) => takeAll(account, { cost, now }),
      isAsking: () => limits.some((limit) => limit.isAsking?.() === true),
    },
  });
  const account: QuotaAccount = { name, options, limits, windows: [], bucket: undefined, queue, blockedUntil: 0 };
  return account;
};

const untilRoom = (
  { limits, blockedUntil }: QuotaAccount,
  { demand, now }: { demand: QuotaDemand; now: number },
): number => {
  let wait = Math.max(0, blockedUntil - now);
  // Each is asked, also behind one that must wait: a shared limit fetches its units meanwhile.
  for (const limit of limits) wait = Math.max(wait, limit.wait(demand, now));
  return wait;
};

const takeAll = ({ limits }: QuotaAccount, { cost, now }: { cost: number; now: number }): void => {
  for (const limit of limits) limit.take(cost, now);
};

const watchOf = ({ name, options }: QuotaAccount, perMs: number): LowWatch => {
  const { onLow, clock } = options;
  if (onLow === undefined) return () => undefined;
  return lowWatch(perMs, ({ used, limit, now, exhaustedAt, resumeAt }) => {
    const wall = (monotonic: number) => Math.ceil(clock.now() + monotonic - now);
    const forecast = exhaustedAt === undefined ? undefined : wall(exhaustedAt);
    onLow({ quota: name, used, limit, exhaustedAt: forecast, resumeAt: wall(resumeAt) });
  });
};

const addWindow = (account: QuotaAccount, rule: WindowRule): LearningLimit => {
  const { options, queue } = account;
  const { ledger, reserve, connection, clock } = options;
  const given = { reserve, watch: watchOf(account, rule.perMs) };
  const fail = (error: unknown) => queue.fail(toConnectorError(error));
  const window =
    ledger === undefined
      ? quotaWindow(rule, given)
      : quotaLease(rule, { ...given, ledger, connection, clock, wake: queue.serve, fail });
  account.windows.push(window);
  account.limits.push(window);
  return window;
};

const addBucket = (account: QuotaAccount, status: BucketStatus): LearningBucket => {
  const { reserve, clock } = account.options;
  account.bucket = quotaBucket(status, { reserve, watch: watchOf(account, 0), now: clock.monotonic() });
  account.limits.push(account.bucket);
  return account.bucket;
};

/** Adds a limit of the vendor. */
export const addRule = (account: QuotaAccount, rule: QuotaRule): void => {
  if ('perMs' in rule) addWindow(account, rule);
  else if ('concurrent' in rule) account.limits.push(quotaConcurrency(rule, account.options.reserve));
  else {
    const { points, restorePerSecond } = rule;
    addBucket(account, { available: points, maximum: points, restorePerSecond });
  }
};

/** Takes the units of a request, at once or in its turn. */
export const acquireFrom = (account: QuotaAccount, options: AcquireOptions): number | Promise<number> => {
  const { signal, longestWaitMs, priority = 'sync', cost = 1 } = options;
  const now = account.options.clock.monotonic();
  if (!account.queue.mustWait(priority, now)) {
    const demand = { cost, isUrgent: priority === 'interactive', aheadCalls: 0, aheadCost: 0, queued: cost };
    if (untilRoom(account, { demand, now }) <= 0) {
      takeAll(account, { cost, now });
      return 0;
    }
  }
  return account.queue.join({ cost, priority, longestWaitMs, signal });
};

/** A request is over. */
export const releaseTo = ({ limits, queue, options }: QuotaAccount, cost: number): void => {
  let isReleased = false;
  for (const limit of limits) {
    if (limit.release === undefined) continue;
    limit.release(cost, options.clock.monotonic());
    isReleased = true;
  }
  if (isReleased) queue.serve();
};

/** Nothing goes out before that monotonic time; those who would wait too long are told now. */
export const blockUntil = (account: QuotaAccount, until: number): void => {
  account.blockedUntil = Math.max(account.blockedUntil, until);
  account.queue.serve();
};

/** Takes over where the vendor's bucket stands. */
export const reportTo = (account: QuotaAccount, status: BucketStatus): void => {
  const bucket = account.bucket ?? addBucket(account, status);
  bucket.report(status, account.options.clock.monotonic());
  account.queue.serve();
};

/** A header's whole number, or undefined: an empty one is not zero. */
const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d+\s*$/.test(text) ? Number(text) : undefined;

/** Takes over what the headers that a rule names tell. */
export const learnNamed = ({ windows }: QuotaAccount, { headers, clock }: { headers: Headers; clock: Clock }): void => {
  for (const window of windows) {
    const names = window.rule.headers;
    if (names === undefined) continue;
    const limit = wholeNumber(headers[names.limit.toLowerCase()]);
    if (limit === undefined || limit === 0) continue;
    window.learn({ limit, remaining: wholeNumber(headers[names.remaining.toLowerCase()]) }, clock.monotonic());
  }
};

/** Windows of one name: an answer that always names another one must not add a limit with each call. */
const mostWindows = 16;

/** Takes over what the RateLimit fields tell. A policy that no rule has is kept to as well: the vendor knows best. */
export const learnStated = (account: QuotaAccount, headers: Headers): void => {
  const now = account.options.clock.monotonic();
  for (const { limit, perMs, remaining, resetMs } of statedPolicies(headers)) {
    if (remaining === 0 && resetMs !== undefined) blockUntil(account, now + resetMs);
    if (limit === undefined || limit === 0 || perMs === undefined || perMs === 0) continue;
    const known = account.windows.find((window) => window.rule.perMs === perMs);
    if (known === undefined && account.windows.length >= mostWindows) continue;
    const window = known ?? addWindow(account, { name: account.name, requests: limit, perMs });
    window.learn({ limit, remaining, resetMs }, now);
  }
};
