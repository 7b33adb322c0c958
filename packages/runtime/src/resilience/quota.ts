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
  /**
   * Waits until the named quota has room, and takes one request of it. Gives the milliseconds waited.
   * @throws ConnectorError `rate-limited` with `resumeAt` where the wait is too long, `cancelled`.
   */
  readonly acquire: (name: string, options: AcquireOptions) => Promise<number>;
  /** Takes over limit and remaining requests from the headers that the quota's rules name. */
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
}

const usable = (requests: number, reserve: number) => Math.max(1, Math.floor(requests * (1 - reserve)));

/** A header's whole number, or undefined: an empty one is not zero. */
const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d+\s*$/.test(text) ? Number(text) : undefined;

/** Milliseconds until one more request fits into a window. */
const untilRoom = ({ sent, rule, limit }: Window, now: number): number => {
  while (sent[0] !== undefined && sent[0] <= now - rule.perMs) sent.shift();
  const overflow = sent[sent.length - limit];
  return overflow === undefined ? 0 : overflow + rule.perMs - now;
};

const learnFrom = (window: Window, given: { headers: Headers; reserve: number; now: number }): void => {
  const names = window.rule.headers;
  if (names === undefined) return;
  const limit = wholeNumber(given.headers[names.limit.toLowerCase()]);
  const remaining = wholeNumber(given.headers[names.remaining.toLowerCase()]);
  if (limit === undefined || limit === 0) return;
  window.limit = usable(limit, given.reserve);
  if (remaining === undefined) return;
  // Others use the same account: what they took counts as sent now, which is the safe side.
  const missing = Math.min(limit - remaining - window.sent.length, window.limit);
  for (let count = 0; count < missing; count += 1) window.sent.push(given.now);
};

/**
 * Makes the governor of one connection. Several rules of one name hold together, as a burst and a daily limit do.
 * `reserve` is the share of each quota left to the account's other applications, 0 to 1.
 */
export const quotaGovernor = (
  rules: readonly QuotaRule[],
  { clock, reserve }: { readonly clock: Clock; readonly reserve: number },
): QuotaGovernor => {
  const all: Window[] = rules.map((rule) => ({ rule, sent: [], limit: usable(rule.requests, reserve) }));
  const windows = new Map<string, readonly Window[]>();
  for (const { rule } of all)
    windows.set(
      rule.name,
      all.filter((window) => window.rule.name === rule.name),
    );
  /** By quota name, also of names without a rule: monotonic time before which the vendor wants no request. */
  const blocked = new Map<string, number>();

  const waitFor = (name: string): number => {
    const now = clock.monotonic();
    let wait = (blocked.get(name) ?? 0) - now;
    for (const window of windows.get(name) ?? []) wait = Math.max(wait, untilRoom(window, now));
    return Math.max(0, wait);
  };

  return {
    acquire: async (name, { signal, longestWaitMs }) => {
      let waited = 0;
      for (let wait = waitFor(name); wait > 0; wait = waitFor(name)) {
        if (wait > longestWaitMs - waited) {
          const resumeAt = Math.ceil(clock.now() + wait);
          throw connectorError('rate-limited', `the quota '${name}' is used up`, { resumeAt });
        }
        await sleep(clock, wait, signal);
        waited += wait;
      }
      for (const window of windows.get(name) ?? []) window.sent.push(clock.monotonic());
      return waited;
    },
    learn: (name, headers) => {
      for (const window of windows.get(name) ?? []) learnFrom(window, { headers, reserve, now: clock.monotonic() });
    },
    block: (name, untilMs) => {
      // On the monotonic clock from here on: wall time may be set back while calls wait.
      const until = clock.monotonic() + untilMs - clock.now();
      blocked.set(name, Math.max(blocked.get(name) ?? 0, until));
    },
  };
};
