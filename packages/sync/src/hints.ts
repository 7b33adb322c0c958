import { connectorError } from '@mortise/runtime';
import type { Sync } from './definition.ts';

/** Says that a record of a sync's source has changed. */
export interface Hint {
  readonly sync: Sync;
  /** The source's id of the record. */
  readonly key: string;
}

/** Hints that wait to be followed by {@link watch}. */
export interface Hints {
  /** Adds one. Resolves when the record has been carried; rejects as the run that tried it does. */
  readonly add: (hint: Hint) => Promise<void>;
  /** Takes all that wait; whoever takes them settles each. */
  readonly take: () => readonly WaitingHint[];
  readonly isEmpty: () => boolean;
  /** Refuses all that wait and whatever comes later, as `cancelled`: nobody will watch any more. */
  readonly close: () => void;
  /** Told when a hint comes, until the function that it gives back is called. */
  readonly onAdded: (tell: () => void) => () => void;
}

/** A hint and whoever waits for it. */
export interface WaitingHint extends Hint {
  readonly carried: () => void;
  readonly failed: (reason: unknown) => void;
}

const nobodyWatches = () => connectorError('cancelled', 'nobody watches any more');

/** Starts with none. While nobody watches they wait for the next watch. Kept in memory: the inbox of the webhooks, or the next poll, outlives the process. */
export const hintQueue = (): Hints => {
  let waiting: WaitingHint[] = [];
  let isClosed = false;
  const listeners = new Set<() => void>();
  return {
    add: (hint) => {
      if (isClosed) return Promise.reject(nobodyWatches());
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ ...hint, carried: resolve, failed: reject });
      for (const tell of listeners) tell();
      return promise;
    },
    take: () => {
      const taken = waiting;
      waiting = [];
      return taken;
    },
    isEmpty: () => waiting.length === 0,
    close: () => {
      isClosed = true;
      for (const { failed } of waiting.splice(0)) failed(nobodyWatches());
    },
    onAdded: (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
  };
};
