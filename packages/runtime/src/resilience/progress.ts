import type { Failure } from '../errors/failure.ts';
import type { ObservedRun } from '../telemetry/observer.ts';
import type { CallDescription, CallRoad } from './call-road.ts';
import type { RetryReason } from './retry-budget.ts';

/** Where a call stands. */
export interface Progress {
  readonly call: CallDescription;
  /** Attempts that count against their limit. */
  attempts: number;
  /** Requests sent, those that only renewed credentials included. */
  sent: number;
  readonly startedAt: number;
  /** Monotonic time at which the call ends whatever happens. */
  readonly deadline: number;
  renewed: boolean;
  /** Why it was repeated last. */
  reason: RetryReason | undefined;
  /** HTTP status of the last answer. */
  status: number | undefined;
  readonly observed: ObservedRun | undefined;
}

/** Milliseconds that are left of a call. */
export const remainingMs = (road: CallRoad, { deadline }: Progress): number => deadline - road.clock.monotonic();

/** What to do after an attempt that failed. */
export type Decision =
  | { readonly retry: true; readonly waitMs: number; readonly reason: RetryReason }
  | { readonly retry: false; readonly failure: Failure; readonly resumeAt?: number };
