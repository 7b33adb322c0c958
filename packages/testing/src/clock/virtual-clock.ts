/** A clock that moves only when told. */
export type VirtualClock = {
  /** Unix milliseconds. */
  now(): number;
  /** Milliseconds since the clock was made; never steps back. */
  monotonic(): number;
  /** Resolves when `milliseconds` were advanced. Rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Moves the clock, waking sleepers in the order of their times, each at its own time. */
  advance(milliseconds: number): Promise<void>;
};

type Sleeper = { at: number; wake(): void };

/** Lets what was just woken run, and perhaps sleep again, before the clock moves on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function sleeping(sleepers: Set<Sleeper>, at: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      sleepers.delete(sleeper);
      reject(signal?.reason);
    };
    const sleeper: Sleeper = {
      at,
      wake: () => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', abort);
        resolve();
      },
    };
    if (signal?.aborted === true) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    sleepers.add(sleeper);
  });
}

function earliest(sleepers: Set<Sleeper>, until: number): Sleeper | undefined {
  let found: Sleeper | undefined;
  for (const sleeper of sleepers) {
    if (sleeper.at <= until && (found === undefined || sleeper.at < found.at)) found = sleeper;
  }
  return found;
}

/** A virtual clock that starts at `startMs` (Unix milliseconds). */
export function virtualClock(startMs: number): VirtualClock {
  const sleepers = new Set<Sleeper>();
  let elapsed = 0;
  return {
    now: () => startMs + elapsed,
    monotonic: () => elapsed,
    sleep: (milliseconds, signal) => sleeping(sleepers, elapsed + Math.max(0, milliseconds), signal),
    advance: async (milliseconds) => {
      if (!(milliseconds >= 0)) throw new RangeError('advance takes a number of milliseconds that is not negative.');
      const until = elapsed + milliseconds;
      await turn();
      for (let next = earliest(sleepers, until); next !== undefined; next = earliest(sleepers, until)) {
        elapsed = Math.max(elapsed, next.at);
        next.wake();
        await turn();
      }
      elapsed = until;
    },
  };
}
