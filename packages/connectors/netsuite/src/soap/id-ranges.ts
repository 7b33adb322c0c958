import { connectorError, type ListedPage, readField } from '@mortise/runtime';
import { cursorBehind } from '../internal-id.ts';

/** One search of a walk: the records from one id up to another, or all from it on. */
export interface IdRange {
  readonly from: bigint;
  readonly to: bigint | undefined;
}

/** What a search answered: its first page, and how much there is. */
export interface RangeAnswer {
  readonly records: readonly unknown[];
  readonly totalRecords: number;
  readonly totalPages: number;
}

/** A walk over searches. */
export interface IdWalk {
  /** First id that is wanted. */
  readonly from: bigint;
  /** Most records of one answer. */
  readonly pageSize: number;
  readonly search: (range: IdRange) => Promise<RangeAnswer>;
}

/** An empty range is followed by one so many times wider: ids may leave gaps of any width. */
const growthWhenEmpty = 8n;

const idOf = (record: unknown): bigint => {
  const id = readField(record, 'internalId');
  if (typeof id === 'string' && /^\d{1,19}$/.test(id)) return BigInt(id);
  throw connectorError('unexpected-content', 'a record of the search has no internal id');
};

/** Records in ascending order of their ids: no order of NetSuite's can be asked for. */
const sorted = (records: readonly unknown[]): readonly unknown[] =>
  records.toSorted((one, other) => (idOf(one) < idOf(other) ? -1 : 1));

/** @throws ConnectorError `truncated` where records are missing from an answer that claims to hold them all. */
const checkWhole = ({ records, totalRecords }: RangeAnswer): void => {
  if (records.length === totalRecords) return;
  throw connectorError('truncated', 'the search answered fewer or more records than it counted');
};

/**
 * Pages of records by ranges of ids, each so narrow that one answer holds it whole. NetSuite runs a search again for
 * each of its own pages, so that records move from page to page while they are read and are lost between them, and a
 * search cannot say its order. An answer that holds its range whole has neither problem, nothing of it expires, and a
 * walk goes on from any id.
 */
export async function* walkIdRanges({ from, pageSize, search }: IdWalk): AsyncGenerator<ListedPage> {
  let low = from;
  let width = BigInt(pageSize);
  // How many records lie from `low` on, at most; asked first, and again where the ranges have come to nothing.
  let left: number | undefined;
  for (;;) {
    const isLast = left === undefined || left <= pageSize;
    const to = isLast ? undefined : low + width - 1n;
    const answer = await search({ from: low, to });
    const isWhole = answer.totalPages <= 1;
    if (isWhole) checkWhole(answer);
    if (isLast && isWhole) {
      yield { records: sorted(answer.records), total: answer.totalRecords };
      return;
    }
    if (isLast) {
      left = Math.max(answer.totalRecords, pageSize + 1);
      continue;
    }
    if (!isWhole) {
      width = halved(width);
      continue;
    }
    low = behind(low + width);
    left = answer.totalRecords === 0 ? undefined : (left ?? 0) - answer.totalRecords;
    width = nextWidth(width, { found: answer.totalRecords, pageSize });
    if (answer.totalRecords > 0) yield { records: sorted(answer.records), next: cursorBehind(low - 1n) };
  }
}

/** A search that does not hold to its ids would be asked for ever. */
const astray = () =>
  connectorError('unexpected-content', 'the search does not answer by the ids that it was asked for');

const halved = (width: bigint): bigint => {
  if (width === 1n) throw astray();
  return width / 2n;
};

/** Ids are 64-bit numbers. */
const behind = (low: bigint): bigint => {
  if (low >= 2n ** 63n) throw astray();
  return low;
};

const nextWidth = (width: bigint, { found, pageSize }: { found: number; pageSize: number }): bigint => {
  if (found === 0) return width * growthWhenEmpty;
  return found * 2 <= pageSize ? width * 2n : width;
};
