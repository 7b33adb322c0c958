import {
  type Call,
  connectorError,
  type ListedPage,
  type ListRequest,
  readField,
  type TransportDefinition,
} from '@mortise/runtime';
import type { GraphqlAnswer, GraphqlTransport } from '@mortise/runtime/graphql';
import { defaultTake, granularityMs, largestTake } from './vendor-facts.ts';

/** The vendor's transports, as operations see them. */
export interface WithAdmin {
  readonly admin: TransportDefinition<GraphqlTransport>;
  readonly [other: string]: TransportDefinition<unknown>;
}

/** A row as far as paging looks at it. */
interface Row {
  readonly id: string;
  readonly updatedAt: string;
}

/** Where a walk stands. */
interface Position {
  /** The last row read, and the offset at which it was. */
  readonly skip: number;
  readonly lastId: string | undefined;
  /** When the walk began, by the shop's clock, Unix milliseconds. */
  readonly begunAt: number | undefined;
}

/** Which list is read: the document, and the field of the answer. */
interface List {
  readonly document: string;
  readonly field: string;
}

const isRow = (value: unknown): value is Row =>
  typeof readField(value, 'id') === 'string' && typeof readField(value, 'updatedAt') === 'string';

const cursorForm = /^(\d{1,15})\+(\d{1,16})\+(.+)$/;

const readPosition = (cursor: string | undefined): Position => {
  if (cursor === undefined) return { skip: 0, lastId: undefined, begunAt: undefined };
  const [, skip, begunAt, lastId] = cursorForm.exec(cursor) ?? [];
  if (lastId === undefined) {
    throw connectorError('invalid-request', 'the cursor is not one of this list: start without it');
  }
  return { skip: Number(skip), lastId, begunAt: Number(begunAt) };
};

/**
 * Tells whether a stamp lies within the window asked for; both ends belong to it.
 * What changed after the walk began belongs to the next window, also where the shop's clock is behind ours: rows are
 * not read in the order of their stamps, and a late stamp would move the mark past an earlier one that was missed.
 */
const windowOf = ({ since, until }: ListRequest, begunAt: number) => {
  const first = since?.getTime() ?? Number.NEGATIVE_INFINITY;
  const last = until === undefined ? Number.POSITIVE_INFINITY : Math.min(until.getTime(), begunAt);
  return (stamp: string): boolean => {
    const at = Date.parse(stamp);
    return at >= first && at <= last;
  };
};

/** Latest instant that a Date holds, Unix milliseconds: where the shop does not say its time. */
const latest = 8.64e15;

const timeOf = ({ date = '' }: GraphqlAnswer['headers']): number => {
  const at = Date.parse(date);
  return Number.isNaN(at) ? latest : at;
};

interface PageQuery extends List {
  readonly since: Date | undefined;
  readonly take: number;
  readonly skip: number;
}

const readPage = async (call: Call<WithAdmin, unknown>, { document, field, since, take, skip }: PageQuery) => {
  // 'after' excludes its own instant, and the text of a whole second counts as before its first millisecond.
  const after = since === undefined ? undefined : new Date(Math.max(0, since.getTime() - granularityMs)).toISOString();
  const filter = after === undefined ? undefined : { updatedAt: { after } };
  const options = { take, skip, sort: { id: 'ASC' }, filter };
  const { data, headers } = await call.transports.admin.send({ document, variables: { options } });
  const rows = readField(data, `${field}.items`);
  const total = readField(data, `${field}.totalItems`);
  if (!Array.isArray(rows) || !rows.every(isRow)) {
    throw connectorError('unexpected-content', `the answer has no list of rows with id and updatedAt at '${field}'`);
  }
  return { rows, total: typeof total === 'number' ? total : undefined, time: timeOf(headers) };
};

/** A page of rows behind a position. */
export interface RowPage {
  readonly rows: readonly Row[];
  /** Whether a stamp belongs to the window. */
  readonly isWithin: (stamp: string) => boolean;
  readonly next: string | undefined;
  readonly total: number | undefined;
}

/** What a walk reads. */
export interface RowsRequest {
  readonly list: List;
  /** Lower bound of `updatedAt` at the vendor, where the rows' own stamps tell what has changed. */
  readonly since?: Date | undefined;
  readonly request: ListRequest;
}

/**
 * Walks a list in the order of ids, on from the last row read, which each page reads once more.
 * Not in the order of `updatedAt`: Vendure takes the sort's fields in the order of its schema, where the id comes
 * first, and without the id rows of one stamp have no order. The window has no upper end at the vendor, so that a row
 * that changes during the walk stays where it is. Rows can still be removed before the position or come in there: the
 * last row is then looked for, backwards, and where it is gone itself the walk starts over and gives rows twice.
 */
export async function* rowsById(
  call: Call<WithAdmin, unknown>,
  { list, since, request }: RowsRequest,
): AsyncGenerator<RowPage> {
  const size = Math.min(request.pageSize ?? defaultTake, largestTake - 1);
  let { skip, lastId, begunAt } = readPosition(request.cursor);
  for (;;) {
    const take = lastId === undefined ? size : size + 1;
    const { rows, total, time } = await readPage(call, { ...list, since, take, skip });
    begunAt ??= time;
    const known = lastId === undefined ? -1 : rows.findIndex(({ id }) => id === lastId);
    if (lastId !== undefined && known === -1) {
      if (skip === 0) lastId = undefined;
      skip = Math.max(0, skip - size);
      continue;
    }
    const last = rows.at(-1);
    const isEnd = rows.length < take || last === undefined;
    skip += rows.length - 1;
    lastId = last?.id;
    const next = isEnd ? undefined : `${skip}+${begunAt}+${lastId}`;
    yield { rows: rows.slice(known + 1), isWithin: windowOf(request, begunAt), next, total };
    if (isEnd) return;
  }
}

/** Makes a `list` of the rows that were changed within the window. */
export const changedRows = (list: List) =>
  async function* (call: Call<WithAdmin, unknown>, request: ListRequest): AsyncGenerator<ListedPage> {
    for await (const page of rowsById(call, { list, since: request.since, request })) {
      const { rows, isWithin, next, total } = page;
      yield { records: rows.filter(({ updatedAt }) => isWithin(updatedAt)), next, total };
    }
  };
