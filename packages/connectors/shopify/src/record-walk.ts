import { connectorError, type ListedPage, type ListRequest, type PageNote, readField } from '@mortise/runtime';
import {
  type ConnectionQuery,
  type ConnectionRead,
  connectionReader,
  type ReadConnection,
} from '@mortise/runtime/graphql';
import { type Found, type SearchPosition, searchWindows } from '@mortise/runtime/rest';
import { numberOf } from './gid.ts';
import { allOf, secondsWindow, windowTerms } from './search.ts';
import type { ShopifyCall } from './vendor.ts';
import { granularityMs, limits } from './vendor-facts.ts';

/** A connection of records, and how it is walked. */
export interface RecordWalk extends Pick<ConnectionQuery, 'document' | 'connection' | 'nested'> {
  /** What the connection can be sorted by. `none` gives the order of ids. */
  readonly sorts: 'stamp-and-id' | 'id' | 'none';
  /** Records a page, where the most that Shopify gives would be too dear. */
  readonly first?: number;
  /** The record as the connector's schema has it. */
  readonly fold?: (row: unknown) => unknown;
}

/**
 * Makes a `list` of a connection. Every page is a search of its own that begins behind the last record read, never the
 * vendor's cursor: so there is no end at 25,000 objects, and a record that changes while we read pushes no other out of
 * sight. What has changed is read in the order of its stamps where Shopify can sort by them, all else in that of ids.
 */
export const recordList =
  (walk: RecordWalk) =>
  (call: ShopifyCall, request: ListRequest): AsyncGenerator<ListedPage> => {
    const window = secondsWindow(request);
    return walk.sorts === 'stamp-and-id' && window.since !== undefined
      ? changesByStamp(call, walk, { ...request, ...window })
      : recordsById(call, walk, { ...request, ...window });
  };

/** The reader of a walk's pages. */
export const readerOf = (call: ShopifyCall, walk: RecordWalk, { pageSize }: ListRequest): ReadConnection =>
  connectionReader(call.transports.admin, { ...walk, key: 'id', first: walk.first ?? limits.page, pageSize });

/** A page with records in it, or the end: an empty page in the middle is stepped over. */
export const filledPage = async (
  read: ReadConnection,
  variables: Readonly<Record<string, unknown>>,
): Promise<ConnectionRead> => {
  const seen = new Set<string>();
  for (let page = await read(variables); ; page = await read(variables, page.next)) {
    if (page.records.length > 0 || page.next === undefined) return page;
    if (seen.has(page.next)) {
      throw connectorError('unexpected-content', 'the pages of the list lead back to one already read');
    }
    seen.add(page.next);
  }
};

const folded = ({ fold }: RecordWalk, rows: readonly unknown[]): readonly unknown[] =>
  fold === undefined ? rows : rows.map(fold);

async function* changesByStamp(call: ShopifyCall, walk: RecordWalk, request: ListRequest): AsyncGenerator<ListedPage> {
  const read = readerOf(call, walk, request);
  let notes: readonly PageNote[] = [];
  const search = async (position: SearchPosition): Promise<Found<unknown>> => {
    const page = await filledPage(read, positionVariables(position, request.until));
    notes = page.notes;
    return { records: page.records, more: page.next !== undefined };
  };
  for await (const page of searchWindows({ key: 'id', stamp: 'updatedAt', search }, request)) {
    yield { ...page, records: folded(walk, page.records), notes: [...(page.notes ?? []), ...notes] };
  }
}

const positionVariables = (position: SearchPosition, until: Date | undefined) => {
  const { by, stamp } = position;
  if (by === 'ties') {
    const tied = windowTerms('updated_at', { since: new Date(stamp), until: new Date(stamp) });
    const behind = position.key === undefined ? [] : [`id:>${numberOf(position.key)}`];
    return { query: allOf([...behind, ...tied]), sortKey: 'ID' };
  }
  const since = new Date(by === 'gt' ? stamp + granularityMs : stamp);
  return { query: allOf(windowTerms('updated_at', { since, until })), sortKey: 'UPDATED_AT' };
};

const cursorForm = /^id\.(\d{1,20})$/;

const readCursor = (cursor: string | undefined): bigint | undefined => {
  if (cursor === undefined) return undefined;
  const [, digits] = cursorForm.exec(cursor) ?? [];
  if (digits !== undefined) return BigInt(digits);
  throw connectorError('invalid-request', 'the cursor is not one of this list: read the window again without it');
};

async function* recordsById(call: ShopifyCall, walk: RecordWalk, request: ListRequest): AsyncGenerator<ListedPage> {
  const read = readerOf(call, walk, request);
  const window = windowTerms('updated_at', request);
  const sorted = walk.sorts === 'none' ? {} : { sortKey: 'ID' };
  for (let last = readCursor(request.cursor); ; ) {
    const behind = last === undefined ? [] : [`id:>${last}`];
    const { records, notes, next: more } = await filledPage(read, { query: allOf([...behind, ...window]), ...sorted });
    last = lastNumber(records, last);
    const next = more === undefined ? undefined : `id.${last}`;
    yield { records: folded(walk, records), notes, next };
    if (next === undefined) return;
  }
}

/** The last id of a page. An order or a filter that Shopify did not keep to would step over records in silence. */
const lastNumber = (records: readonly unknown[], before: bigint | undefined): bigint | undefined => {
  let last = before;
  for (const record of records) {
    const number = numberOf(readField(record, 'id'));
    if (last !== undefined && number <= last) {
      throw connectorError('unexpected-content', 'the list did not keep to its filter or its order of ids');
    }
    last = number;
  }
  return last;
};
