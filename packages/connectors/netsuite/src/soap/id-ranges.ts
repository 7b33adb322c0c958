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
  let high: bigint | undefined;
  // How many records lie from `low` on, at most; asked first, and again where a range has come to nothing.
  let left: number | undefined;
  for (;;) {
    const isRest = left === undefined || left < pageSize;
    const to = isRest ? undefined : high;
    const answer = await search({ from: low, to });
    // A full answer is never taken for its whole range, whatever it counts: a total that is too low would end the list.
    if (answer.totalPages > 1 || answer.records.length >= pageSize) {
      if (isRest) left = Math.max(answer.totalRecords, pageSize + 1);
      high = to === undefined ? firstOf(answer, pageSize) : narrowed({ from: low, to }, { answer, pageSize });
      continue;
    }
    checkWhole(answer);
    const records = sorted(answer.records);
    if (to === undefined) {
      yield { records, total: answer.totalRecords };
      return;
    }
    left = records.length === 0 ? undefined : (left ?? 0) - records.length;
    const width = to - low + 1n;
    low = to + 1n;
    high = to + (records.length * 2 <= pageSize ? width * 2n : width);
    if (records.length > 0) yield { records, next: cursorBehind(to) };
  }
}

/**
 * End of the first range: as many ids as leave an answer just short of full, counted from the lowest one seen, so that a
 * gap of any width is passed at once. What lies below the lowest one seen is in the range too.
 */
const firstOf = ({ records }: RangeAnswer, pageSize: number): bigint => {
  const [lowest] = sorted(records);
  if (lowest === undefined) throw astray();
  return idOf(lowest) + BigInt(pageSize) - 2n;
};

/** How full the answer to a narrowed range is meant to be. */
const fullness = 0.75;

/** End of a range that holds fewer records: by where the ids seen lie, and at least a half narrower. */
const narrowed = (
  { from, to }: { readonly from: bigint; readonly to: bigint },
  { answer, pageSize }: { readonly answer: RangeAnswer; readonly pageSize: number },
): bigint => {
  // A search that does not hold to its ids would be asked for ever.
  if (from === to) throw astray();
  const seen = sorted(answer.records);
  const place = Math.floor((seen.length * fullness * pageSize) / Math.max(answer.totalRecords, 1));
  const record = seen[place];
  const middle = from + (to - from) / 2n;
  const end = record === undefined ? middle : idOf(record);
  return end < from || end > middle ? middle : end;
};

const astray = () =>
  connectorError('unexpected-content', 'the search does not answer by the ids that it was asked for');
