import type { ConnectorErrorCode } from '../errors/codes.ts';
import { connectorError } from '../errors/connector-error.ts';
import type { Clock } from '../resilience/clock.ts';
import { type Deadlines, deadlines } from '../resilience/deadline.ts';

const shortestDefaultMs = 900_000;
const longestTimerMs = 2_147_483_647;

/** The limit unless a host gives one: 15 minutes, or three times what a single call may take. */
export const stepTimeout = ({ stepTimeoutMs, callTimeoutMs = 0 }: StepTimes): number =>
  stepTimeoutMs ?? Math.min(Math.max(shortestDefaultMs, 3 * callTimeoutMs), longestTimerMs);

/** The limits that it is made from, milliseconds. */
interface StepTimes {
  readonly stepTimeoutMs?: number | undefined;
  readonly callTimeoutMs?: number | undefined;
}

/** By which clock a step is timed, and how long it may take, milliseconds. */
export interface StepLimit {
  readonly clock: Clock;
  readonly stepTimeoutMs: number;
}

/** The steps that run, by their clock: a timer for each would cost more than the rest of the step. */
const rows = new WeakMap<Clock, Deadlines>();

const rowOf = (clock: Clock): Deadlines => {
  const row = rows.get(clock) ?? deadlines(clock);
  rows.set(clock, row);
  return row;
};

/**
 * Ends the wait for a step of a connector's operation (one record, batch or page) that never comes back. The
 * transports time their own calls; this is for an author's code that waits for something else.
 * @throws ConnectorError of the given code; what the step rejects with.
 */
export const withinStep = <Value>(
  step: Promise<Value>,
  { clock, stepTimeoutMs }: StepLimit,
  code: Extract<ConnectorErrorCode, 'timeout' | 'unknown-outcome'> = 'timeout',
): Promise<Value> =>
  new Promise((resolve, reject) => {
    const row = rowOf(clock);
    const limit = row.start(stepTimeoutMs, () =>
      reject(connectorError(code, `the connector did not come back within ${stepTimeoutMs} ms`)),
    );
    step.then(
      (value) => {
        row.stop(limit);
        resolve(value);
      },
      (thrown) => {
        row.stop(limit);
        reject(thrown);
      },
    );
  });

/** As {@link withinStep}, for each page of a list. A list that is stuck is left to itself: it cannot be ended. */
export async function* withinSteps<Item>(pages: AsyncIterable<Item>, limit: StepLimit): AsyncGenerator<Item> {
  const iterator = pages[Symbol.asyncIterator]();
  let isPending = false;
  try {
    for (;;) {
      isPending = true;
      const { done, value } = await withinStep(iterator.next(), limit);
      isPending = false;
      if (done === true) return;
      yield value;
    }
  } finally {
    if (!isPending) await iterator.return?.();
  }
}
