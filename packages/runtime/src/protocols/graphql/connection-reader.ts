import type { PageNote } from '../../contract/operations.ts';
import { isConnectorError } from '../../errors/connector-error.ts';
import { connectionPage } from './connection-page.ts';
import type { TypedDocument } from './document.ts';
import { completeNested, type NestedConnection } from './nested.ts';
import type { GraphqlTransport } from './transport.ts';

/** A connection of Relay's kind, as it is read page by page. */
export interface ConnectionQuery {
  /** Takes `$first: Int!` and `$after: String`. */
  readonly document: TypedDocument<unknown, never>;
  /** Dotted path of the connection in the data. */
  readonly connection: string;
  /** Dotted path of a record's key, for the notes. */
  readonly key?: string | undefined;
  /** Records a page: the most that the vendor gives, 100 unless given. */
  readonly first?: number | undefined;
  /** Connections within each record that are read to their end. */
  readonly nested?: readonly NestedConnection[] | undefined;
  /**
   * Takes pages in which the vendor could not give single fields or records. Such fields are absent, such records left
   * out, and both noted; without it, any error fails the read.
   */
  readonly partial?: boolean | undefined;
  /** Name of the quota that the reads draw on; `default` unless given. */
  readonly quota?: string | undefined;
  /** Fewer records a page than `first`, as a caller asks for. */
  readonly pageSize?: number | undefined;
}

/** One page of a connection, its nested connections read to their end. */
export interface ConnectionRead {
  readonly records: readonly unknown[];
  readonly notes: readonly PageNote[];
  readonly total: number | undefined;
  /** Cursor behind the page; undefined at the end. */
  readonly next: string | undefined;
}

/** Reads the page behind a cursor. @throws ConnectorError */
export type ReadConnection = (
  variables: Readonly<Record<string, unknown>>,
  after?: string | undefined,
) => Promise<ConnectionRead>;

const defaultFirst = 100;

/**
 * Makes what reads pages of a connection, for lists that choose each page's variables themselves. A page that costs more
 * than the vendor allows, or is larger than an answer may be, is asked for again at half its size, down to a single
 * record; the reader keeps to the smaller size.
 */
export const connectionReader = (transport: GraphqlTransport, query: ConnectionQuery): ReadConnection => {
  const { nested = [], partial = false, first: most = defaultFirst } = query;
  const quota = query.quota === undefined ? undefined : { quota: query.quota };
  let first = Math.min(Math.max(1, query.pageSize ?? most), most);

  const send = async (given: Readonly<Record<string, unknown>>, after: string | undefined) => {
    for (;;) {
      const variables = { ...given, first, after: after ?? null };
      try {
        // The document's own type is its author's business.
        return await transport.send({ document: query.document, variables: variables as never, partial, ...quota });
      } catch (thrown) {
        if (first === 1 || !isConnectorError(thrown) || thrown.code !== 'too-large') throw thrown;
        first = Math.floor(first / 2);
      }
    }
  };

  return async (variables, after) => {
    const { data, unknown } = await send(variables, after);
    const { rows, notes, next, total } = connectionPage(data, { path: query.connection, unknown, key: query.key });
    const complete =
      nested.length === 0 ? { rows, notes: [] } : await completeNested(transport, { rows, nested, quota });
    return { records: complete.rows, notes: [...notes, ...complete.notes], total, next };
  };
};
