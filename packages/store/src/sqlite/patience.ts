import type { Clock } from '@mortise/runtime';
import { isBusy } from './failure.ts';

/** How long to wait for another process, milliseconds. */
const patience = 5_000;

/** Between two tries, milliseconds. */
const pause = 10;

/**
 * Runs an action again while another process holds the file, for at most 5 seconds. SQLite's own waiting would stop the
 * whole process meanwhile, timers and servers included.
 */
export const whenFree = async <Result>(clock: Clock, action: () => Result): Promise<Result> => {
  const start = clock.monotonic();
  for (;;) {
    try {
      return action();
    } catch (thrown) {
      if (!isBusy(thrown) || clock.monotonic() - start >= patience) throw thrown;
    }
    await new Promise<void>((resolve) => {
      clock.schedule(resolve, pause);
    });
  }
};
