/** Anything with a URL that can be closed. */
export type Served = { url: string; close(): Promise<void> };

/**
 * Runs a sandbox as a process of its own: prints `{"ready":true,"url":...}` as one line, sends the same over IPC when
 * there is a channel, and ends the process on IPC disconnect, SIGTERM or SIGINT. `details` are added to that line.
 */
export function serveUntilStopped(served: Served, details: Record<string, unknown> = {}): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    served.close().finally(() => process.exit(0));
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, stop);
  const ready = { ready: true, url: served.url, ...details };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  process.send?.(ready);
}
