import { linkedSignal } from '../resilience/linked-signal.ts';

/** A walk of which the next pages are on their way already. */
export interface AheadReader<Item> {
  readonly next: () => Promise<IteratorResult<Item, unknown>>;
  /** Ends the walk. What is on its way is dropped when it comes; resolves then. */
  readonly stop: () => Promise<void>;
}

/** Begins to read so many items of a walk before they are asked for. */
export const aheadReader = <Item>(items: AsyncIterable<Item>, ahead: number): AheadReader<Item> => {
  const iterator = items[Symbol.asyncIterator]();
  let isEnded = false;
  const pull = async (): Promise<IteratorResult<Item, unknown>> => {
    if (isEnded) return { done: true, value: undefined };
    try {
      const result = await iterator.next();
      isEnded ||= result.done === true;
      return result;
    } catch (thrown) {
      isEnded = true;
      throw thrown;
    }
  };
  // One after the other, also where a walk could be asked for several at once.
  let last: Promise<unknown> = Promise.resolve();
  const pulled = (): Promise<IteratorResult<Item, unknown>> => {
    const next = last.then(pull);
    // A failure is told when its turn comes, not as an unhandled rejection before.
    last = next.catch(() => undefined);
    return next;
  };
  const waiting = Array.from({ length: ahead }, pulled);
  return {
    next: () => {
      waiting.push(pulled());
      return waiting.shift() ?? pulled();
    },
    stop: () => {
      isEnded = true;
      const ended = last
        .then(() => iterator.return?.())
        .then(
          () => undefined,
          () => undefined,
        );
      last = ended;
      return ended;
    },
  };
};

/** How far to read ahead. */
export interface ReadAheadOptions {
  /** Pages that are held beside the one worked on; 1 unless given. */
  readonly ahead?: number;
  /** Ends the walk from outside. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Pages of a list, of which the next is on its way while one is worked on: reading and writing take turns no longer.
 * Holds `ahead` pages more than the loop that reads it, so that a slow reader holds the vendor back. The list is called
 * with a signal; where the loop is left, the request that is on its way is cancelled.
 * @throws ConnectorError what the list fails with, behind the pages before.
 * @example
 * ```ts
 * import { readAhead } from '@mortise/runtime';
 * declare const crm: { contacts: { list: (o: { signal: AbortSignal }) => AsyncIterable<{ records: readonly object[] }> } };
 * declare const write: (records: readonly object[]) => Promise<void>;
 * for await (const page of readAhead((signal) => crm.contacts.list({ signal }))) await write(page.records);
 * ```
 */
export async function* readAhead<Item>(
  list: (signal: AbortSignal) => AsyncIterable<Item>,
  { ahead = 1, signal }: ReadAheadOptions = {},
): AsyncGenerator<Item> {
  const walk = linkedSignal(signal);
  const reader = aheadReader(list(walk.signal), Math.max(0, ahead));
  try {
    for (;;) {
      const { done, value } = await reader.next();
      if (done === true) return;
      yield value;
    }
  } finally {
    walk.end();
    await reader.stop();
  }
}
