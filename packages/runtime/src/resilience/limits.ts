import { z } from 'zod';
import { defaultLongestWaitMs } from './clock.ts';

/** Longest time that a timer takes; a longer one would fire at once. */
const longestMs = 2_147_483_647;

/** Limits of a connection's calls, each with its default. All are settings of `open(connector, { limits })`. */
export const CallLimits = z.strictObject({
  /** How often one call is sent at most, the first time included. */
  attempts: z.int().min(1).default(4),
  /** Time for one request, milliseconds. */
  requestTimeoutMs: z.int().min(1).max(longestMs).default(30_000),
  /** Time for one call with all its waits and repeats, milliseconds. */
  callTimeoutMs: z.int().min(1).max(longestMs).default(300_000),
  /**
   * Time for one step of an operation (a record, a batch, a page) with all its calls, milliseconds: ends operations that
   * never come back. 15 minutes, or three times `callTimeoutMs` where that is longer.
   */
  stepTimeoutMs: z.int().min(1).max(longestMs).optional(),
  /** Longest own wait before the first repeat, milliseconds; doubles each time. */
  backoffBaseMs: z.int().min(0).max(longestMs).default(200),
  /** Longest own wait, milliseconds. */
  backoffCapMs: z.int().min(0).max(longestMs).default(20_000),
  /** Longest wait that is slept; a longer one is reported as `rate-limited` with `resumeAt`. Milliseconds. */
  longestWaitMs: z.int().min(0).max(longestMs).default(defaultLongestWaitMs),
  /** Tokens for repeats: a throttled call costs 5, a transient failure 10, a success gives back. */
  retryTokens: z.int().min(0).default(500),
  /** Share of requests that must fail for the breaker to open, 0 to 1. */
  breakerShare: z.number().gt(0).max(1).default(0.5),
  /** Requests that must have been made in the window before the breaker may open. */
  breakerRequests: z.int().min(1).default(20),
  /** How far back the breaker looks, milliseconds. */
  breakerWindowMs: z.int().min(10).max(longestMs).default(30_000),
  /** How long an open breaker lets nothing out, milliseconds; then one request at a time tries the vendor. */
  breakerOpenMs: z.int().min(1).max(longestMs).default(30_000),
  /** Most requests under way at once. */
  requestsAtOnce: z.int().min(1).default(64),
  /** Most calls that wait for one of these places; more are refused. */
  waitingCalls: z.int().min(0).default(1_000),
  /** Largest answer after decompression, bytes. */
  maxBodyBytes: z
    .int()
    .min(1)
    .default(64 * 1024 * 1024),
  /**
   * What becomes of a JSON object that has one key twice: `last-wins`, as everywhere, or `refused`. Looking for it takes
   * about as long as parsing.
   */
  duplicateKeys: z.enum(['last-wins', 'refused']).default('last-wins'),
  /** Share of each quota left to the account's other applications, 0 to 0.9. */
  quotaReserve: z.number().min(0).max(0.9).default(0.2),
});

/** Limits of a connection's calls, all given. */
export type CallLimits = z.output<typeof CallLimits>;
