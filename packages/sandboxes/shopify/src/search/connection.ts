import { GraphQLError } from 'graphql';
import { recordColumns, storedRecord } from '../records/table.ts';
import { type RecordSource, sourceOf } from '../records/wire.ts';
import type { RecordType, ShopifyState } from '../types.ts';
import { type Condition, conditionOf, sortColumn } from './conditions.ts';
import { type Cursor, cursorText, readCursor } from './cursor.ts';
import { searchAlternatives, UnreadableSearch } from './terms.ts';

/** What a connection lists. */
export type Listed = {
  type: RecordType;
  /** Only those that belong to this record. */
  of?: { by: 'parent' | 'other'; id: string };
  /** A further condition. */
  where?: Condition;
};

/** A page of a connection, as GraphQL has it. */
export type Connection = {
  edges: { cursor: string; node: RecordSource }[];
  nodes: RecordSource[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
};

type Arguments = Readonly<Record<string, unknown>>;
type Page = { size: number; backwards: boolean; from: Cursor | undefined };

const refuse = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });

function pageOf({ settings }: ShopifyState, { first, last, after, before }: Arguments): Page {
  const backwards = typeof last === 'number';
  const size = backwards ? last : first;
  if (typeof size !== 'number') throw refuse('you must provide one of first or last');
  if (backwards && typeof first === 'number') throw refuse('providing both first and last is not supported');
  if (size < 0 || size > settings.maxPage) {
    throw refuse(`the page size is ${size}, and must be from 0 to ${settings.maxPage}`);
  }
  const cursor = backwards ? before : after;
  if (typeof cursor !== 'string') return { size, backwards, from: undefined };
  const from = readCursor(cursor);
  if (from === undefined) throw refuse('Invalid cursor for current pagination sort.');
  return { size, backwards, from };
}

function searched(state: ShopifyState, { type, of, where, query }: Listed & { query: unknown }): Condition[] {
  const conditions: Condition[] = [{ sql: 'type = ?', values: [type] }];
  if (of !== undefined) conditions.push({ sql: `${of.by} = ?`, values: [BigInt(of.id)] });
  if (where !== undefined) conditions.push(where);
  if (typeof query !== 'string' || query.trim() === '') return conditions;
  // A lagging index does not know of what was written a moment ago; a list without a search reads the records.
  if (state.settings.searchLagMs > 0) {
    conditions.push({ sql: '(changed_at <= lag_since() OR indexed_at IS NOT NULL)', values: [] });
  }
  const alternatives = searchAlternatives(query).map((terms) =>
    terms.flatMap((term) => conditionOf(state, term) ?? []),
  );
  // An alternative without a term that is known holds always.
  if (alternatives.some((terms) => terms.length === 0)) return conditions;
  const sql = alternatives.map((terms) => `(${terms.map((each) => each.sql).join(' AND ')})`).join(' OR ');
  return [...conditions, { sql: `(${sql})`, values: alternatives.flat().flatMap(({ values }) => values) }];
}

function rowsOf(state: ShopifyState, listed: Listed, { given, page }: { given: Arguments; page: Page | undefined }) {
  const conditions = searched(state, { ...listed, query: given.query });
  const column = sortColumn(state, { type: listed.type, key: given.sortKey });
  const descending = (given.reverse === true) !== (page?.backwards === true);
  if (page?.from !== undefined) {
    const sign = descending ? '<' : '>';
    conditions.push({ sql: `(${column}, id) ${sign} (?, ?)`, values: [page.from.value, page.from.id] });
  }
  // Without statistics SQLite would walk a whole type in the order of its ids to find the few of one parent.
  const index = listed.of === undefined ? '' : `INDEXED BY records_by_${listed.of.by}`;
  const direction = descending ? 'DESC' : 'ASC';
  const sql = `SELECT ${recordColumns}, CAST(${column} AS TEXT) AS sorted FROM records ${index}
    WHERE ${conditions.map((each) => each.sql).join(' AND ')} ORDER BY ${column} ${direction}, id ${direction} LIMIT ?`;
  const values = conditions.flatMap((each) => each.values);
  return state.database.statement(sql).all(...values, page === undefined ? -1 : page.size + 1);
}

/** One page of a connection; all of it in one where `whole` is set, as a bulk operation reads it. */
export function connection(
  state: ShopifyState,
  listed: Listed,
  { given, whole }: { given: Arguments; whole: boolean },
): Connection {
  const page = whole ? undefined : pageOf(state, given);
  let rows: Record<string, unknown>[];
  try {
    rows = rowsOf(state, listed, { given, page });
  } catch (error) {
    if (error instanceof UnreadableSearch) throw refuse(error.message);
    throw error;
  }
  const seen = page?.from?.seen ?? 0;
  const left = Math.max(0, state.settings.pagedObjects - seen);
  const size = page === undefined ? rows.length : Math.min(page.size, left);
  // Behind its last object the vendor ends a connection without a word.
  const more = rows.length > size && seen + size < state.settings.pagedObjects;
  const kept = rows.slice(0, size).map((row, index) => ({
    node: sourceOf(storedRecord(listed.type, row)),
    cursor: cursorText({
      id: BigInt(String(row.id_text)),
      value: BigInt(String(row.sorted ?? 0)),
      seen: seen + index + 1,
    }),
  }));
  const backwards = page?.backwards === true;
  const edges = backwards ? kept.reverse() : kept;
  const behind = page?.from !== undefined;
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: backwards ? behind : more,
      hasPreviousPage: backwards ? more : behind,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
