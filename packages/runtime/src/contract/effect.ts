/**
 * What happens when the same request reaches the vendor twice. Decides whether a request whose answer never came may
 * be sent again.
 */
export type Effect =
  /** Changes nothing. */
  | 'read'
  /** Setting the same state again, or removing what is gone. */
  | 'idempotent'
  /** Addressed by a unique key of ours: the second one finds the record of the first. */
  | 'external-id'
  /** Carries an idempotency key that the vendor honours. */
  | 'keyed'
  /** Carries the version that it expects, so that a second one is refused. */
  | 'conditional'
  /** Would be done twice. Never repeated while its outcome is unknown. */
  | 'unsafe';

/** Whether a request of unknown outcome may be sent again. */
export const isRepeatable = (effect: Effect): boolean => effect !== 'unsafe';
