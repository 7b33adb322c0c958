import { isDeepStrictEqual } from 'node:util';
import { fieldReader, keyText, stampMilliseconds } from '../contract/field.ts';
import type { PageNote } from '../contract/operations.ts';
import { connectorError } from '../errors/connector-error.ts';

/** What is known about the rows of a list, so that each page can be held to it. All paths are dotted. */
export interface RowRules {
  /** Path of the record's key. With it, a record that two neighbouring pages give alike is given once. */
  readonly key?: string;
  /** Path of the change stamp. With it, records without one or with one behind the window are noted. */
  readonly stamp?: string;
  /** The vendor promises the rows in ascending order of the stamp: one out of order fails the list. */
  readonly sorted?: boolean;
}

/** The rows of a page that are given, and what is odd about them. */
export interface CheckedRows<Item> {
  readonly records: readonly Item[];
  readonly notes: readonly PageNote[];
  /** The last stamp, Unix milliseconds, that is neither missing nor behind the window. */
  readonly lastStamp: number | undefined;
}

/** Rows by key. */
type Keyed = ReadonlyMap<string, unknown>;

/**
 * Makes the check of one walk. `endMs` is the end of the window, Unix milliseconds.
 * It remembers the rows of two pages and no more: a record that changes its place in a list moves by a page at most,
 * and what comes back later is written twice with the same content, which has one effect.
 */
export const rowCheck = <Item>(
  rules: RowRules,
  endMs: () => number,
): ((rows: readonly Item[]) => CheckedRows<Item>) => {
  const keyOf = rules.key === undefined ? undefined : fieldReader(rules.key);
  const stampOf = rules.stamp === undefined ? undefined : fieldReader(rules.stamp);
  let before: Keyed = new Map();
  let beforeThat: Keyed = new Map();
  let highest = Number.NEGATIVE_INFINITY;

  return (rows) => {
    const records: Item[] = [];
    const notes: PageNote[] = [];
    const page = new Map<string, unknown>();
    let lastStamp: number | undefined;
    for (const row of rows) {
      const key = keyOf === undefined ? undefined : keyText(keyOf(row));
      if (key !== undefined && isKnown(row, { key, pages: [page, before, beforeThat] })) {
        notes.push({ kind: 'repeated', key });
        continue;
      }
      if (key !== undefined) page.set(key, row);
      records.push(row);
      if (stampOf === undefined) continue;
      const stamp = stampMilliseconds(stampOf(row));
      if (stamp === undefined) notes.push({ kind: 'stamp-missing', key });
      else if (stamp > endMs()) notes.push({ kind: 'stamp-ahead', key });
      else lastStamp = stamp;
      if (rules.sorted === true && stamp !== undefined) highest = inOrder(stamp, highest);
    }
    if (page.size > 0) [before, beforeThat] = [page, before];
    return { records, notes, lastStamp };
  };
};

/** A record that has changed in between is another one: leaving it out would lose the change. */
const isKnown = (row: unknown, { key, pages }: { key: string; pages: readonly Keyed[] }): boolean =>
  pages.some((page) => page.has(key) && isDeepStrictEqual(page.get(key), row));

/** @throws ConnectorError `unexpected-content` for a stamp below the highest so far. */
const inOrder = (stamp: number, highest: number): number => {
  if (stamp >= highest) return stamp;
  throw connectorError('unexpected-content', 'a row of the list is out of the order that the list is declared to have');
};
