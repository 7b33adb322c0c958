import { randomUUID } from 'node:crypto';
import { type Clock, connectorError, isConnectorError, systemClock } from '@mortise/runtime';
import type { Store } from '@mortise/store';
import type { Sync } from './definition.ts';
import type { RunContext } from './page-commit.ts';
import { type Pipeline, pagePipeline } from './pipeline.ts';
import { emptyTally, type RunResult, type SyncProgress } from './progress.ts';

/** What a run is given. */
export interface RunOptions {
  readonly store: Store;
  /** Stops the run at a page boundary: what is being written is finished and committed. */
  readonly signal?: AbortSignal | undefined;
  /** How long writes under way may take after the signal before they are cancelled too, milliseconds. */
  readonly graceMs?: number;
  /** How many pages are written at once, from 1. */
  readonly pagesAtOnce?: number;
  /** Told after every page that was read, and at the end. */
  readonly onProgress?: (progress: SyncProgress) => void;
  readonly clock?: Clock;
}

const defaultPagesAtOnce = 8;
const defaultGraceMs = 5_000;
const parkedAtOnce = 100;

/** A run under way. */
export interface Running extends RunContext {
  readonly pipeline: Pipeline;
  readonly startedAt: number;
  readonly options: RunOptions;
}

/**
 * Executes a run: `work` feeds its pipeline; what waits for parents is released before and after it.
 * @throws ConnectorError of the work; what was committed stays.
 */
export const execute = async (
  sync: Sync,
  { options, work }: { readonly options: RunOptions; readonly work: (running: Running) => Promise<void> },
): Promise<RunResult> => {
  const clock = options.clock ?? systemClock;
  const pagesAtOnce = checkedPagesAtOnce(options);
  const grace = graceful(clock, options);
  const context: RunContext = {
    sync,
    store: options.store,
    run: randomUUID(),
    clock,
    tally: emptyTally(),
    writeSignal: grace.signal,
    quiet: { pages: 0 },
  };
  const pipeline = pagePipeline(context, { pagesAtOnce });
  const running: Running = { ...context, pipeline, startedAt: clock.monotonic(), options };
  try {
    return await resultOf(running, await workAndRelease(running, work));
  } finally {
    await pipeline.settle();
    grace.end();
  }
};

const checkedPagesAtOnce = ({ pagesAtOnce = defaultPagesAtOnce }: RunOptions): number => {
  if (Number.isInteger(pagesAtOnce) && pagesAtOnce >= 1) return pagesAtOnce;
  throw connectorError('invalid-settings', 'pagesAtOnce must be a whole number from 1');
};

/** Does the work. True when the signal stopped it. */
const workAndRelease = async (running: Running, work: (running: Running) => Promise<void>): Promise<boolean> => {
  const { signal } = running.options;
  try {
    await recount(running);
    await releaseParked(running);
    await work(running);
    await releaseParked(running);
  } catch (thrown) {
    if (!isConnectorError(thrown) || thrown.code !== 'cancelled' || signal?.aborted !== true) throw thrown;
  }
  return signal?.aborted === true;
};

/** How many records are kept back, as of now. */
const recount = async ({ sync, store, tally }: Running): Promise<void> => {
  tally.parked = await store.countParked(sync.name);
  tally.deadLetters = await store.countDeadLetters(sync.name);
};

/** A signal for writes that follows the run's own some time later, so that they can end well. */
const graceful = (clock: Clock, { signal, graceMs = defaultGraceMs }: RunOptions) => {
  if (signal === undefined) return { signal: undefined, end: () => {} };
  const writes = new AbortController();
  let cancelTimer = () => {};
  const begin = () => {
    cancelTimer = clock.schedule(() => writes.abort(signal.reason), graceMs);
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  const end = () => {
    cancelTimer();
    signal.removeEventListener('abort', begin);
  };
  return { signal: writes.signal, end };
};

/** Writes the records whose parents have been linked since they were parked. */
const releaseParked = async (running: Running): Promise<void> => {
  const { sync, store, pipeline, options } = running;
  if (Object.keys(sync.references).length === 0) return;
  while (options.signal?.aborted !== true) {
    const parked = await store.readReleasable(sync.name, parkedAtOnce);
    if (parked.length === 0) return;
    await pipeline.accept({ records: parked.map(({ payload }) => payload), rejected: [], checkpoint: undefined });
    await pipeline.drain();
    await recount(running);
  }
};

/** Tells how far the run has come. */
export const report = ({ tally, options, sync, clock, startedAt }: Running, total: number | undefined): void =>
  options.onProgress?.({ ...tally, sync: sync.name, total, elapsedMs: clock.monotonic() - startedAt });

const resultOf = async (running: Running, stopped: boolean): Promise<RunResult> => {
  const { sync, run, clock, startedAt, tally } = running;
  await recount(running);
  report(running, stopped ? undefined : tally.read);
  const seconds = (clock.monotonic() - startedAt) / 1_000;
  return { ...tally, sync: sync.name, run, seconds, stopped };
};
