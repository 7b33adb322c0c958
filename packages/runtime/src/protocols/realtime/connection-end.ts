import type { Failure } from '../../errors/failure.ts';

/** How a connection ended. */
export interface ConnectionEnd {
  /** Absent where the vendor said that there is no more. */
  readonly failure?: Failure;
  /** Whether another connection may mend it. */
  readonly retry: boolean;
}

/** An end that another connection may mend. */
export const lost = (failure: Failure): ConnectionEnd => ({ failure, retry: true });

/** An end that another connection would only repeat. */
export const stopped = (failure: Failure): ConnectionEnd => ({ failure, retry: false });

/** The vendor said that there is no more. */
export const completed: ConnectionEnd = { retry: false };

/** The caller is gone. */
export const cancelledEnd: ConnectionEnd = stopped({
  code: 'cancelled',
  message: 'the call was cancelled by its caller',
});
