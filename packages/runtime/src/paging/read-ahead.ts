/** A walk of which the next pages are on their way already. */
export interface AheadReader<Item> {
  readonly next: () => Promise<IteratorResult<Item, unknown>>;
  /** Ends the walk; what is on its way is dropped when it comes. Never rejects. */
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
    stop: async () => {
      isEnded = true;
      await last;
      await iterator.return?.().catch(() => undefined);
    },
  };
};

/**
 * Pages of a list, of which the next is on its way while one is worked on: reading and writing take turns no longer.
 * Holds `ahead` pages more than the loop that reads it, one unless given, so that a slow reader holds the vendor back.
 * @throws ConnectorError what the list fails with, behind the pages before.
 * @example
 * ```ts
 * import { readAhead } from '@mortise/runtime';
 * declare const crm: { contacts: { list: () => AsyncIterable<{ records: readonly object[] }> } };
 * declare const write: (records: readonly object[]) => Promise<void>;
 * for await (const page of readAhead(crm.contacts.list())) await write(page.records);
 * ```
 */
export async function* readAhead<Item>(pages: AsyncIterable<Item>, ahead = 1): AsyncGenerator<Item> {
  const reader = aheadReader(pages, Math.max(0, ahead));
  try {
    for (;;) {
      const { done, value } = await reader.next();
      if (done === true) return;
      yield value;
    }
  } finally {
    await reader.stop();
  }
}
