import type { ListRequest } from '../contract/operations.ts';
import { rowCheck } from './rows.ts';
import { searchCursor, searchPosition } from './search-position.ts';
import { inOrder } from './side-by-side.ts';
import type { PageOf } from './walk.ts';

/** A walk by search windows that can be cut into parts by time. */
export interface SplitWalk<Item> {
  /** Walks a window by itself. */
  readonly walk: (request: ListRequest) => AsyncIterable<PageOf<Item>>;
  /** Dotted path of the record's key. */
  readonly key: string;
  /** How many windows are read at once. */
  readonly atOnce: number;
  /** End of the window where the request names none, Unix milliseconds. Asked after the first page. */
  readonly endMs: () => number;
  /** Windows are no shorter than this, milliseconds: the vendor's filter could not tell them apart. */
  readonly shortestMs: number;
}

/** Windows are cut so that one holds a little less than a page, where changes are spread evenly. */
const pagesAWindow = 0.8;
/** A total may lie: no more windows than this are cut at once. */
const mostWindows = 10_000;

/**
 * Walks a window in parts side by side, in the order of a walk by itself, and with its cursors. How many parts depends
 * on the total that the first page claims: a total that lies makes the walk slower and loses nothing, because each part
 * is read to its own end. Neighbouring parts share the instant between them: what was changed then may come twice.
 */
export async function* splitWindows<Item>(split: SplitWalk<Item>, request: ListRequest): AsyncGenerator<PageOf<Item>> {
  const check = rowCheck<Item>({ key: split.key }, () => Number.POSITIVE_INFINITY);
  for await (const page of splitPages(split, request)) yield { ...page, records: check(page.records).records };
}

async function* splitPages<Item>(split: SplitWalk<Item>, request: ListRequest): AsyncGenerator<PageOf<Item>> {
  const iterator = split.walk(request)[Symbol.asyncIterator]();
  const { value: first, done } = await iterator.next();
  if (done === true) return;
  yield first;
  const bounds = boundsBehind(first, { ...split, until: request.until });
  if (bounds.length < 2) {
    yield* { [Symbol.asyncIterator]: () => iterator };
    return;
  }
  await iterator.return?.();
  const parts = bounds.map((begin, index) => {
    const end = bounds[index + 1];
    const asked = { ...request, since: new Date(begin), until: end === undefined ? request.until : new Date(end) };
    const cursor = index === 0 ? first.next : searchCursor({ by: 'gte', stamp: begin });
    return () => leadingOn(split.walk({ ...asked, cursor }), end);
  });
  yield* inOrder(parts, split.atOnce);
}

/** Where the parts behind the first page begin; none where there is nothing to cut. */
const boundsBehind = <Item>(
  { records, next, total }: PageOf<Item>,
  { endMs, shortestMs, until }: Pick<SplitWalk<Item>, 'endMs' | 'shortestMs'> & Pick<ListRequest, 'until'>,
): readonly number[] => {
  if (next === undefined || total === undefined || records.length === 0) return [];
  const begin = searchPosition(next).stamp;
  const span = (until?.getTime() ?? endMs()) - begin;
  const pages = (total - records.length) / records.length;
  const windows = Math.min(Math.ceil(pages / pagesAWindow), Math.floor(span / Math.max(1, shortestMs)), mostWindows);
  if (!Number.isFinite(windows) || windows < 2) return [];
  return Array.from({ length: windows }, (_, index) => Math.floor(begin + (index * span) / windows));
};

/** The last page of a part leads on to the next one. */
async function* leadingOn<Item>(
  pages: AsyncIterable<PageOf<Item>>,
  end: number | undefined,
): AsyncGenerator<PageOf<Item>> {
  for await (const { total: _total, ...page } of pages) {
    const behind = end === undefined ? undefined : searchCursor({ by: 'gte', stamp: end });
    yield { ...page, next: page.next ?? behind };
  }
}
