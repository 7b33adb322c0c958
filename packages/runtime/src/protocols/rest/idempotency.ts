import type { Failure } from '../../errors/failure.ts';
import type { JsonAnswer } from '../../http/json-exchange.ts';
import { retryAfterWait } from '../../resilience/retry-after.ts';

/**
 * HTTP statuses by which a vendor answers a request whose idempotency key it knows. The IETF draft has 409 and 422;
 * many vendors use both for other things too, so they are read this way only where the connector says so.
 */
export interface IdempotencyAnswers {
  /** The first request with this key is still under way: the same request is sent again after a wait. */
  readonly inFlight?: number;
  /** The key belongs to another request: a defect of the caller's, never sent again. */
  readonly reused?: number;
}

/** Wait where the vendor does not say when the first request will be done: milliseconds. */
const unstatedWorkMs = 1_000;

/** What the failure of a keyed request is, by the statuses that the vendor has for it. */
export const keyedFailure = (
  failure: Failure | undefined,
  { answer, answers, nowMs }: { answer: JsonAnswer; answers: IdempotencyAnswers; nowMs: number },
): Failure | undefined => {
  if (failure === undefined) return undefined;
  if (answer.status === answers.inFlight) {
    const message = 'the vendor is still at work on the first request with this idempotency key';
    return {
      ...failure,
      code: 'unavailable',
      message,
      waitMs: retryAfterWait(answer.headers, nowMs) ?? unstatedWorkMs,
    };
  }
  if (answer.status !== answers.reused) return failure;
  const message = 'the idempotency key belongs to another request: give each write a key of its own, and keep it';
  return { ...failure, code: 'invalid-request', message };
};
