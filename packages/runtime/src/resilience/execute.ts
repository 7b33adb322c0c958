import type { AuthHeaders } from '../auth/auth.ts';
import { type ConnectorError, connectorError, isConnectorError } from '../errors/connector-error.ts';
import type { Failure } from '../errors/failure.ts';
import type { ObservedAttempt } from '../telemetry/observer.ts';
import type { Admission } from './breaker.ts';
import type { CallDescription, CallRoad } from './call-road.ts';
import { sleep, throwIfCancelled, untilCancelled } from './clock.ts';
import { decide, healthOf } from './decision.ts';
import { explainedError } from './explained-error.ts';
import { endObserving, observeAttempt, startObserving } from './observation.ts';
import { type Decision, type Progress, remainingMs } from './progress.ts';
import { reportAttempt, reportFailure, reportQuotaWait, reportRenewal, reportSuccess } from './report.ts';
import type { Headers } from './retry-after.ts';

/** What one attempt is given. */
export interface AttemptInput {
  readonly authHeaders: AuthHeaders;
  /** Headers of whoever watches the call, such as `traceparent`. */
  readonly observerHeaders?: Readonly<Record<string, string>> | undefined;
  /** Time for this attempt, milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What one attempt came to. A failure is a value here; only a defect throws. */
export type AttemptResult<Value> =
  | { readonly ok: true; readonly value: Value; readonly headers: Headers; readonly status?: number | undefined }
  | { readonly ok: false; readonly failure: Failure; readonly headers?: Headers | undefined };

/** Sends the request once. */
export type Attempt<Value> = (input: AttemptInput) => Promise<AttemptResult<Value>>;

/**
 * The only retry loop: sends a call, waits as the vendor asks, sends again where the effect, the attempts, the
 * deadline, the retry budget and the breaker allow.
 * @throws ConnectorError with the code of the last failure, `unknown-outcome` for a write that may have happened,
 * `rate-limited` with `resumeAt` where the wait is longer than is slept, `unavailable` with `resumeAt` while the breaker
 * is open, `cancelled` when the signal is aborted.
 */
export const execute = async <Value>(
  road: CallRoad,
  call: CallDescription,
  attempt: Attempt<Value>,
): Promise<Value> => {
  const startedAt = road.clock.monotonic();
  const progress: Progress = {
    call,
    startedAt,
    deadline: startedAt + road.limits.callTimeoutMs,
    attempts: 0,
    sent: 0,
    renewed: false,
    reason: undefined,
    status: undefined,
    observed: startObserving(road, call),
  };
  try {
    return await attemptUntilDecided(road, progress, attempt);
  } catch (thrown) {
    throw reportFailure(road, progress, { thrown: await explained(road, { progress, thrown }) });
  }
};

/** What was thrown, with what a person can do about it where only a person can. */
const explained = async (
  road: CallRoad,
  { progress, thrown }: { progress: Progress; thrown: unknown },
): Promise<unknown> => {
  const { access } = road;
  // What another host refuses has nothing to do with the connection's permissions.
  if (access === undefined || progress.call.isAnonymous === true || !isConnectorError(thrown)) return thrown;
  const granted = () => withinCall(access.granted(), { road, progress });
  return explainedError(thrown, { access: { ...access, granted }, operation: progress.call.operation });
};

const attemptUntilDecided = async <Value>(
  road: CallRoad,
  progress: Progress,
  attempt: Attempt<Value>,
): Promise<Value> => {
  const { signal } = progress.call;
  for (;;) {
    throwIfCancelled(signal);
    throwIfBroken(road);
    const authHeaders = await readyToSend(road, progress);
    const { result, decided } = await attemptInQuota(road, { progress, attempt, authHeaders });
    if (result.ok) {
      progress.status = result.status;
      road.budget.refund(progress.reason);
      reportSuccess(road, progress);
      return result.value;
    }
    const { failure } = result;
    if (await renewCredentials(road, { progress, failure, refused: authHeaders })) continue;
    const decision = decided ?? decide(road, progress, failure);
    if (!decision.retry) throw failed(decision, progress);
    progress.reason = decision.reason;
    reportAttempt(road, progress, { failure, waitMs: decision.waitMs });
    await sleep(road.clock, decision.waitMs, signal);
  }
};

/** Credentials, and a place under the quota: in this order, because signing in is a call that may need one itself. */
const readyToSend = async (road: CallRoad, progress: Progress): Promise<AuthHeaders> => {
  const signed = authHeadersOf(road, progress);
  const authHeaders = signed instanceof Promise ? await signed : signed;
  const waiting = waitForQuota(road, progress);
  if (waiting === undefined) return authHeaders;
  await waiting;
  let current: AuthHeaders | Promise<AuthHeaders>;
  try {
    // They may have expired meanwhile.
    current = authHeadersOf(road, progress);
  } catch (thrown) {
    giveBack(road, progress);
    throw thrown;
  }
  if (!(current instanceof Promise)) return current;
  // Signing in may need this very place.
  giveBack(road, progress);
  const renewed = await current;
  await waitForQuota(road, progress);
  return renewed;
};

const giveBack = ({ quota }: CallRoad, { call }: Progress): void => quota.release(call.quota, call.cost);

interface AttemptParts<Value> {
  readonly progress: Progress;
  readonly attempt: Attempt<Value>;
  readonly authHeaders: AuthHeaders;
}

/** Sends once, from a place under the quota that is held already, and gives it back. */
const attemptInQuota = async <Value>(
  road: CallRoad,
  parts: AttemptParts<Value>,
): Promise<{ readonly result: AttemptResult<Value>; readonly decided: Decision | undefined }> => {
  const { progress } = parts;
  try {
    const entering = enterBulkhead(road, progress);
    if (entering !== undefined) await entering;
    const result = await attemptOnce(road, parts);
    // Before the place goes to the next: if the vendor wants to be left alone, that one must not be sent either.
    const isDecided = !result.ok && result.failure.renew !== true;
    return { result, decided: isDecided ? decide(road, progress, result.failure) : undefined };
  } finally {
    giveBack(road, progress);
  }
};

const enterBulkhead = (road: CallRoad, progress: Progress): Promise<void> | undefined => {
  const { priority, signal } = progress.call;
  return road.bulkhead.enter({ priority, signal, longestWaitMs: Math.max(0, remainingMs(road, progress)) });
};

const noHeaders: AuthHeaders = Object.freeze({});

const authHeadersOf = (road: CallRoad, progress: Progress): AuthHeaders | Promise<AuthHeaders> => {
  const { call } = progress;
  if (call.isAnonymous === true) return noHeaders;
  const headers = road.auth.headers(call, call.signal);
  return headers instanceof Promise ? withinCall(headers, { road, progress }) : headers;
};

/** Sends once, from a place that is held already: gives it back, and tells the breaker, whatever comes. */
const attemptOnce = async <Value>(
  road: CallRoad,
  { progress, attempt, authHeaders }: AttemptParts<Value>,
): Promise<AttemptResult<Value>> => {
  const { signal, quota, isAnonymous } = progress.call;
  let admission: Admission | undefined;
  let observed: ObservedAttempt | undefined;
  let result: AttemptResult<Value> | undefined;
  try {
    const timeoutMs = attemptTime(road, progress);
    admission = road.breaker.admit();
    if (admission === undefined) throw broken(road);
    progress.attempts += 1;
    observed = observeAttempt(progress.observed, progress.sent++);
    result = await attempt({ authHeaders, observerHeaders: observed?.headers, timeoutMs, signal });
    endObserving(observed, result.ok ? { status: result.status } : endOf(result.failure));
    // Another host's numbers are not the vendor's, nor is its health.
    if (result.headers !== undefined && isAnonymous !== true) road.quota.learn(quota, result.headers);
    return result;
  } finally {
    // Only a defect throws.
    if (result === undefined) endObserving(observed, { code: 'internal' });
    road.bulkhead.leave();
    const health = result === undefined || isAnonymous === true ? 'unknown' : healthAfter(result);
    if (admission !== undefined) road.breaker.report(admission, health);
  }
};

const endOf = ({ code, status }: Failure) => ({ code, status });

const healthAfter = (result: AttemptResult<unknown>) => (result.ok ? 'good' : healthOf(result.failure));

/**
 * Time for the next attempt. Signing in or waiting may have used up the time of the call: a request that cannot be
 * answered is not sent.
 */
const attemptTime = (road: CallRoad, progress: Progress): number => {
  const remaining = remainingMs(road, progress);
  if (remaining <= 0) throw overdue(road);
  return Math.ceil(Math.min(road.limits.requestTimeoutMs, remaining));
};

const overdue = (road: CallRoad): ConnectorError =>
  connectorError('timeout', `the call was not done within ${road.limits.callTimeoutMs} ms`);

interface CallInHand {
  readonly road: CallRoad;
  readonly progress: Progress;
}

/** Waits for work that others may wait for too, and not longer than the call may last or its caller wants it. */
const withinCall = <Value>(work: Promise<Value>, { road, progress }: CallInHand): Promise<Value> =>
  new Promise((resolve, reject) => {
    const deadline = road.deadlines.start(Math.max(0, remainingMs(road, progress)), () => reject(overdue(road)));
    untilCancelled(work, progress.call.signal)
      .then(resolve, reject)
      .finally(() => road.deadlines.stop(deadline));
  });

const broken = (road: CallRoad): ConnectorError => {
  const waitMs = road.breaker.waitMs();
  const message = `too many requests of this connection failed: none is sent for another ${Math.ceil(waitMs)} ms`;
  return connectorError('unavailable', message, { resumeAt: Math.ceil(road.clock.now() + waitMs) });
};

/** An open breaker is asked before anything is spent on the call. */
const throwIfBroken = (road: CallRoad): void => {
  if (road.breaker.waitMs() > 0) throw broken(road);
};

/** Takes the call's units of its quota; gives a promise only where it must wait for them. */
const waitForQuota = (road: CallRoad, progress: Progress): Promise<void> | undefined => {
  const { quota, signal, priority, cost } = progress.call;
  const longestWaitMs = Math.min(road.limits.longestWaitMs, remainingMs(road, progress));
  const acquired = road.quota.acquire(quota, { signal, longestWaitMs, priority, cost });
  return acquired === 0 ? undefined : reportedWait(acquired, { road, progress });
};

const reportedWait = async (acquired: number | Promise<number>, { road, progress }: CallInHand): Promise<void> => {
  const waitMs = await acquired;
  if (waitMs > 0) reportQuotaWait(road, progress, { quota: progress.call.quota, waitMs });
};

/** Renews refused credentials, once in a call. Does not count as an attempt that failed. */
const renewCredentials = async (
  road: CallRoad,
  { progress, failure, refused }: { progress: Progress; failure: Failure; refused: AuthHeaders },
): Promise<boolean> => {
  const { auth } = road;
  if (failure.renew !== true || progress.renewed || auth.renew === undefined || progress.call.isAnonymous) return false;
  progress.renewed = true;
  progress.attempts -= 1;
  await withinCall(auth.renew(refused), { road, progress });
  reportRenewal(road, progress);
  return true;
};

const failed = ({ failure, resumeAt }: Decision & { retry: false }, { attempts }: Progress): ConnectorError => {
  const { code, message, reach: _reach, renew: _renew, waitMs: _waitMs, ...details } = failure;
  return connectorError(code, message, { ...details, attempts, resumeAt });
};
