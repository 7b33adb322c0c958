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
  /** How many pages are written at once. */
  readonly pagesAtOnce?: number;
  /** Told after every page. */
  readonly onProgress?: (progress: SyncProgress) => void;
  readonly clock?: Clock;
}

const defaultPagesAtOnce = 4;
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
  const grace = graceful(clock, options);
  const context: RunContext = {
    sync,
    store: options.store,
    run: randomUUID(),
    clock,
    tally: emptyTally(),
    writeSignal: grace.signal,
  };
  const pipeline = pagePipeline(context, { pagesAtOnce: options.pagesAtOnce ?? defaultPagesAtOnce });
  const running: Running = { ...context, pipeline, startedAt: clock.monotonic(), options };
  try {
    await releaseParked(running);
    const stopped = await readWindow(running);
    if (!stopped) await releaseParked(running);
    return await resultOf(running, stopped);
  } finally {
    await pipeline.settle();
    grace.end();
  }
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
const releaseParked = async ({ sync, store, pipeline, options }: Running): Promise<void> => {
  if (Object.keys(sync.references).length === 0) return;
  while (options.signal?.aborted !== true) {
    const parked = await store.readReleasable(sync.name, parkedAtOnce);
    if (parked.length === 0) return;
    await pipeline.accept({ records: parked.map(({ payload }) => payload), rejected: [], checkpoint: undefined });
    await pipeline.drain();
  }
};

/** Reads the window to its end, or to the page after which the signal came. True when it was stopped. */
const readWindow = async (running: Running): Promise<boolean> => {
  const { sync, store, pipeline, options, clock } = running;
  const before = await store.readCheckpoint(sync.name);
  const window = openWindow(before, sync.from, clock.now());
  const { since, until, cursor } = window;
  const pages = sync.from.list?.({ since, until, cursor, signal: options.signal });
  if (pages === undefined) throw connectorError('invalid-definition', `${sync.from.id} has no list`);
  let highest = window.highest;
  try {
    for await (const page of readAhead(pages)) {
      highest = highestOf(page, { running, window, highest });
      await acceptPage(running, { page, window, highest });
      if (options.signal?.aborted) break;
    }
  } catch (thrown) {
    if (!isConnectorError(thrown) || thrown.code !== 'cancelled' || options.signal?.aborted !== true) throw thrown;
  }
  await pipeline.drain();
  if (options.signal?.aborted) return true;
  await commitEnd(running, { before, after: endCheckpoint(window, highest) });
  return false;
};

const highestOf = (
  page: Page<unknown>,
  { running, window, highest }: { running: Running; window: ReadWindow; highest: number | undefined },
): number | undefined =>
  page.records.reduce<number | undefined>((top, record) => raise(top, running.sync.from.changedAt(record), window), highest);

const acceptPage = async (
  running: Running,
  { page, window, highest }: { page: Page<unknown>; window: ReadWindow; highest: number | undefined },
): Promise<void> => {
  const { pipeline, tally, options, sync, clock, startedAt } = running;
  const { records, rejected, next } = page;
  const checkpoint = next === undefined ? undefined : pageCheckpoint(window, { cursor: next, highest });
  await pipeline.accept({ records, rejected, checkpoint });
  tally.read += records.length + rejected.length;
  const elapsedMs = clock.monotonic() - startedAt;
  options.onProgress?.({ ...tally, sync: sync.name, total: page.total, elapsedMs });
};

/** Closes the window. An idle poll changes nothing and writes nothing. */
const commitEnd = async (
  { sync, store, run, clock }: Running,
  { before, after }: { before: Checkpoint | undefined; after: Checkpoint },
): Promise<void> => {
  if (JSON.stringify(before ?? {}) === JSON.stringify(after)) return;
  const nothing = { links: [], deadLetters: [], parked: [], settled: [] };
  await store.commit({ ...nothing, sync: sync.name, connection: sync.to.connection, run, at: clock.now(), checkpoint: after });
};

const resultOf = async ({ sync, store, run, clock, startedAt, tally }: Running, stopped: boolean): Promise<RunResult> => {
  const parked = await store.countParked(sync.name);
  const deadLetters = await store.countDeadLetters(sync.name);
  const seconds = (clock.monotonic() - startedAt) / 1_000;
  return { ...tally, parked, deadLetters, sync: sync.name, run, seconds, stopped };
};
