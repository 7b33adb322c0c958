import { isRepeatable } from '../contract/effect.ts';
import { errorCodes } from '../errors/codes.ts';
import type { Failure } from '../errors/failure.ts';
import { backoff } from './backoff.ts';
import type { Health } from './breaker.ts';
import type { CallRoad } from './call-road.ts';
import { type Decision, type Progress, remainingMs } from './progress.ts';
import { unstatedThrottleMs } from './retry-after.ts';
import type { RetryReason } from './retry-budget.ts';

/** The vendor may have acted, and its answer did not tell: it never came, or it cannot be read. */
const isOpen = ({ code, reach }: Failure): boolean => {
  if (reach === 'not-sent' || reach === 'refused') return false;
  return errorCodes[code].retry === 'when-repeatable' || code === 'unexpected-content' || code === 'too-large';
};

/**
 * What a failure says about the vendor's health. A refusal is an answer; one that asks for patience says nothing; a
 * call that its caller stopped neither.
 */
export const healthOf = ({ code, status }: Failure): Health => {
  if (code === 'rate-limited' || code === 'cancelled') return 'unknown';
  const isTrouble = errorCodes[code].retry === 'when-repeatable' && (status === undefined || status >= 500);
  return isTrouble ? 'bad' : 'good';
};

const unknownOutcome = (failure: Failure): Failure => ({
  ...failure,
  code: 'unknown-outcome',
  message: `the write was sent but not confirmed (${failure.message})`,
});

const waitBefore = (
  road: CallRoad,
  { progress, failure, reason }: { progress: Progress; failure: Failure; reason: RetryReason },
): number => {
  const own = backoff(progress.attempts, { ...road.limits, random: road.random });
  const stated = failure.waitMs;
  if (stated === undefined) return reason === 'throttled' ? unstatedThrottleMs + own : own;
  // A connector may have read its wait from something that is no number.
  const wait = Number.isFinite(stated) && stated >= 0 ? stated : unstatedThrottleMs;
  // Never sooner than without a stated wait: "Retry-After: 0" is no leave to hammer.
  return Math.max(own, wait + Math.round(own / 10));
};

/** Decides what becomes of a call after an attempt that failed. */
export const decide = (road: CallRoad, progress: Progress, failure: Failure): Decision => {
  const { retry } = errorCodes[failure.code];
  const { call } = progress;
  if (isOpen(failure) && !isRepeatable(call.effect)) return { retry: false, failure: unknownOutcome(failure) };
  if (retry === 'never') return { retry: false, failure };

  const reason: RetryReason = failure.code === 'rate-limited' ? 'throttled' : 'transient';
  const waitMs = waitBefore(road, { progress, failure, reason });
  const resumeAt = Math.ceil(road.clock.now() + waitMs);
  if (reason === 'throttled' && call.isAnonymous !== true) road.quota.block(call.quota, resumeAt);
  if (waitMs > road.limits.longestWaitMs || waitMs >= remainingMs(road, progress)) {
    return { retry: false, failure, resumeAt };
  }
  if (progress.attempts >= road.limits.attempts || !road.budget.take(reason)) {
    return failure.waitMs === undefined ? { retry: false, failure } : { retry: false, failure, resumeAt };
  }
  return { retry: true, waitMs, reason };
};
