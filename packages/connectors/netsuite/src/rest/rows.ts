import { connectorError, type ListedPage, type ListRequest } from '@mortise/runtime';
import { cursorBehind, idOfCursor } from '../internal-id.ts';
import type { RecordKind, WireRecord } from '../record-kind.ts';
import type { NetSuiteCall } from '../vendor.ts';
import { limits } from '../vendor-facts.ts';
import { query, type Row, selection, utcCondition, utcText } from './suite-ql.ts';

const columnsOf = ({ rest: { stamps, columns, switches = {} } }: RecordKind): readonly string[] => [
  'id',
  'externalid',
  ...Object.values(columns),
  ...Object.values(switches),
  ...Object.values(stamps).map(utcText),
];

const pick = (names: Readonly<Record<string, string>>, read: (column: string) => unknown) =>
  Object.entries(names).flatMap(([field, column]) => {
    const value = read(column);
    return value === undefined ? [] : [[field, value] as const];
  });

/** SuiteQL's switches as SOAP spells them. Another value stays as it came, and is refused where it matters. */
const spellings: ReadonlyMap<unknown, string> = new Map([
  ['T', 'true'],
  ['F', 'false'],
]);

/** A row as SOAP would have the record. */
const wireOf = ({ rest: { stamps, columns, switches = {} } }: RecordKind, row: Row): WireRecord => {
  const spelled = (column: string) => spellings.get(row[column]) ?? row[column];
  return Object.fromEntries([
    ['internalId', row.id],
    ['externalId', row.externalid],
    ...pick({ ...columns, ...stamps }, (column) => row[column]),
    ...pick(switches, spelled),
  ]);
};

/** What rows are asked for. */
export interface RowsAsked {
  readonly where: readonly string[];
  readonly limit: number;
}

/** The first rows of a kind in ascending order of their ids, as records. */
export const selectRecords = async (
  call: NetSuiteCall,
  kind: RecordKind,
  { where, limit }: RowsAsked,
): Promise<{ readonly records: readonly WireRecord[]; readonly hasMore: boolean }> => {
  const {
    table,
    where: own,
    complete = async (_call: NetSuiteCall, records: readonly WireRecord[]) => records,
  } = kind.rest;
  const conditions = [...(own === undefined ? [] : [own]), ...where];
  const text = selection({ columns: columnsOf(kind), table, where: conditions, order: 'id' });
  const { rows, hasMore } = await query(call, { text, limit });
  const records = await complete(
    call,
    rows.map((row) => wireOf(kind, row)),
  );
  const { read = (record: unknown) => record } = kind;
  return { records: records.map((record) => asRecord(read(record, call.settings))), hasMore };
};

const asRecord = (value: unknown): WireRecord => (typeof value === 'object' && value !== null ? { ...value } : {});

/**
 * Records changed in a window, by id: each page asks for what lies behind the last id, so that nothing that comes, goes
 * or changes during the walk moves a record from page to page.
 */
export async function* listRecords(
  call: NetSuiteCall,
  kind: RecordKind,
  request: ListRequest,
): AsyncGenerator<ListedPage> {
  const { since, until, pageSize = kind.soap.hasLines === true ? limits.orderPage : limits.queryRows } = request;
  const limit = Math.min(Math.max(1, pageSize), limits.queryRows);
  const stamp = kind.rest.stamps.lastModifiedDate;
  const window = [
    ...(since === undefined ? [] : [utcCondition(stamp, { from: since })]),
    ...(until === undefined ? [] : [utcCondition(stamp, { to: until })]),
  ];
  let behind = idOfCursor(request.cursor);
  for (;;) {
    const where = behind === undefined ? window : [...window, `id > ${behind}`];
    const { records, hasMore } = await selectRecords(call, kind, { where, limit });
    const last = records.at(-1)?.internalId;
    const id = typeof last === 'string' && /^\d{1,19}$/.test(last) ? BigInt(last) : undefined;
    // A full page may be the last one, and a totals field is not what says so.
    const isLast = !hasMore && records.length < limit;
    if (isLast) {
      yield { records };
      return;
    }
    if (id === undefined || (behind !== undefined && id <= behind)) {
      throw connectorError('unexpected-content', 'a page of the query does not lead on by its ids');
    }
    behind = id;
    yield { records, next: cursorBehind(id) };
  }
}
