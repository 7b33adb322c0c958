import { GraphQLError } from 'graphql';
import { columns, type RecordType, recordOf, type StoredRecord } from '../records/table.ts';
import type { ShopifyState } from '../state.ts';
import { readAlternatives, type Term } from './search-terms.ts';

/** Arguments that every connection takes. */
export interface PageArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly reverse?: boolean | null;
  readonly query?: string | null;
  readonly sortKey?: string | null;
}

/** Which records a connection is of. */
export interface Listing {
  readonly type: RecordType;
  /** Only those that belong to this record. */
  readonly parent?: string | undefined;
  /** Only those at this location. */
  readonly place?: string | undefined;
}

/** A page, its nodes still to be resolved. */
export interface RecordPage {
  readonly records: readonly StoredRecord[];
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

const largestPage = 250;

/** Where a page stands: the sort value and id of its last row, and how many rows lie before it. */
interface Position {
  readonly value: number;
  readonly id: string;
  readonly index: number;
}

const cursorOf = (position: Position): string =>
  Buffer.from(JSON.stringify([position.value, position.id, position.index])).toString('base64');

const readCursor = (cursor: string): Position => {
  try {
    const [value, id, index]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64').toString());
    if (typeof value === 'number' && typeof id === 'string' && typeof index === 'number') return { value, id, index };
  } catch {
    // Said below, as for any other text that is no cursor.
  }
  throw new GraphQLError('Invalid cursor for current pagination sort.', { extensions: { code: 'BAD_REQUEST' } });
};

const stampFields: Readonly<Record<string, string>> = {
  updated_at: 'updated',
  created_at: 'created',
  processed_at: 'created',
};
const nameFields: Readonly<Record<RecordType, string>> = {
  Product: 'handle',
  ProductVariant: 'sku',
  InventoryItem: 'sku',
  InventoryLevel: '',
  Customer: 'email',
  Order: 'name',
  Location: 'name',
};

interface Condition {
  readonly sql: string;
  readonly values: readonly (bigint | number | string)[];
}

/** The stamp by which the search index knows a record: the old one while the index lags. */
const indexedStamp = 'CASE WHEN changed > ? THEN before ELSE updated END';

const conditionOf = (term: Term, { type }: Listing, indexedUntil: number): Condition | undefined => {
  const { field, comparator, value } = term;
  if (field === 'id') return { sql: `records.id ${comparator} ?`, values: [BigInt(/\d+$/.exec(value)?.[0] ?? '0')] };
  if (field === 'updated_at')
    return { sql: `(${indexedStamp}) ${comparator} ?`, values: [indexedUntil, Date.parse(value)] };
  const stamp = stampFields[field];
  if (stamp !== undefined) return { sql: `${stamp} ${comparator} ?`, values: [Date.parse(value)] };
  if (nameFields[type] === field) return { sql: 'name = ?', values: [field === 'email' ? value.toLowerCase() : value] };
  return undefined;
};

const pageSize = ({ first, last }: PageArguments): { readonly size: number; readonly isBackward: boolean } => {
  const size = first ?? last;
  if (typeof size !== 'number') {
    throw new GraphQLError('you must provide one of first or last', { extensions: { code: 'BAD_REQUEST' } });
  }
  if (size < 0 || size > largestPage) {
    const message = `${first === undefined ? 'last' : 'first'} cannot be greater than ${largestPage}`;
    throw new GraphQLError(message, { extensions: { code: 'argumentLiteralsIncompatible' } });
  }
  return { size, isBackward: typeof first !== 'number' };
};

/** Reads a page of records: forwards or backwards, sorted, searched, and cut at the most that can be paged to. */
export const readPage = (state: ShopifyState, listing: Listing, args: PageArguments): RecordPage => {
  const { settings, database, clock } = state;
  const { size, isBackward } = pageSize(args);
  const sorted = args.sortKey === 'UPDATED_AT' ? 'updated' : args.sortKey === 'CREATED_AT' ? 'created' : 'id';
  const position = (args.after ?? args.before) ? readCursor(args.after ?? args.before ?? '') : undefined;
  const isDescending = (args.reverse === true) !== isBackward;
  const conditions = [
    { sql: 'type = ?', values: [listing.type] },
    ...(listing.parent === undefined ? [] : [{ sql: 'parent = ?', values: [BigInt(listing.parent)] }]),
    ...(listing.place === undefined ? [] : [{ sql: 'place = ?', values: [BigInt(listing.place)] }]),
    ...searched(listing, args, clock.now() - settings.searchLagMs),
    ...(position === undefined ? [] : [behind(position, { sorted, isDescending, tie: tieOf(settings, isDescending) })]),
  ];
  const index = position === undefined ? 0 : position.index + 1;
  const room = Math.max(0, settings.connectionCap - index);
  const tie = tieOf(settings, isDescending) ? 'DESC' : 'ASC';
  const order =
    sorted === 'id'
      ? `records.id ${isDescending ? 'DESC' : 'ASC'}`
      : `${sorted} ${isDescending ? 'DESC' : 'ASC'}, records.id ${tie}`;
  const sql = `SELECT ${columns} FROM records WHERE ${conditions.map((each) => each.sql).join(' AND ')} ORDER BY ${order} LIMIT ?`;
  const values = conditions.flatMap((each) => [...each.values]);
  const rows = database
    .statement(sql)
    .all(...values, Math.min(size + 1, room))
    .map(recordOf);
  return pageOf(rows, { size, index, sorted, isBackward, hadCursor: position !== undefined });
};

const tieOf = ({ tieOrder }: ShopifyState['settings'], isDescending: boolean): boolean =>
  isDescending !== (tieOrder === 'descending');

const searched = (listing: Listing, { query }: PageArguments, indexedUntil: number): Condition[] => {
  const alternatives = readAlternatives(query ?? '').map((terms) =>
    terms.flatMap((term) => conditionOf(term, listing, indexedUntil) ?? []),
  );
  // An alternative without a term that is understood holds always.
  if (alternatives.some((conditions) => conditions.length === 0)) return [];
  const each = alternatives.map((conditions) => `(${conditions.map(({ sql }) => sql).join(' AND ')})`);
  return [{ sql: `(${each.join(' OR ')})`, values: alternatives.flat().flatMap(({ values }) => [...values]) }];
};

const behind = (
  { value, id }: Position,
  { sorted, isDescending, tie }: { sorted: string; isDescending: boolean; tie: boolean },
): Condition => {
  const [after, afterTie] = [isDescending ? '<' : '>', tie ? '<' : '>'];
  if (sorted === 'id') return { sql: `records.id ${after} ?`, values: [BigInt(id)] };
  return {
    sql: `(${sorted} ${after} ? OR (${sorted} = ? AND records.id ${afterTie} ?))`,
    values: [value, value, BigInt(id)],
  };
};

const pageOf = (
  rows: readonly StoredRecord[],
  {
    size,
    index,
    sorted,
    isBackward,
    hadCursor,
  }: { size: number; index: number; sorted: string; isBackward: boolean; hadCursor: boolean },
): RecordPage => {
  const kept = rows.slice(0, size);
  const hasMore = rows.length > size;
  const sortValue = (record: StoredRecord): number =>
    sorted === 'updated' ? record.updatedAt : sorted === 'created' ? record.createdAt : 0;
  const cursors = kept.map((record, at) => cursorOf({ value: sortValue(record), id: record.id, index: index + at }));
  if (!isBackward) return { records: kept, cursors, hasNextPage: hasMore, hasPreviousPage: hadCursor };
  return {
    records: kept.toReversed(),
    cursors: cursors.toReversed(),
    hasNextPage: hadCursor,
    hasPreviousPage: hasMore,
  };
};

/** A connection as GraphQL resolves it. */
export const connection = <Node>(page: RecordPage, node: (record: StoredRecord) => Node) => {
  const nodes = page.records.map(node);
  return {
    nodes,
    edges: nodes.map((each, index) => ({ node: each, cursor: page.cursors[index] })),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: page.cursors[0] ?? null,
      endCursor: page.cursors.at(-1) ?? null,
    },
  };
};
