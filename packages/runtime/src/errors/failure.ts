import type { ConnectorErrorCode } from './codes.ts';

/** What is known about what the vendor did with a request that failed. */
export type Reach =
  /** It never left: no connection was made. */
  | 'not-sent'
  /** The vendor said no before acting, as with 429. */
  | 'refused'
  /** It may have been acted on. */
  | 'unknown';

/**
 * One failed attempt, classified. A connector *classifies* by returning this; the runtime *decides* whether to wait
 * and send again. Holds names and numbers only.
 */
export interface Failure {
  readonly code: ConnectorErrorCode;
  /** One sentence without record values, ids or secrets. */
  readonly message: string;
  readonly status?: number | undefined;
  readonly vendorCode?: string | undefined;
  readonly requestId?: string | undefined;
  /** Wait that the vendor asked for, milliseconds. */
  readonly waitMs?: number | undefined;
  /** What the vendor did with the request; `unknown` unless said. */
  readonly reach?: Reach | undefined;
  /** The credentials may have expired: renew them once and send again. */
  readonly renew?: boolean | undefined;
  /** The permissions that the vendor says are missing. */
  readonly permissions?: readonly string[] | undefined;
  readonly cause?: unknown;
}
