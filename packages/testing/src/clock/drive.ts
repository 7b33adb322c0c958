import type { VirtualClock } from './virtual-clock.ts';

/**
 * Moves a virtual clock, 100 ms at a time, until a promise settles, and gives what it comes to: for calls that wait on that
 * clock while a real socket answers. Rejects with what the promise rejects with.
 */
export const drive = async <Value>(clock: VirtualClock, promise: Promise<Value>): Promise<Value> => {
  let settled = false;
  const done = promise.finally(() => {
    settled = true;
  });
  // It is awaited below; until then a rejection is nobody's surprise.
  done.catch(() => {});
  while (!settled) await clock.advance(100);
  return done;
};
