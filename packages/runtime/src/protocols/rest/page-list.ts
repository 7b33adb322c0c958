import { isDeepStrictEqual } from 'node:util';
import { readField } from '../../contract/field.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { circling } from '../../paging/circle.ts';
import { guessedFetch } from '../../paging/side-by-side.ts';
import { walkPages } from '../../paging/walk.ts';
import {
  listReader,
  type PagedSource,
  type PageSize,
  type RestList,
  type SideBySide,
  saysMore,
  sizeFor,
} from './paged-source.ts';

/** A list whose pages are asked for by number. */
export interface NumberedList extends PagedSource, SideBySide {
  /** Query parameter that takes the number of the page. */
  readonly page: string;
  /** Number of the first page; 1 unless given. */
  readonly first?: number;
  readonly size?: PageSize;
  /**
   * Dotted path of what says that there are more pages: true, or the next one's number. Without it the first empty page
   * is the end, so that a vendor which gives fewer records than asked for ends nothing early.
   */
  readonly more?: string;
  /** Dotted path of the page size that the vendor went by. Where it changes, the pages are counted anew. */
  readonly toldSize?: string;
}

/** A page's number, and the size of page that the vendor counted by when it was found. */
interface Position {
  readonly page: number;
  readonly size: number | undefined;
}

const cursorForm = /^(\d{1,15})(?:x(\d{1,9}))?$/;

const readPosition = (cursor: string | undefined, first: number): Position => {
  if (cursor === undefined) return { page: first, size: undefined };
  const [, page, size] = cursorForm.exec(cursor) ?? [];
  if (page === undefined) {
    throw connectorError('invalid-request', 'the cursor is not one of this list: start without it');
  }
  return { page: Number(page), size: size === undefined ? undefined : Number(size) };
};

/**
 * Makes a `list` operation that counts pages. A record that is removed during the walk shifts the others by one, past
 * a page that was read already: for lists that shrink, use `rest.offset` or `rest.keyset` where the vendor has them.
 */
export const numberedList = <Name extends string>(name: Name, list: NumberedList): RestList<Name> => {
  const { first = 1, size, more, toldSize } = list;
  return (call, request) => {
    const { fetch, endMs } = listReader(call.transports[name], { source: list, request });
    const asked = size && { [size.parameter]: sizeFor(request, size) };
    const fetchGuessed = guessedFetch({
      fetch: (page) => fetch({ ...asked, [list.page]: page }),
      atOnce: list.sideBySide ?? 1,
    });
    /** Behind the last page, by the total that the vendor claims. */
    let end: number | undefined;
    let before: readonly unknown[] = [];
    return walkPages<Position>({
      start: readPosition(request.cursor, first),
      read: async (position) => {
        const { answer, records, total } = await fetchGuessed(
          position.page,
          end === undefined ? undefined : { step: 1, end },
        );
        const told = toldSize === undefined ? undefined : sizeTold(readField(answer.body, toldSize));
        const moved = movedTo(position, { told, first });
        // Larger pages under the same number would leave out what lies between: the page of that place is read instead.
        if (moved !== undefined) return { records: [], next: moved };
        if (records.length > 0 && isDeepStrictEqual(records, before)) throw circling();
        before = records;
        end ??= endOf({ first, total, records: records.length });
        const goesOn = more === undefined ? records.length > 0 : saysMore(readField(answer.body, more));
        return { records, total, next: goesOn ? { page: position.page + 1, size: told ?? position.size } : undefined };
      },
      keyOf: ({ page, size: counted }) => (counted === undefined ? String(page) : `${page}x${counted}`),
      rules: list,
      endMs,
    });
  };
};

const sizeTold = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;

/** Where the walk stands by the vendor's new count, when its pages have grown. */
const movedTo = (
  { page, size }: Position,
  { told, first }: { told: number | undefined; first: number },
): Position | undefined => {
  if (size === undefined || told === undefined || told === size) return undefined;
  const recounted = first + Math.floor(((page - first) * size) / told);
  return recounted === page ? undefined : { page: recounted, size: told };
};

const endOf = ({ first, total, records }: { first: number; total: number | undefined; records: number }): number =>
  total === undefined || records === 0 ? Number.POSITIVE_INFINITY : first + Math.ceil(total / records);
