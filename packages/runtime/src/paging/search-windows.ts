import { fieldReader, keyText, stampMilliseconds } from '../contract/field.ts';
import type { ListRequest } from '../contract/operations.ts';
import { connectorError } from '../errors/connector-error.ts';
import { type SearchPosition, searchCursor, searchPosition } from './search-position.ts';
import { type PageOf, type WalkedPage, walkPages } from './walk.ts';

/** What a search answered: its first rows, and whether there are more. */
export interface Found<Item> {
  readonly records: readonly Item[];
  readonly more: boolean;
  readonly total?: number | undefined;
}

/** A search whose results are capped, so that it cannot be read to its end by an offset. */
export interface WindowedSearch<Item> {
  /** Dotted path of the record's key, unique and in the search's order. */
  readonly key: string;
  /** Dotted path of the change stamp, or what reads it. */
  readonly stamp: string | ((record: Item) => unknown);
  /**
   * Searches from the position on: by stamp ascending, or by key ascending among the ties of one stamp. Rejects with a
   * ConnectorError.
   */
  readonly search: (position: SearchPosition) => Promise<Found<Item>>;
  /** End of the window where the request names none, Unix milliseconds. Asked after the first page. */
  readonly endMs?: () => number;
}

/**
 * Walks a capped search: every page is a search of its own that begins at the last stamp of the page before, never an
 * offset. So it meets no wall of results, and a record that changes while we read shifts no other out of sight. No
 * order is promised among equal stamps, so the last stamp of a page is read anew by the next one, and a stamp that
 * fills a page by itself is read by key.
 * @throws ConnectorError `expired-cursor` for a cursor that is none of this walk; what a search rejects with.
 */
export const searchWindows = <Item>(
  windows: WindowedSearch<Item>,
  request: ListRequest,
): AsyncGenerator<PageOf<Item>> => {
  const { key, stamp, search } = windows;
  const stampOf = typeof stamp === 'string' ? fieldReader(stamp) : stamp;
  const reader: RowReader<Item> = { keyOf: fieldReader(key), stampOf: (row) => stampMilliseconds(stampOf(row)) };
  const endMs = () => request.until?.getTime() ?? windows.endMs?.() ?? Number.POSITIVE_INFINITY;
  const start: SearchPosition = { by: 'gte', stamp: Math.max(0, request.since?.getTime() ?? 0) };
  return walkPages<SearchPosition, Item>({
    start: request.cursor === undefined ? start : searchPosition(request.cursor),
    read: async (position) => {
      const found = await search(position);
      return position.by === 'ties' ? tiesRead(found, position, reader) : windowRead(found, position, reader);
    },
    keyOf: searchCursor,
    // A stamp of the year 2099 must not hide from later walks what lies before it.
    cursorOf: (position) => searchCursor(position.stamp > endMs() ? { by: 'gte', stamp: endMs() } : position),
    rules: { key, ...(typeof stamp === 'string' && { stamp }) },
    endMs,
  });
};

interface RowReader<Item> {
  readonly keyOf: (row: Item) => unknown;
  readonly stampOf: (row: Item) => number | undefined;
}

type Step<Item> = WalkedPage<SearchPosition, Item>;

/** A page by stamp. The rows of its last stamp may have more beside them, so they are left to the next page. */
const windowRead = <Item>(
  { records, more, total }: Found<Item>,
  position: SearchPosition & { by: 'gte' | 'gt' },
  { stampOf }: RowReader<Item>,
): Step<Item> => {
  const stamps = records.map(stampOf);
  const known = stamps.filter((stamp) => stamp !== undefined);
  if (known.some((stamp, index) => stamp < (known[index - 1] ?? position.stamp))) throw astray();
  const last = known.at(-1);
  if (!more) return { records, total, next: undefined };
  if (last === undefined || (position.by === 'gt' && last === position.stamp)) throw astray();
  if (known[0] === last) {
    const unstamped = records.filter((_row, index) => stamps[index] === undefined);
    return { records: unstamped, total, next: { by: 'ties', stamp: last, key: undefined } };
  }
  return {
    records: records.filter((_row, index) => stamps[index] !== last),
    total,
    next: { by: 'gte', stamp: last },
  };
};

/** A page of equal stamps by key; behind the last one the search by stamp goes on. */
const tiesRead = <Item>(
  { records, more, total }: Found<Item>,
  { stamp, key }: SearchPosition & { by: 'ties' },
  { keyOf }: RowReader<Item>,
): Step<Item> => {
  const keys = records.map((row) => keyText(keyOf(row)));
  if (keys.some((each, index) => !isBehind(each, keys[index - 1] ?? key))) throw astray();
  const last = keys.at(-1);
  if (!more || last === undefined) return { records, total, next: { by: 'gt', stamp } };
  return { records, total, next: { by: 'ties', stamp, key: last } };
};

const digits = /^\d{1,40}$/;

/** How texts are ordered is the vendor's secret, so only numbers are held to their order; a text must move on. */
const isBehind = (key: string | undefined, before: string | undefined): boolean => {
  if (key === undefined) return false;
  if (before === undefined) return true;
  return digits.test(key) && digits.test(before) ? BigInt(key) > BigInt(before) : key !== before;
};

const astray = () => connectorError('unexpected-content', 'a search did not keep to its filter or its order');
