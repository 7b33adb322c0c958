import type { ListedPage, PageNote } from '../contract/operations.ts';
import { circleGuard } from './circle.ts';
import { type CheckedRows, type RowRules, rowCheck } from './rows.ts';

/** A page as one step of a walk reads it. */
export interface WalkedPage<Position, Item = unknown> {
  readonly records: readonly Item[];
  /** Behind this page; undefined ends the walk. An empty page may well have a next one. */
  readonly next: Position | undefined;
  /** How many records the vendor says there are. Totals lie: they never end a walk. */
  readonly total?: number | undefined;
  readonly notes?: readonly PageNote[] | undefined;
}

/** A list as pages that lead from one position to the next. */
export interface PageWalk<Position, Item> {
  readonly start: Position;
  readonly read: (position: Position) => Promise<WalkedPage<Position, Item>>;
  /** The position as text. One that comes a second time is a circle. */
  readonly keyOf: (position: Position) => string;
  /** The cursor at which a later walk goes on; the position's own text unless given. Told what the page held. */
  readonly cursorOf?: (position: Position, rows: CheckedRows<Item>) => string | undefined;
  readonly rules?: RowRules;
  /** End of the window, Unix milliseconds. Asked after the first page. */
  readonly endMs?: () => number;
}

/** A page of records of one kind. */
export interface PageOf<Item> extends ListedPage {
  readonly records: readonly Item[];
}

const noEnd = () => Number.POSITIVE_INFINITY;

/**
 * Walks the pages of a list, whatever leads from one to the next: the one loop of all lists.
 * @throws ConnectorError `unexpected-content` for a circle or a row out of order: the page that shows it is not given.
 */
export async function* walkPages<Position, Item = unknown>(
  walk: PageWalk<Position, Item>,
): AsyncGenerator<PageOf<Item>> {
  const { read, keyOf, cursorOf = keyOf } = walk;
  const refuseCircle = circleGuard();
  const check = rowCheck<Item>(walk.rules ?? {}, walk.endMs ?? noEnd);
  let position: Position | undefined = walk.start;
  refuseCircle(keyOf(position));
  while (position !== undefined) {
    const page: WalkedPage<Position, Item> = await read(position);
    const rows = check(page.records);
    const { next } = page;
    if (next !== undefined) refuseCircle(keyOf(next));
    const notes = [...(page.notes ?? []), ...rows.notes];
    yield {
      records: rows.records,
      next: next === undefined ? undefined : cursorOf(next, rows),
      ...(page.total !== undefined && { total: page.total }),
      ...(notes.length > 0 && { notes }),
    };
    position = next;
  }
}
