import type { AuthHeaders } from '../auth/auth.ts';
import { isRepeatable } from '../contract/effect.ts';
import { errorCodes } from '../errors/codes.ts';
import { type ConnectorError, connectorError, toConnectorError } from '../errors/connector-error.ts';
import type { Failure } from '../errors/failure.ts';
import { redactedError } from '../errors/redacted-error.ts';
import { emit } from '../telemetry/sink.ts';
import { backoff } from './backoff.ts';
import type { CallDescription, CallRoad } from './call-road.ts';
import { sleep, throwIfCancelled } from './clock.ts';
import { type Headers, unstatedThrottleMs } from './retry-after.ts';
import type { RetryReason } from './retry-budget.ts';

/** What one attempt is given. */
export interface AttemptInput {
  readonly authHeaders: AuthHeaders;
  /** Time for this attempt, milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What one attempt came to. A failure is a value here; only a defect throws. */
export type AttemptResult<Value> =
  | { readonly ok: true; readonly value: Value; readonly headers: Headers }
  | { readonly ok: false; readonly failure: Failure; readonly headers?: Headers | undefined };

/** Sends the request once. */
export type Attempt<Value> = (input: AttemptInput) => Promise<AttemptResult<Value>>;

type Decision =
  | { readonly retry: true; readonly waitMs: number; readonly reason: RetryReason }
  | { readonly retry: false; readonly failure: Failure; readonly resumeAt?: number };

/** Where a call stands. */
interface Progress {
  attempts: number;
  readonly startedAt: number;
  /** Monotonic time at which the call ends whatever happens. */
  readonly deadline: number;
  renewed: boolean;
  reason: RetryReason | undefined;
}

/**
 * The only retry loop: sends a call, waits as the vendor asks, sends again where the effect, the attempts, the
 * deadline and the retry budget allow.
 * @throws ConnectorError with the code of the last failure, `unknown-outcome` for a write that may have happened,
 * `rate-limited` with `resumeAt` where the wait is longer than is slept, `cancelled` when the signal is aborted.
 */
export const execute = async <Value>(
  road: CallRoad,
  call: CallDescription,
  attempt: Attempt<Value>,
): Promise<Value> => {
  const startedAt = road.clock.monotonic();
  const deadline = startedAt + road.limits.callTimeoutMs;
  const progress: Progress = { attempts: 0, startedAt, deadline, renewed: false, reason: undefined };
  try {
    return await attemptUntilDecided(road, { call, attempt, progress });
  } catch (thrown) {
    throw report(road, { call, progress, thrown });
  }
};

const noHeaders: AuthHeaders = {};

const attemptUntilDecided = async <Value>(
  road: CallRoad,
  { call, attempt, progress }: { call: CallDescription; attempt: Attempt<Value>; progress: Progress },
): Promise<Value> => {
  for (;;) {
    throwIfCancelled(call.signal);
    await waitForQuota(road, call, progress);
    const result = await attemptOnce(road, { call, attempt, progress });
    if (result.headers !== undefined) road.quota.learn(call.quota, result.headers);
    if (result.ok) {
      succeed(road, call, progress);
      return result.value;
    }
    if (await renewCredentials(road, { call, progress, failure: result.failure, refused: result.sent })) continue;
    const decision = decide(road, { call, progress, failure: result.failure });
    if (!decision.retry) throw failed(decision, progress);
    progress.reason = decision.reason;
    emitAttemptFailed(road, { call, progress, failure: result.failure, waitMs: decision.waitMs });
    await sleep(road.clock, decision.waitMs, call.signal);
  }
};

/** Sends the request once; its place under the quotas is free again when it is over. */
const attemptOnce = async <Value>(
  road: CallRoad,
  { call, attempt, progress }: { call: CallDescription; attempt: Attempt<Value>; progress: Progress },
): Promise<AttemptResult<Value> & { readonly sent: AuthHeaders }> => {
  try {
    const pending = call.isAnonymous === true ? noHeaders : road.auth.headers(call, call.signal);
    const authHeaders = pending instanceof Promise ? await pending : pending;
    throwIfOver(road, progress);
    progress.attempts += 1;
    const result = await attempt({ authHeaders, timeoutMs: attemptTime(road, progress), signal: call.signal });
    return { ...result, sent: authHeaders };
  } finally {
    road.quota.release(call.quota, call.cost);
  }
};

/** Signing in or waiting may have used up the time of the call: a request that cannot be answered is not sent. */
const throwIfOver = (road: CallRoad, progress: Progress): void => {
  if (road.clock.monotonic() < progress.deadline) return;
  throw connectorError('timeout', `the call was not done within ${road.limits.callTimeoutMs} ms`);
};

const attemptTime = (road: CallRoad, progress: Progress): number =>
  Math.ceil(Math.min(road.limits.requestTimeoutMs, progress.deadline - road.clock.monotonic()));

const waitForQuota = async (road: CallRoad, call: CallDescription, progress: Progress): Promise<void> => {
  const remaining = progress.deadline - road.clock.monotonic();
  const longestWaitMs = Math.min(road.limits.longestWaitMs, remaining);
  const { signal, priority, cost } = call;
  const acquired = road.quota.acquire(call.quota, { signal, longestWaitMs, priority, cost });
  if (acquired === 0) return;
  const waitMs = await acquired;
  if (waitMs === 0) return;
  emit(road.events, {
    type: 'quota-waited',
    at: road.clock.now(),
    ...callFacts(road, call),
    quota: call.quota,
    waitMs,
  });
};

/** Renews refused credentials, once in a call. Does not count as an attempt that failed. */
const renewCredentials = async (
  road: CallRoad,
  given: { call: CallDescription; progress: Progress; failure: Failure; refused: AuthHeaders },
): Promise<boolean> => {
  const { call, progress, failure, refused } = given;
  if (failure.renew !== true || progress.renewed || road.auth.renew === undefined) return false;
  progress.renewed = true;
  progress.attempts -= 1;
  await road.auth.renew(refused);
  emit(road.events, { type: 'credentials-renewed', at: road.clock.now(), ...callFacts(road, call) });
  return true;
};

/** The vendor may have acted, and its answer did not tell: it never came, or it cannot be read. */
const isOpen = ({ code, reach }: Failure): boolean => {
  if (reach === 'not-sent' || reach === 'refused') return false;
  return errorCodes[code].retry === 'when-repeatable' || code === 'unexpected-content' || code === 'too-large';
};

const decide = (
  road: CallRoad,
  { call, progress, failure }: { call: CallDescription; progress: Progress; failure: Failure },
): Decision => {
  const { retry } = errorCodes[failure.code];
  if (isOpen(failure) && !isRepeatable(call.effect)) return { retry: false, failure: unknownOutcome(failure) };
  if (retry === 'never') return { retry: false, failure };

  const reason: RetryReason = failure.code === 'rate-limited' ? 'throttled' : 'transient';
  const waitMs = waitBefore(road, { progress, failure, reason });
  const resumeAt = Math.ceil(road.clock.now() + waitMs);
  if (reason === 'throttled') road.quota.block(call.quota, resumeAt);
  const pastLongest = waitMs > road.limits.longestWaitMs;
  const pastDeadline = road.clock.monotonic() + waitMs >= progress.deadline;
  if (pastLongest || pastDeadline) return { retry: false, failure, resumeAt };
  if (progress.attempts >= road.limits.attempts || !road.budget.take(reason)) {
    return failure.waitMs === undefined ? { retry: false, failure } : { retry: false, failure, resumeAt };
  }
  return { retry: true, waitMs, reason };
};

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

const unknownOutcome = (failure: Failure): Failure => ({
  ...failure,
  code: 'unknown-outcome',
  message: `the write was sent but not confirmed (${failure.message})`,
});

const failed = ({ failure, resumeAt }: Decision & { retry: false }, progress: Progress): ConnectorError => {
  const { code, message, reach: _reach, renew: _renew, waitMs: _waitMs, ...details } = failure;
  return connectorError(code, message, { ...details, attempts: progress.attempts, resumeAt });
};

const callFacts = ({ connector, connection }: CallRoad, { operation, method, template }: CallDescription) => ({
  connector,
  connection,
  operation,
  method,
  template,
});

const succeed = (road: CallRoad, call: CallDescription, progress: Progress): void => {
  road.budget.refund(progress.reason);
  emit(road.events, {
    type: 'call-succeeded',
    at: road.clock.now(),
    ...callFacts(road, call),
    attempts: progress.attempts,
    durationMs: road.clock.monotonic() - progress.startedAt,
  });
};

const emitAttemptFailed = (
  road: CallRoad,
  { call, progress, failure, waitMs }: { call: CallDescription; progress: Progress; failure: Failure; waitMs: number },
): void => {
  const { code, status, requestId } = failure;
  const facts = callFacts(road, call);
  const at = road.clock.now();
  emit(road.events, {
    type: 'attempt-failed',
    at,
    ...facts,
    attempt: progress.attempts,
    code,
    status,
    requestId,
    waitMs,
  });
};

/** Completes the error with what is known about the call, tells the event sink, and hands it back to be thrown. */
const report = (
  road: CallRoad,
  { call, progress, thrown }: { call: CallDescription; progress: Progress; thrown: unknown },
): ConnectorError => {
  const plain = toConnectorError(thrown, { ...callFacts(road, call), attempts: progress.attempts });
  const error = redactedError(plain, road.redact);
  if (error.code === 'cancelled') return error;
  const { code, message, status, vendorCode, requestId, resumeAt } = error;
  emit(road.events, {
    type: 'call-failed',
    at: road.clock.now(),
    ...callFacts(road, call),
    attempts: progress.attempts,
    durationMs: road.clock.monotonic() - progress.startedAt,
    ...{ code, message, status, vendorCode, requestId, resumeAt },
  });
  return error;
};
