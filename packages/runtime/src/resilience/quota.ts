import { connectorError } from '../errors/connector-error.ts';
import { type Clock, sleep } from './clock.ts';
import type { Headers } from './retry-after.ts';

/** One limit of a vendor, in its own units: so many requests in a rolling window. */
export interface QuotaRule {
  /** Name that calls draw on; `default` unless a call says otherwise. */
  readonly name: string;
  readonly requests: number;
  /** Length of the window, milliseconds. */
  readonly perMs: number;
  /** Response headers from which the true limit and what is left are learned. */
  readonly headers?: { readonly limit: string; readonly remaining: string };
}

/** Waits for room under a connection's quotas and learns them from answers. */
export interface QuotaGovernor {
  /** Waits until the named quota has room, and takes one request of it. Gives the milliseconds waited. */
  readonly acquire: (name: string, options: AcquireOptions) => Promise<number>;
  readonly learn: (name: string, headers: Headers) => void;
  /** Nothing more may be sent under this quota before then (Unix ms): the vendor said so. */
  readonly block: (name: string, untilMs: number) => void;
}

/** How long a call may wait for room. */
export interface AcquireOptions {
  readonly signal?: AbortSignal | undefined;
  /** A longer wait is not slept but reported as `rate-limited` with `resumeAt`: milliseconds. */
  readonly longestWaitMs: number;
}

interface Window {
  readonly rule: QuotaRule;
  /** Times of the requests in the window, oldest first, on the monotonic clock. */
  readonly sent: number[];
  limit: number;
  blockedUntil: number;
}

/** The share of a quota left to the account's other applications unless the host says otherwise. */
export const defaultQuotaReserve = 0.2;

/** Makes the governor of one connection. `reserve` is the share of each quota that is never used, 0 to 1. */
export const quotaGovernor = (
  rules: readonly QuotaRule[],
  { clock, reserve = defaultQuotaReserve }: { readonly clock: Clock; readonly reserve?: number },
): QuotaGovernor => {
  const usable = (requests: number) => Math.max(1, Math.floor(requests * (1 - reserve)));
  const windows = new Map<string, Window>(
    rules.map((rule) => [rule.name, { rule, sent: [], limit: usable(rule.requests), blockedUntil: 0 }]),
  );

  /** Milliseconds until one more request fits. */
  const waitFor = (window: Window): number => {
    const now = clock.monotonic();
    while (window.sent[0] !== undefined && window.sent[0] <= now - window.rule.perMs) window.sent.shift();
    const overflow = window.sent[window.sent.length - window.limit];
    const untilRoom = overflow === undefined ? 0 : overflow + window.rule.perMs - now;
    return Math.max(0, untilRoom, window.blockedUntil - clock.now());
  };

  return {
    acquire: async (name, { signal, longestWaitMs }) => {
      const window = windows.get(name);
      if (window === undefined) return 0;
      let waited = 0;
      for (let wait = waitFor(window); wait > 0; wait = waitFor(window)) {
        if (wait > longestWaitMs - waited) {
          const resumeAt = clock.now() + wait;
          throw connectorError('rate-limited', `the quota '${name}' is used up`, { resumeAt });
        }
        await sleep(clock, wait, signal);
        waited += wait;
      }
      window.sent.push(clock.monotonic());
      return waited;
    },
    learn: (name, headers) => {
      const window = windows.get(name);
      const names = window?.rule.headers;
      if (window === undefined || names === undefined) return;
      const limit = Number(headers[names.limit]);
      const remaining = Number(headers[names.remaining]);
      if (!Number.isInteger(limit) || limit <= 0) return;
      window.limit = usable(limit);
      // Others use the same account: what they took counts as sent now, which is the safe side.
      const missing = limit - remaining - window.sent.length;
      if (!Number.isInteger(remaining) || missing <= 0) return;
      const now = clock.monotonic();
      for (let count = 0; count < Math.min(missing, window.limit); count += 1) window.sent.push(now);
    },
    block: (name, untilMs) => {
      const window = windows.get(name);
      if (window !== undefined) window.blockedUntil = Math.max(window.blockedUntil, untilMs);
    },
  };
};
