import { fieldReader, keyText, stampMilliseconds } from '../../contract/field.ts';
import type { ListRequest } from '../../contract/operations.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { walkPages } from '../../paging/walk.ts';
import { listReader, type PagedSource, type PageSize, type RestList, sizeFor } from './paged-source.ts';
import type { QueryValue } from './request.ts';

/** The last record read, as the vendor sent it: a stamp may be finer than a millisecond. */
export interface KeysetPosition {
  /** The record's stamp; absent in a list by key alone. */
  readonly stamp: string | number | undefined;
  readonly key: string;
}

/** What a page of a keyset list is asked for. */
export interface KeysetRequest extends ListRequest {
  /** Only records behind this one, in the list's order; absent on the first page. */
  readonly after: KeysetPosition | undefined;
}

/** A list in ascending order of stamp and key, or of the key alone, of which the vendor gives what lies behind a record. */
export interface KeysetList extends Omit<PagedSource, 'query'> {
  /** Dotted path of the record's key. */
  readonly key: string;
  readonly size?: PageSize;
  /** The query parameters: the window, and what lies behind `after`. */
  readonly query: (request: KeysetRequest) => Readonly<Record<string, QueryValue>>;
}

/**
 * Makes a `list` operation that asks for what lies behind the last record read. It ends with the first page that has
 * nothing new, whatever its size. A record without a stamp is given and noted and moves nothing; the cursor never goes
 * past the end of the window, so that one stamp of the year 2099 hides nothing from later walks.
 */
export const keysetList = <Name extends string>(name: Name, list: KeysetList): RestList<Name> => {
  const lastOf = positionReader(list);
  return (call, request) => {
    let after = readPosition(request.cursor);
    let safe = after;
    const asked = list.size && { [list.size.parameter]: sizeFor(request, list.size) };
    const { query, ...source } = list;
    const paged = { ...source, query: (window: ListRequest) => query({ ...window, after }) };
    const { fetch, endMs } = listReader(call.transports[name], { source: paged, request });
    return walkPages<{ readonly after: KeysetPosition | undefined }>({
      start: { after },
      read: async (position) => {
        after = position.after;
        const { records, total } = await fetch({ ...asked });
        if (records.length === 0) return { records, total, next: undefined };
        const next = lastOf(records, Number.POSITIVE_INFINITY);
        if (next === undefined) {
          throw connectorError('unexpected-content', `a whole page has no '${list.stamp ?? list.key}' to go on from`);
        }
        safe = lastOf(records, endMs()) ?? safe;
        return { records, total, next: { after: next } };
      },
      keyOf: (position) => (position.after === undefined ? '' : cursorOf(position.after)),
      cursorOf: () => safe && cursorOf(safe),
      rules: { ...list, ...(list.stamp !== undefined && { sorted: true }) },
      endMs,
    });
  };
};

/** Makes the reader of a page's last record that can be gone on from: one with key and stamp, not behind the end. */
const positionReader = ({ key, stamp }: Pick<KeysetList, 'key' | 'stamp'>) => {
  const keyOf = fieldReader(key);
  const stampOf = stamp === undefined ? undefined : fieldReader(stamp);
  const positionOf = (row: unknown, endMs: number): KeysetPosition | undefined => {
    const rowKey = keyText(keyOf(row));
    if (rowKey === undefined) return undefined;
    if (stampOf === undefined) return { stamp: undefined, key: rowKey };
    const value = stampOf(row);
    const milliseconds = stampMilliseconds(value);
    const isStamp = typeof value === 'string' || typeof value === 'number';
    return isStamp && milliseconds !== undefined && milliseconds <= endMs ? { stamp: value, key: rowKey } : undefined;
  };
  return (rows: readonly unknown[], endMs: number): KeysetPosition | undefined => {
    for (const row of rows.toReversed()) {
      const position = positionOf(row, endMs);
      if (position !== undefined) return position;
    }
    return undefined;
  };
};

const cursorOf = ({ stamp, key }: KeysetPosition): string => JSON.stringify(stamp === undefined ? [key] : [stamp, key]);

const readPosition = (cursor: string | undefined): KeysetPosition | undefined => {
  if (cursor === undefined) return undefined;
  const parts = parsedCursor(cursor);
  const [stamp, key] = parts.length === 1 ? [undefined, parts[0]] : parts;
  const isStamp = stamp === undefined || typeof stamp === 'string' || typeof stamp === 'number';
  if (isStamp && typeof key === 'string') return { stamp, key };
  throw connectorError('invalid-request', 'the cursor is not one of this list: start without it');
};

const parsedCursor = (cursor: string): readonly unknown[] => {
  try {
    const parts: unknown = JSON.parse(cursor);
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
};
