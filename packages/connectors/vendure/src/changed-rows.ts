import { type Call, connectorError, type ListedPage, type ListRequest, readField, type TransportDefinition } from '@mortise/runtime';
import type { GraphqlTransport } from '@mortise/runtime/graphql';

/** The vendor's transports, as operations see them. */
export interface WithAdmin {
  readonly admin: TransportDefinition<GraphqlTransport>;
  readonly [other: string]: TransportDefinition<unknown>;
}

/**
 * Finest step of `updatedAt`. SQLite keeps whole seconds and compares them as text with the filter's milliseconds, so
 * that an equal stamp can fall outside either end; other databases are finer, and only read a second twice.
 */
export const granularityMs = 1_000;

/** Transactions may commit rows a little after the stamp that they carry. */
export const lagMs = 2_000;

const defaultPageSize = 100;

/** A row as far as paging looks at it. */
interface Row {
  readonly id: string;
  readonly updatedAt: string;
}

/** Where a walk stands: its lower bound, and how many rows of that bound are behind it. */
interface Position {
  readonly from: number;
  readonly skip: number;
}

const isRow = (value: unknown): value is Row =>
  typeof readField(value, 'id') === 'string' && typeof readField(value, 'updatedAt') === 'string';

const readPosition = ({ cursor, since }: ListRequest): Position => {
  if (cursor === undefined) return { from: since?.getTime() ?? 0, skip: 0 };
  const [from, skip] = cursor.split('+').map(Number);
  if (from === undefined || skip === undefined || !Number.isInteger(from) || !Number.isInteger(skip)) {
    throw connectorError('invalid-request', 'the cursor is not one of this list: start without it');
  }
  return { from, skip };
};

const versionOf = ({ id, updatedAt }: Row): string => `${id} ${updatedAt}`;

/**
 * Makes a `list` that walks the rows of a closed window in the order of (updatedAt, id).
 * It goes on from the stamp of the last row, not from an offset: rows that are changed during the walk leave the
 * window, and an offset would then step over others. Inside one stamp only an offset is left; it overlaps by a tenth
 * of a page, and rows seen twice are dropped.
 */
export const changedRows = ({ document, field }: { readonly document: string; readonly field: string }) =>
  async function* (call: Call<WithAdmin, unknown>, request: ListRequest): AsyncGenerator<ListedPage> {
    const take = request.pageSize ?? defaultPageSize;
    const until = request.until ?? new Date(call.now());
    let position = readPosition(request);
    let seen = new Set<string>();
    let total: number | undefined;
    for (;;) {
      const page = await readPage(call, { document, field, position, until, take });
      total ??= page.total;
      const fresh = page.rows.filter((row) => !seen.has(versionOf(row)));
      const last = page.rows.at(-1);
      const isLast = page.rows.length < take || last === undefined;
      if (!isLast) {
        const stamp = Date.parse(last.updatedAt);
        const moves = stamp > position.from;
        position = moves ? { from: stamp, skip: 0 } : { from: position.from, skip: position.skip + take - Math.ceil(take / 10) };
        const near = page.rows.filter((row) => Date.parse(row.updatedAt) >= position.from - granularityMs).map(versionOf);
        seen = moves ? new Set(near) : seen.union(new Set(near));
      }
      yield { records: fresh, next: isLast ? undefined : `${position.from}+${position.skip}`, total };
      if (isLast) return;
    }
  };

interface PageQuery {
  readonly document: string;
  readonly field: string;
  readonly position: Position;
  readonly until: Date;
  readonly take: number;
}

const readPage = async (call: Call<WithAdmin, unknown>, query: PageQuery): Promise<{ rows: readonly Row[]; total: number | undefined }> => {
  const { document, field, position, until, take } = query;
  const start = new Date(Math.max(0, position.from - granularityMs)).toISOString();
  const options = {
    take,
    skip: position.skip,
    sort: { updatedAt: 'ASC', id: 'ASC' },
    filter: { updatedAt: { between: { start, end: until.toISOString() } } },
  };
  const { data } = await call.transports.admin.send({ document, variables: { options } });
  return readList(data, field);
};

/** The rows of a list answer. @throws ConnectorError `unexpected-content`. */
export const readList = (data: unknown, field: string): { rows: readonly Row[]; total: number | undefined } => {
  const rows = readField(data, `${field}.items`);
  const total = readField(data, `${field}.totalItems`);
  if (!Array.isArray(rows) || !rows.every(isRow)) {
    throw connectorError('unexpected-content', `the answer has no list of rows with id and updatedAt at '${field}'`);
  }
  return { rows, total: typeof total === 'number' ? total : undefined };
};
