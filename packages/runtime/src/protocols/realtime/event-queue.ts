import type { ConnectionEnd } from './connection-end.ts';

/** What a queue gives next. */
export type Taken = { readonly event: unknown } | { readonly end: ConnectionEnd };

/** Stops and starts the source of a queue. */
export interface Flow {
  readonly pause: () => void;
  readonly resume: () => void;
}

/** Events between a socket and its consumer. */
export interface EventQueue {
  readonly push: (event: unknown, bytes: number) => void;
  /** Nothing comes any more; what is queued is still given. */
  readonly finish: (end: ConnectionEnd) => void;
  /** The next event, as soon as there is one. One taker at a time. */
  readonly take: () => Promise<Taken>;
}

interface Entry {
  readonly event: unknown;
  readonly bytes: number;
}

/** What an entry weighs besides its message. */
const entryBytes = 64;

/** Taken entries are forgotten in lots: shifting each would move a long queue every time. */
const forgetAfter = 1_024;

/**
 * Makes a queue that stops its source at so many bytes and lets it go on at half of them. What the socket had already
 * read may still come: at most one chunk of it.
 */
export const eventQueue = (limitBytes: number, flow: Flow): EventQueue => {
  let entries: Entry[] = [];
  let head = 0;
  let weight = 0;
  let paused = false;
  let ended: ConnectionEnd | undefined;
  let taker: ((taken: Taken) => void) | undefined;

  const hand = (taken: Taken): boolean => {
    if (taker === undefined) return false;
    taker(taken);
    taker = undefined;
    return true;
  };

  const shift = (): Entry | undefined => {
    const entry = entries[head];
    if (entry === undefined) return undefined;
    head += 1;
    weight -= entry.bytes;
    if (head >= forgetAfter) {
      entries = entries.slice(head);
      head = 0;
    }
    if (paused && weight <= limitBytes / 2) {
      paused = false;
      flow.resume();
    }
    return entry;
  };

  return {
    push: (event, bytes) => {
      if (ended !== undefined || hand({ event })) return;
      entries.push({ event, bytes: bytes + entryBytes });
      weight += bytes + entryBytes;
      if (paused || weight < limitBytes) return;
      paused = true;
      flow.pause();
    },
    finish: (end) => {
      if (ended !== undefined) return;
      ended = end;
      hand({ end });
    },
    take: async () => {
      const entry = shift();
      if (entry !== undefined) return { event: entry.event };
      if (ended !== undefined) return { end: ended };
      return new Promise<Taken>((resolve) => {
        taker = resolve;
      });
    },
  };
};
