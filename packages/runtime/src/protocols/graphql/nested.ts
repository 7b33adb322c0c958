import { keyText, readField } from '../../contract/field.ts';
import type { PageNote } from '../../contract/operations.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { isFields } from '../../mapping/key-path.ts';
import { circleGuard } from '../../paging/circle.ts';
import { connectionPage } from './connection-page.ts';
import type { TypedDocument } from './document.ts';
import type { GraphqlTransport } from './transport.ts';

/** A connection within a record, of which the list's own document asks the first page only. */
export interface NestedConnection {
  /** Dotted path of the connection in the record. */
  readonly at: string;
  /** Reads on: takes `$id: ID!`, `$first: Int!` and `$after: String`. */
  readonly document: TypedDocument<unknown, never>;
  /** Dotted path of the connection in that document's data. */
  readonly connection: string;
  /** Path of the record's id; `id` unless given. */
  readonly id?: string;
  /** Rows a page; 100 unless given. */
  readonly first?: number;
  /** Most rows of one record, 10,000 unless given: beyond it the list fails with `too-large`. */
  readonly most?: number;
}

const defaultFirst = 100;
const defaultMost = 10_000;

interface Completed {
  readonly rows: readonly unknown[];
  readonly notes: readonly PageNote[];
}

/** Reads the nested connections of each row to their end, one after the other. A row then holds them whole, as `nodes`. */
export const completeNested = async (
  transport: GraphqlTransport,
  { rows, nested }: { readonly rows: readonly unknown[]; readonly nested: readonly NestedConnection[] },
): Promise<Completed> => {
  const complete: unknown[] = [];
  const notes: PageNote[] = [];
  for (const row of rows) {
    let whole = row;
    for (const connection of nested) {
      // A record may well have no such connection: null stays null.
      if (!isFields(readField(row, connection.at))) continue;
      const read = await readToEnd(transport, { row, connection });
      whole = withNodes(whole, { path: connection.at.split('.'), nodes: read.rows });
      notes.push(...read.notes);
    }
    complete.push(whole);
  }
  return { rows: complete, notes };
};

const readToEnd = async (
  transport: GraphqlTransport,
  { row, connection }: { readonly row: unknown; readonly connection: NestedConnection },
): Promise<Completed> => {
  const { at, document, id: idPath = 'id', first = defaultFirst, most = defaultMost } = connection;
  const id = keyText(readField(row, idPath));
  const rows: unknown[] = [];
  const notes: PageNote[] = [];
  const refuseCircle = circleGuard();
  for (let page = connectionPage(row, { path: at }); ; ) {
    rows.push(...page.rows);
    for (const note of page.notes) notes.push({ ...note, key: id });
    if (rows.length > most) {
      throw connectorError('too-large', `a record has more than ${most} rows in '${at}': raise 'most' of the list`);
    }
    if (page.next === undefined) return { rows, notes };
    refuseCircle(page.next);
    const variables = { id, first, after: page.next };
    // The document's own type is its author's business.
    const { data } = await transport.send({ document, variables: variables as never });
    page = connectionPage(data, { path: connection.connection });
  }
};

/** A copy of the record whose connection at the path holds these nodes and has no next page. */
const withNodes = (
  record: unknown,
  { path, nodes }: { readonly path: readonly string[]; readonly nodes: readonly unknown[] },
): unknown => {
  if (!isFields(record)) return record;
  const [step, ...rest] = path;
  if (step !== undefined) return { ...record, [step]: withNodes(record[step], { path: rest, nodes }) };
  const { edges: _edges, pageInfo: _pageInfo, ...others } = record;
  return { ...others, nodes, pageInfo: { hasNextPage: false, endCursor: null } };
};
