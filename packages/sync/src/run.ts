import { randomUUID } from 'node:crypto';
import { type Clock, connectorError, isConnectorError, type Page, systemClock } from '@mortise/runtime';
import type { Checkpoint, Store } from '@mortise/store';
import type { Sync } from './definition.ts';
import type { RunContext } from './page-commit.ts';
import { readAhead } from './page-reader.ts';
import { type Pipeline, pagePipeline } from './pipeline.ts';
import { emptyTally, type RunResult, type SyncProgress } from './progress.ts';
import { endCheckpoint, openWindow, pageCheckpoint, type ReadWindow, raise } from './window.ts';

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
interface Running extends RunContext {
  readonly pipeline: Pipeline;
  readonly startedAt: number;
  readonly options: RunOptions;
}

/**
 * Runs a sync once: reads what changed since the last run, writes what differs, remembers how far it came. A run that
 * was interrupted, even by `kill -9`, goes on where its last commit stands.
 * @throws ConnectorError when the source, the destination or the store fails; what was committed stays.
 * Records that cannot pass do not fail the run: they become dead letters.
 */
export const runSync = async (sync: Sync, options: RunOptions): Promise<RunResult> => {
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
    return await resultOf(running, await readAndRelease(running));
  } finally {
    await pipeline.settle();
    grace.end();
  }
};

const checkedPagesAtOnce = ({ pagesAtOnce = defaultPagesAtOnce }: RunOptions): number => {
  if (Number.isInteger(pagesAtOnce) && pagesAtOnce >= 1) return pagesAtOnce;
  throw connectorError('invalid-settings', 'pagesAtOnce must be a whole number from 1');
};

/** Does the run. True when the signal stopped it. */
const readAndRelease = async (running: Running): Promise<boolean> => {
  const { signal } = running.options;
  try {
    await recount(running);
    await releaseParked(running);
    await readWindows(running);
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

/** Reads the window that an interrupted run left open, if one did, and then what has changed since. */
const readWindows = async (running: Running): Promise<void> => {
  const { sync, store, options, clock } = running;
  while (options.signal?.aborted !== true) {
    const window = openWindow(await store.readCheckpoint(sync.name), { source: sync.from, nowMs: clock.now() });
    const highest = await readWindow(running, window);
    if (options.signal?.aborted) return;
    await commitEnd(running, endCheckpoint(window, highest));
    if (!window.resumed) return;
  }
};

/** Reads a window to its end, or to the page after which the signal came. Answers the highest stamp seen. */
const readWindow = async (running: Running, window: ReadWindow): Promise<number | undefined> => {
  const { sync, pipeline, options } = running;
  const { since, until, cursor } = window;
  const { list, id } = sync.from;
  if (list === undefined) throw connectorError('invalid-definition', `${id} has no list`);
  let { highest } = window;
  try {
    for await (const page of readAhead(list, { request: { since, until, cursor }, signal: options.signal })) {
      highest = highestOf(page, { running, window, highest });
      await acceptPage(running, { page, window, highest });
      if (options.signal?.aborted) break;
    }
  } catch (thrown) {
    // Pages that were read before the source failed, or the signal came, are worth their commit.
    await pipeline.drain().catch(() => {});
    throw thrown;
  }
  await pipeline.drain();
  return highest;
};

const highestOf = (
  page: Page<unknown>,
  { running, window, highest }: { running: Running; window: ReadWindow; highest: number | undefined },
): number | undefined =>
  page.records.reduce<number | undefined>(
    (top, record) => raise(top, running.sync.from.changedAt(record), window),
    highest,
  );

const acceptPage = async (
  running: Running,
  { page, window, highest }: { page: Page<unknown>; window: ReadWindow; highest: number | undefined },
): Promise<void> => {
  const { pipeline, tally } = running;
  const { records, rejected, next, total } = page;
  const checkpoint = next === undefined ? undefined : pageCheckpoint(window, { cursor: next, highest });
  await pipeline.accept({ records, rejected, checkpoint });
  tally.read += records.length + rejected.length;
  report(running, total);
};

const report = ({ tally, options, sync, clock, startedAt }: Running, total: number | undefined): void =>
  options.onProgress?.({ ...tally, sync: sync.name, total, elapsedMs: clock.monotonic() - startedAt });

/** Closes the window. An idle poll changes nothing and writes nothing. */
const commitEnd = async ({ sync, store, run, clock }: Running, checkpoint: Checkpoint): Promise<void> => {
  const stored = await store.readCheckpoint(sync.name);
  if (JSON.stringify(stored ?? {}) === JSON.stringify(checkpoint)) return;
  const nothing = { links: [], deadLetters: [], parked: [], settled: [] };
  await store.commit({ ...nothing, sync: sync.name, connection: sync.to.connection, run, at: clock.now(), checkpoint });
};

const resultOf = async (running: Running, stopped: boolean): Promise<RunResult> => {
  const { sync, run, clock, startedAt, tally } = running;
  await recount(running);
  report(running, stopped ? undefined : tally.read);
  const seconds = (clock.monotonic() - startedAt) / 1_000;
  return { ...tally, sync: sync.name, run, seconds, stopped };
};
