/** How long the demo goes on: until the user ends it or something it needs fails. */
export interface Lifetime {
  /** Aborted at the end, whatever ends it. */
  readonly signal: AbortSignal;
  /** Ends it for a reason. The first one counts. */
  readonly fail: (reason: unknown) => void;
  /** Goes on only while nothing has failed. @throws that reason. */
  readonly throwIfFailed: () => void;
  /** Waits for the work, but not beyond the end. @throws what the work throws; `undefined` at the end. */
  readonly within: <Value>(work: Promise<Value>) => Promise<Value>;
}

/** What a shell shows for a program that Ctrl-C has killed. */
const interrupted = 130;

/** Ctrl-C, `kill` and a closed terminal end it well; a second time ends the process at once. */
export const startLifetime = (): Lifetime => {
  const controller = new AbortController();
  const { signal } = controller;
  let failure: { readonly reason: unknown } | undefined;
  const stop = () => {
    if (signal.aborted) process.exit(interrupted); // the servers end with the process
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  const throwIfFailed = () => {
    if (failure !== undefined) throw failure.reason;
  };
  return {
    signal,
    fail: (reason) => {
      if (signal.aborted) return;
      failure = { reason };
      controller.abort();
    },
    throwIfFailed,
    within: (work) => {
      work.catch(() => {}); // at the end nobody waits for it any more
      return new Promise((resolve, reject) => {
        const end = () => reject(failure?.reason);
        if (signal.aborted) return end();
        signal.addEventListener('abort', end, { once: true });
        work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
      });
    },
  };
};
