import { connectorError } from '../errors/connector-error.ts';
import type { Priority } from './call-road.ts';
import { cancelledBy } from './clock.ts';
import type { Deadlines } from './deadline.ts';
import type { CallLimits } from './limits.ts';

/** Bounds how many requests of a connection are under way at once. */
export interface Bulkhead {
  /**
   * Takes a place; gives a promise only where none is free.
   * @throws ConnectorError `rate-limited` when too many wait already, `timeout`, `cancelled`.
   */
  readonly enter: (wait: PlaceRequest) => Promise<void> | undefined;
  /** Gives the place to whoever has waited longest among the most urgent. */
  readonly leave: () => void;
}

/** How long a call may wait for a place. */
export interface PlaceRequest {
  /** Milliseconds. */
  readonly longestWaitMs: number;
  readonly priority?: Priority | undefined;
  readonly signal?: AbortSignal | undefined;
}

const urgency: readonly Priority[] = ['interactive', 'webhook', 'sync', 'backfill'];

interface Waiting {
  readonly go: () => void;
}

/** Makes the bulkhead of one connection. */
export const bulkhead = (
  { requestsAtOnce, waitingCalls }: Pick<CallLimits, 'requestsAtOnce' | 'waitingCalls'>,
  deadlines: Deadlines,
): Bulkhead => {
  const queues: readonly Set<Waiting>[] = urgency.map(() => new Set());
  let free = requestsAtOnce;
  let waiting = 0;

  const wait = ({ longestWaitMs, priority = 'sync', signal }: PlaceRequest): Promise<void> =>
    new Promise((resolve, reject) => {
      // An abort that came before the listener would never be heard.
      if (signal?.aborted) return reject(cancelledBy(signal));
      const queue = queues[urgency.indexOf(priority)];
      const settle = (done: () => void): void => {
        queue?.delete(place);
        waiting -= 1;
        deadlines.stop(deadline);
        signal?.removeEventListener('abort', stop);
        done();
      };
      const stop = () => settle(() => reject(signal === undefined ? undefined : cancelledBy(signal)));
      const place: Waiting = { go: () => settle(resolve) };
      const late = () => reject(connectorError('timeout', `no request could be sent within ${longestWaitMs} ms`));
      const deadline = deadlines.start(longestWaitMs, () => settle(late));
      signal?.addEventListener('abort', stop, { once: true });
      waiting += 1;
      queue?.add(place);
    });

  return {
    enter: (request) => {
      if (free > 0) {
        free -= 1;
        return undefined;
      }
      if (waiting < waitingCalls) return wait(request);
      const message = `${waiting} calls of this connection wait already: ask for less at once, or raise waitingCalls`;
      throw connectorError('rate-limited', message);
    },
    leave: () => {
      for (const queue of queues) {
        for (const place of queue) return place.go();
      }
      free += 1;
    },
  };
};
