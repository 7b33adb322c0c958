import type { Sync, SyncProgress } from '@mortise/sync';
import { thousands } from './numbers.ts';
import type { Terminal } from './terminal.ts';
import type { Waits } from './waits.ts';

/** Shows how the syncs come on: one line each. */
export interface ProgressLines {
  readonly onProgress: (progress: SyncProgress) => void;
  /** Ends the last line. */
  readonly end: () => void;
}

/** A sync under way. Times are milliseconds on the clock of `performance`. */
interface Running {
  readonly sync: Sync;
  readonly startedAt: number;
  latest: SyncProgress;
  saidAt: number;
}

const redrawMs = 250;
/** How often a long sync writes a line where lines cannot be replaced. */
const plainMs = 5_000;

/** On a terminal the line of the running sync is replaced as it grows; elsewhere it is written at its end. */
export const progressLines = (
  syncs: readonly Sync[],
  { terminal, waits }: { terminal: Terminal; waits: Waits },
): ProgressLines => {
  const ended = new Set<string>();
  let running: Running | undefined;
  const draw = () => {
    if (running !== undefined) terminal.show(lineOf(running, waits));
  };
  const timer = terminal.inPlace ? setInterval(draw, redrawMs) : undefined;
  const endRunning = () => {
    if (running === undefined) return;
    terminal.say(lineOf(running, waits, { isOver: true }));
    ended.add(running.sync.name);
    running = undefined;
  };
  const onProgress = (latest: SyncProgress) => {
    if (running?.sync.name !== latest.sync) endRunning();
    const sync = syncs.find(({ name }) => name === latest.sync);
    // Later rounds only confirm what the first one did.
    if (sync === undefined || ended.has(sync.name)) return terminal.show(`checking ${latest.sync} once more`);
    const now = performance.now();
    running ??= { sync, startedAt: now - latest.elapsedMs, latest, saidAt: now };
    running.latest = latest;
    if (terminal.inPlace) return draw();
    if (now - running.saidAt < plainMs) return;
    running.saidAt = now;
    terminal.say(lineOf(running, waits));
  };
  return {
    onProgress,
    end: () => {
      clearInterval(timer);
      endRunning();
    },
  };
};

/** For instance `orders      110 of 110 records    312/s   waited 0.0 s   ETA 0 s`: at most 80 columns. */
const lineOf = ({ sync, startedAt, latest }: Running, waits: Waits, { isOver = false } = {}): string => {
  const { read, total } = latest;
  const seconds = Math.max((performance.now() - startedAt) / 1_000, 0.001);
  const whole = Math.max(read, total ?? 0);
  const count = `${thousands(read)} of ${total === undefined ? '?' : thousands(whole)} records`;
  const rate = `${thousands(Math.round(read / seconds))}/s`;
  const waited = `waited ${(waits.of(sync) / 1_000).toFixed(1)} s`;
  const left = total === undefined || read === 0 ? '?' : thousands(Math.ceil(((whole - read) * seconds) / read));
  const outlook = isOver ? `done in ${seconds.toFixed(1)} s` : `ETA ${left} s`;
  return `${sync.name.padEnd(14)}${count.padStart(22)}${rate.padStart(10)}  ${waited.padStart(13)}  ${outlook}`;
};
