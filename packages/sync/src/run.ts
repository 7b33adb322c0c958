import { connectorError, type Page, readAhead } from '@mortise/runtime';
import type { Checkpoint } from '@mortise/store';
import type { Sync } from './definition.ts';
import { execute, type Running, type RunOptions, report } from './execution.ts';
import { listedPages } from './page-reader.ts';
import type { RunResult } from './progress.ts';
import { endCheckpoint, openWindow, pageCheckpoint, type ReadWindow, raise } from './window.ts';

/**
 * Runs a sync once: reads what changed since the last run, writes what differs, remembers how far it came. A run that
 * was interrupted, even by `kill -9`, goes on where its last commit stands.
 * @throws ConnectorError when the source, the destination or the store fails; what was committed stays.
 * Records that cannot pass do not fail the run: they become dead letters.
 */
export const runSync = (sync: Sync, options: RunOptions): Promise<RunResult> =>
  execute(sync, { options, work: readWindows });

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
    const pages = (signal: AbortSignal) => listedPages(list, { request: { since, until, cursor }, signal });
    for await (const page of readAhead(pages, { signal: options.signal })) {
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

/** Closes the window. An idle poll changes nothing and writes nothing. */
const commitEnd = async ({ sync, store, run, clock }: Running, checkpoint: Checkpoint): Promise<void> => {
  const stored = await store.readCheckpoint(sync.name);
  if (JSON.stringify(stored ?? {}) === JSON.stringify(checkpoint)) return;
  const nothing = { links: [], deadLetters: [], parked: [], settled: [] };
  await store.commit({ ...nothing, sync: sync.name, connection: sync.to.connection, run, at: clock.now(), checkpoint });
};
