import type { EventSink, RuntimeEvent } from './events.ts';

/** Events as a sink takes them and a loop reads them. */
export interface EventStream extends AsyncIterable<RuntimeEvent> {
  readonly sink: EventSink;
  /** Events that were dropped because nobody read them in time. */
  readonly dropped: () => number;
  /** Ends the loop once it has read what is there. */
  readonly close: () => void;
}

/** Events kept for the reader unless said otherwise. */
const defaultCapacity = 1_000;

/**
 * The event stream as an async iterable, for one reader. Calls never wait for it: beyond its capacity the oldest event
 * is dropped, and counted. Reading it never rejects. `capacity` counts events, 1,000 unless given.
 * @example
 * ```ts
 * import { eventStream } from '@mortise/runtime/telemetry';
 * const stream = eventStream();
 * // open(connector, { events: stream.sink, … })
 * stream.close();
 * for await (const event of stream) console.log(event.type);
 * ```
 */
export const eventStream = ({
  capacity = defaultCapacity,
}: {
  /** How many events wait for the reader at most. */
  readonly capacity?: number;
} = {}): EventStream => {
  const kept: RuntimeEvent[] = [];
  let dropped = 0;
  let isClosed = false;
  let wake: (() => void) | undefined;

  const woken = () => {
    wake?.();
    wake = undefined;
  };
  return {
    sink: (event) => {
      if (isClosed) return;
      kept.push(event);
      if (kept.length > capacity) {
        kept.shift();
        dropped += 1;
      }
      woken();
    },
    dropped: () => dropped,
    close: () => {
      isClosed = true;
      woken();
    },
    [Symbol.asyncIterator]: async function* () {
      for (;;) {
        const event = kept.shift();
        if (event !== undefined) yield event;
        else if (isClosed) return;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
};
