import { connectorError, type ListedPage, type ListRequest, readField } from '@mortise/runtime';
import { askedFields, type Collection, toRecord } from './collection.ts';
import type { Table } from './table.ts';
import { listPage } from './vendor-facts.ts';

/** Where a walk stands: the last id read, and the end of its window by the server's clock, Unix milliseconds. */
interface Position {
  readonly lastId: string | undefined;
  readonly endMs: number | undefined;
}

const cursorForm = /^(\d{1,16})?\+(\d{1,20})$/;

const readPosition = (cursor: string | undefined): Position => {
  if (cursor === undefined) return { lastId: undefined, endMs: undefined };
  const [, end, lastId] = cursorForm.exec(cursor) ?? [];
  if (lastId === undefined) {
    throw connectorError('invalid-request', 'the cursor is not one of this list: start without it');
  }
  return { lastId, endMs: end === undefined ? undefined : Number(end) };
};

/** Rows whose last change lies in the window: `date_updated` is null until the first update. */
const changedWithin = ({ created, updated }: Collection, bound: Readonly<Record<string, string>>) => ({
  _or: [{ [updated]: bound }, { _and: [{ [updated]: { _null: true } }, { [created]: bound }] }],
});

const filterOf = (collection: Collection, { since, lastId, endMs }: Position & { since: Date | undefined }) => {
  const parts: object[] = [];
  const isWindow = since !== undefined || endMs !== undefined;
  if (isWindow) {
    const from = since && { _gte: since.toISOString() };
    const to = endMs === undefined ? undefined : { _lte: new Date(endMs).toISOString() };
    const within = changedWithin(collection, { ...from, ...to });
    // Rows older than the date fields have neither: they belong to no change, but to the list of all.
    const neither = { _and: [{ [collection.updated]: { _null: true } }, { [collection.created]: { _null: true } }] };
    parts.push(since === undefined ? { _or: [within, neither] } : within);
  }
  if (lastId !== undefined) parts.push({ [collection.id]: { _gt: lastId } });
  return parts.length === 0 ? undefined : JSON.stringify({ _and: parts });
};

/** The rows of an answer. @throws ConnectorError `unexpected-content` where there are none. */
export const rowsOf = (body: unknown): readonly unknown[] => {
  const rows = readField(body, 'data');
  if (Array.isArray(rows)) return rows;
  throw connectorError('unexpected-content', "the answer has no list at 'data'");
};

/** The window ends at the server's time at the first answer: what changes later belongs to the next one. */
const serverTime = ({ date = '' }: Readonly<Record<string, string | undefined>>): number | undefined => {
  const at = Date.parse(date);
  // The header has whole seconds: the one that has begun belongs to the window.
  return Number.isNaN(at) ? undefined : at + 999;
};

const earlier = (until: Date | undefined, serverMs: number | undefined): number | undefined =>
  until === undefined || serverMs === undefined ? (until?.getTime() ?? serverMs) : Math.min(until.getTime(), serverMs);

const readRows = async (table: Table, query: Record<string, string | number>) => {
  const path = `items/${table.collection.name}`;
  const fields = askedFields(table.collection).join(',');
  const { body, headers } = await table.call.transports.rest.send({ method: 'GET', path, query: { fields, ...query } });
  return { rows: rowsOf(body), headers };
};

/**
 * Walks the rows changed within the window in the order of ids. Not of stamps: the database may keep microseconds,
 * which the answers cut off, so that a position of stamp and id would step over rows of one millisecond. A row that
 * changes during the walk leaves the window and belongs to the next one; no other row moves.
 * Ends with an empty page: a page may be shorter than asked, because the server can have a lower limit of its own.
 */
export async function* changedItems(
  table: Table,
  { since, until, cursor, pageSize }: ListRequest,
): AsyncGenerator<ListedPage> {
  const { largestPage } = table.call.settings;
  const limit = Math.min(Math.max(1, pageSize ?? listPage), largestPage);
  let { lastId, endMs } = readPosition(cursor);
  if (cursor === undefined) endMs = until?.getTime();
  for (;;) {
    const filter = filterOf(table.collection, { since, lastId, endMs });
    const query = { sort: table.collection.id, limit, ...(filter !== undefined && { filter }) };
    const { rows, headers } = await readRows(table, query);
    if (lastId === undefined) endMs = earlier(until, serverTime(headers));
    const records = rows.map((row) => toRecord(row, table.collection));
    const last = records.at(-1)?.id;
    if (typeof last !== 'string') {
      yield { records };
      return;
    }
    checkMove(last, lastId);
    lastId = last;
    yield { records, next: `${endMs ?? ''}+${lastId}` };
  }
}

/**
 * Holds a walk to its order of ids.
 * @throws ConnectorError `invalid-settings` for ids that are no numbers, `unexpected-content` for a circle.
 */
export const checkMove = (id: string, before: string | undefined): void => {
  if (!/^\d{1,20}$/.test(id)) {
    throw connectorError('invalid-settings', 'lists need a collection whose primary key counts up, not texts or UUIDs');
  }
  if (before !== undefined && BigInt(id) <= BigInt(before)) {
    throw connectorError('unexpected-content', 'the pages of the list lead back to one already read');
  }
};
