import type { ConnectorErrorCode } from '../errors/codes.ts';
import type { CallFacts } from './events.ts';

/** A call as observers see it when it starts. No path, query or value: only what is safe to keep. */
export interface ObservedCall extends CallFacts {
  /** `https` or `http`. */
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
}

/** How an attempt or a call ended. */
export interface ObservedEnd {
  /** HTTP status, where an answer came. */
  readonly status?: number | undefined;
  /** Absent after a success. */
  readonly code?: ConnectorErrorCode | undefined;
}

/** One attempt under observation. */
export interface ObservedAttempt {
  /** Headers to send along, such as `traceparent`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly end: (end: ObservedEnd) => void;
}

/** One call under observation. */
export interface ObservedRun {
  /** An attempt starts; `resend` counts from 0. */
  readonly attempt: (resend: number) => ObservedAttempt;
  readonly end: (end: ObservedEnd) => void;
}

/** Watches calls as they happen. Called synchronously in the caller's own async context; must not throw. */
export interface CallObserver {
  readonly start: (call: ObservedCall) => ObservedRun;
}
