import { type AheadReader, aheadReader } from './read-ahead.ts';

/** Pages that are asked for before the walk has come to them. */
export interface GuessedPages<Value> {
  readonly fetch: (place: number) => Promise<Value>;
  /** How many pages are asked for at once. */
  readonly atOnce: number;
}

/** Where a walk will probably go on. */
export interface Guess {
  /** From one page to the next. */
  readonly step: number;
  /** What lies at this place or behind it is not guessed. */
  readonly end: number;
}

/**
 * Fetches by place, and the places behind it as well, because the walk will most likely want them. The walk decides as
 * if each had been asked for in its turn: where it goes elsewhere, the guesses are dropped. The error of a guess is told
 * when its turn comes, or never.
 */
export const guessedFetch = <Value>({ fetch, atOnce }: GuessedPages<Value>) => {
  const underway = new Map<number, Promise<Value>>();
  const begin = (place: number): Promise<Value> => {
    const known = underway.get(place);
    if (known !== undefined) return known;
    const page = fetch(place);
    page.catch(() => undefined);
    underway.set(place, page);
    return page;
  };
  return async (place: number, guess: Guess | undefined): Promise<Value> => {
    if (!underway.has(place)) underway.clear();
    const page = begin(place);
    if (guess !== undefined && guess.step > 0) {
      for (let ahead = 1; ahead < atOnce; ahead += 1) {
        const behind = place + ahead * guess.step;
        if (behind < guess.end) begin(behind);
      }
    }
    try {
      return await page;
    } finally {
      underway.delete(place);
    }
  };
};

/** Pages of one walk that may wait for those of the walks before it. */
const pagesAhead = 2;

/** Runs walks side by side, so many at once, and gives their pages in the order of the walks. The first error ends all. */
export async function* inOrder<Item>(
  walks: readonly (() => AsyncIterable<Item>)[],
  atOnce: number,
): AsyncGenerator<Item> {
  const readers: AheadReader<Item>[] = [];
  try {
    for (let index = 0; index < walks.length; index += 1) {
      for (const begin of walks.slice(readers.length, index + atOnce)) readers.push(aheadReader(begin(), pagesAhead));
      for (;;) {
        const step = await readers[index]?.next();
        if (step === undefined || step.done === true) break;
        yield step.value;
      }
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.stop()));
  }
}
