import { type ConnectorError, connectorError } from '../errors/connector-error.ts';

/** Time, injected: the system's in production, a virtual one in tests and simulations. */
export interface Clock {
  /** Wall time, Unix milliseconds. */
  readonly now: () => number;
  /** Milliseconds since some fixed point; never goes back. For durations and waits. */
  readonly monotonic: () => number;
  /** Calls back once after so many milliseconds; the answer cancels. */
  readonly schedule: (callback: () => void, milliseconds: number, options?: ScheduleOptions) => () => void;
}

/** How a callback is waited for. */
export interface ScheduleOptions {
  /** Whether the process stays for it; true unless given. */
  readonly keepsAlive?: boolean;
}

/** Random numbers in [0, 1), injected so that a run can be repeated from a seed. */
export type Random = () => number;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule: (callback, milliseconds, options) => {
    const timer = setTimeout(callback, milliseconds);
    if (options?.keepsAlive === false) timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Longest wait that is slept unless a connection says otherwise, milliseconds. */
export const defaultLongestWaitMs = 60_000;

/** The machine's own random numbers. */
export const systemRandom: Random = () => Math.random();

/** What a call rejects with once its signal is aborted. */
export const cancelledBy = (signal: AbortSignal): ConnectorError =>
  connectorError('cancelled', 'the call was cancelled by its caller', { cause: signal.reason });

/**
 * Goes on only while the signal is not aborted.
 * @throws ConnectorError `cancelled`.
 */
export const throwIfCancelled = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw cancelledBy(signal);
};

/**
 * Waits for a promise that others wait for too: the caller's own signal ends the wait and not the work.
 * @throws ConnectorError `cancelled` as soon as the signal is aborted; what the promise rejects with.
 */
export const untilCancelled = <Value>(shared: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> => {
  if (signal === undefined) return shared;
  return new Promise((resolve, reject) => {
    const stop = () => reject(cancelledBy(signal));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
};

/**
 * Waits so many milliseconds on the given clock.
 * @throws ConnectorError `cancelled` as soon as the signal is aborted.
 */
export const sleep = (clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelledBy(signal));
    const stop = () => {
      cancelTimer();
      if (signal) reject(cancelledBy(signal));
    };
    const cancelTimer = clock.schedule(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
