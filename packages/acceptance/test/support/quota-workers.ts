import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { QuotaOrders } from './quota-process.ts';

const program = join(import.meta.dirname, 'quota-process.ts');

/** Where every run starts: in the middle of a slice, as runs do. */
const startMs = Date.parse('2026-11-23T12:00:00.437Z');

/** A request as the server got it. */
export interface LoggedRequest {
  /** The time that all processes share, milliseconds since the run began. */
  readonly at: number;
  /** Names the process that sent it. */
  readonly path: string;
}

/** How a run of workers goes. */
export interface WorkersRun extends Pick<QuotaOrders, 'requests' | 'perMs' | 'statePath' | 'key'> {
  readonly workers: number;
  readonly callers: number;
  readonly untilMs: number;
  /** Kills one worker with SIGKILL at the server's request of this number, and starts it again on this state file. */
  readonly kill?: { readonly atRequest: number; readonly statePath: string | undefined };
}

/** A worker, and the next time at which it has something to do; undefined while it works. */
interface Worker {
  readonly child: ChildProcess;
  next: number | undefined;
}

/** Starts a worker, which works at once. */
const startWorker = (orders: QuotaOrders, changed: () => void): Worker => {
  const child = spawn(process.execPath, [program, JSON.stringify(orders)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const worker: Worker = { child, next: undefined };
  child.on('message', ({ next }: { next: number | null }) => {
    worker.next = next ?? Number.POSITIVE_INFINITY;
    changed();
  });
  child.on('exit', changed);
  return worker;
};

/**
 * Runs worker processes against one server on a time that all share: it moves on only when none of them has anything
 * left to do, to the next time at which one has. Gives the server's log.
 */
export const runWorkers = async (run: WorkersRun): Promise<readonly LoggedRequest[]> => {
  const log: LoggedRequest[] = [];
  let timeMs = 0;
  let changed: () => void = () => undefined;
  const notice = () => changed();
  const server = createServer(({ url: path = '' }, response) => {
    log.push({ at: timeMs, path });
    if (log.length === run.kill?.atRequest) workers[0]?.child.kill('SIGKILL');
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"1"}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo;
  const { requests, perMs, callers, key } = run;
  const ordersFor = (statePath: string | undefined): QuotaOrders => {
    return { url: `http://127.0.0.1:${port}`, statePath, key, startMs, timeMs, requests, perMs, callers };
  };
  const workers = Array.from({ length: run.workers }, () => startWorker(ordersFor(run.statePath), notice));
  const isDead = ({ child }: Worker) => child.signalCode === 'SIGKILL';
  const isBusy = (worker: Worker) => worker.next === undefined || worker.child.killed;

  try {
    for (;;) {
      const dead = workers.findIndex(isDead);
      if (dead !== -1) workers[dead] = startWorker(ordersFor(run.kill?.statePath), notice);
      while (workers.some(isBusy) && !workers.some(isDead)) {
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
      if (workers.some(isDead)) continue;
      timeMs = Math.min(...workers.map(({ next = timeMs }) => next));
      if (timeMs > run.untilMs) return log;
      for (const worker of workers) {
        worker.next = undefined;
        worker.child.send({ timeMs });
      }
    }
  } finally {
    for (const { child } of workers) child.kill('SIGKILL');
    server.closeAllConnections();
    server.close();
  }
};

/** How many requests each process sent. */
export const requestsByProcess = (log: readonly LoggedRequest[]): readonly number[] => {
  const counts = new Map<string, number>();
  for (const { path } of log) counts.set(path, (counts.get(path) ?? 0) + 1);
  return [...counts.values()];
};

/** The most requests in any rolling window of a log. */
export const fullestWindow = (log: readonly LoggedRequest[], perMs: number): number => {
  let most = 0;
  let first = 0;
  for (const [index, { at }] of log.entries()) {
    while ((log[first]?.at ?? 0) <= at - perMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
};
