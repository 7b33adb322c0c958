import { fieldReader, keyText } from '../../contract/field.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { type Guess, guessedFetch } from '../../paging/side-by-side.ts';
import { type WalkedPage, walkPages } from '../../paging/walk.ts';
import {
  type FetchedPage,
  listReader,
  type PagedSource,
  type PageSize,
  type RestList,
  type SideBySide,
  sizeFor,
} from './paged-source.ts';

/** A list that is read from an offset on. It must have an order of its own, best by id. */
export interface OffsetList extends PagedSource, SideBySide {
  /** Query parameter that takes the offset. */
  readonly offset: string;
  readonly size: PageSize;
  /** Dotted path of the record's key: the last record of a page is looked for in the next one. */
  readonly key: string;
}

/** The last record read, and the offset at which it was. */
interface Position {
  readonly skip: number;
  readonly lastKey: string | undefined;
  /** How often the last record was not where it had been. */
  readonly misses: number;
}

const cursorForm = /^(\d{1,15})\+(.+)$/s;

const readPosition = (cursor: string | undefined): Position => {
  if (cursor === undefined) return { skip: 0, lastKey: undefined, misses: 0 };
  const [, skip, lastKey] = cursorForm.exec(cursor) ?? [];
  if (lastKey === undefined) {
    throw connectorError('invalid-request', 'the cursor is not one of this list: start without it');
  }
  return { skip: Number(skip), lastKey, misses: 0 };
};

/**
 * Makes a `list` operation over offsets in which each page reads the last record of the one before once more. Where it
 * is no longer there, records before it were removed or came in: the walk goes back until it meets what it has read.
 * A walk that finds nothing of it starts over and gives records twice, which has the effect of once.
 */
export const offsetList =
  <Name extends string>(name: Name, list: OffsetList): RestList<Name> =>
  (call, request) => {
    const { fetch, endMs } = listReader(call.transports[name], { source: list, request });
    const size = sizeFor(request, list.size);
    const fetchGuessed = guessedFetch({
      fetch: (skip) => fetch({ [list.offset]: skip, [list.size.parameter]: size }),
      atOnce: list.sideBySide ?? 1,
    });
    return walkPages<Position>({
      start: readPosition(request.cursor),
      read: overlappingReads(list, {
        size,
        fetch: fetchGuessed,
      }),
      keyOf: ({ skip, lastKey = '', misses }) => `${skip}+${lastKey}+${misses}`,
      cursorOf: ({ skip, lastKey }) => (lastKey === undefined ? undefined : `${skip}+${lastKey}`),
      rules: list,
      endMs,
    });
  };

/** A list that is in another order each time it is asked for is never found again. */
const mostRestarts = 3;

const overlappingReads = (
  { key }: Pick<OffsetList, 'key'>,
  { size, fetch }: { size: number; fetch: (skip: number, guess?: Guess) => Promise<FetchedPage> },
) => {
  const keyOf = fieldReader(key);
  /** Keys of the page before: any of them shows where the walk stands. */
  let before: ReadonlySet<string> = new Set();
  let largest = 0;
  /** Totals lie: it only ends what is guessed. */
  let claimed: number | undefined;
  let restarts = 0;

  /** The page as given, the position behind it with its last record. */
  const given = ({ records, total }: FetchedPage, { skip, misses }: Position): WalkedPage<Position> => {
    const keys = records.map((row) => keyText(keyOf(row)));
    const last = keys.at(-1);
    if (last === undefined) throw connectorError('unexpected-content', `a row of the list has no '${key}'`);
    before = new Set(keys.filter((each) => each !== undefined));
    return { records, total, next: { skip: skip + records.length - 1, lastKey: last, misses } };
  };

  const goBack = ({ skip, lastKey, misses }: Position): WalkedPage<Position> => {
    if (skip > 0) {
      const back = Math.max(0, skip - Math.max(1, Math.min(size, largest || size)));
      return { records: [], next: { skip: back, lastKey, misses: misses + 1 } };
    }
    restarts += 1;
    if (restarts <= mostRestarts) return { records: [], next: { skip: 0, lastKey: undefined, misses: misses + 1 } };
    throw connectorError('unexpected-content', 'the list has no order of its own: sort it by its id');
  };

  return async (position: Position): Promise<WalkedPage<Position>> => {
    const { skip, lastKey } = position;
    // Pages overlap by a record, so that what is guessed is also held to what was read.
    const guess = lastKey === undefined ? undefined : { step: largest - 1, end: claimed ?? Number.POSITIVE_INFINITY };
    const page = await fetch(skip, guess);
    const { records } = page;
    largest = Math.max(largest, records.length);
    claimed = page.total;
    if (lastKey === undefined) return records.length === 0 ? { records, next: undefined } : given(page, position);
    const isKnown = (row: unknown) => {
      const each = keyText(keyOf(row));
      return each !== undefined && (each === lastKey || before.has(each));
    };
    if (!records.some(isKnown)) return goBack(position);
    if (records.length > 1) return given(page, position);
    // Only the one that was read: the end, or a vendor that has come to give a single record a page.
    const behind = await fetch(skip + 1);
    // Pages of a single record cannot overlap: where the one read has moved meanwhile, what is behind it has as well.
    if (largest === 1 && !(await fetch(skip)).records.some(isKnown)) return goBack(position);
    if (behind.records.length === 0) return { records: [], next: undefined };
    return given(behind, { ...position, skip: skip + 1 });
  };
};
