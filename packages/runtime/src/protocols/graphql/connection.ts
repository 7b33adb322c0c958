import type { Call, ListedPage, ListRequest } from '../../contract/operations.ts';
import { isConnectorError } from '../../errors/connector-error.ts';
import type { RowRules } from '../../paging/rows.ts';
import { walkPages } from '../../paging/walk.ts';
import { connectionPage } from './connection-page.ts';
import type { TypedDocument } from './document.ts';
import { completeNested, type NestedConnection } from './nested.ts';
import type { GraphqlTransport } from './transport.ts';

/** A call whose transport of the given name speaks GraphQL. */
export interface GraphqlCall<Name extends string = 'graphql', Settings = unknown>
  extends Omit<Call<unknown, Settings>, 'transports'> {
  readonly transports: { readonly [Each in Name]: GraphqlTransport };
}

/** A list operation, as a resource takes it. */
export type GraphqlList<Name extends string> = (
  call: GraphqlCall<Name>,
  request: ListRequest,
) => AsyncGenerator<ListedPage>;

/** A list over a connection of Relay's kind: `edges` or `nodes`, and `pageInfo { hasNextPage endCursor }`. */
export interface ConnectionList extends RowRules {
  /** Takes `$first: Int!` and `$after: String`. */
  readonly document: TypedDocument<unknown, never>;
  /** Dotted path of the connection in the data. */
  readonly connection: string;
  /** The other variables. */
  readonly variables?: (request: ListRequest) => Readonly<Record<string, unknown>>;
  /** Records a page: the most that the vendor gives, 100 unless given. A caller may ask for fewer. */
  readonly first?: number;
  /** Connections within each record that are read to their end. */
  readonly nested?: readonly NestedConnection[];
  /**
   * Takes pages in which the vendor could not give single fields or records. Such fields are absent, such records left
   * out, and both noted; without it, any error fails the list.
   */
  readonly partial?: boolean;
  /** Name of the quota that the list draws on; `default` unless given. */
  readonly quota?: string;
}

const defaultFirst = 100;

/**
 * Makes a `list` operation over a connection. Null edges are left out and noted. A page that costs more than the vendor
 * allows, or is larger than the answer may be, is asked for again at half its size, down to a single record.
 */
export const connectionList =
  <Name extends string>(name: Name, list: ConnectionList): GraphqlList<Name> =>
  (call, request) => {
    const transport = call.transports[name];
    const most = list.first ?? defaultFirst;
    let first = Math.min(Math.max(1, request.pageSize ?? most), most);
    const { nested = [], partial = false } = list;
    const quota = list.quota === undefined ? undefined : { quota: list.quota };

    const send = async (after: string | undefined) => {
      for (;;) {
        const variables = { ...list.variables?.(request), first, after: after ?? null };
        try {
          // The document's own type is its author's business.
          return await transport.send({ document: list.document, variables: variables as never, partial, ...quota });
        } catch (thrown) {
          if (first === 1 || !isConnectorError(thrown) || thrown.code !== 'too-large') throw thrown;
          first = Math.floor(first / 2);
        }
      }
    };

    return walkPages<{ readonly after: string | undefined }>({
      start: { after: request.cursor },
      read: async ({ after }) => {
        const { data, unknown } = await send(after);
        const { rows, notes, next, total } = connectionPage(data, { path: list.connection, unknown, key: list.key });
        const complete = nested.length === 0 ? { rows, notes: [] } : await completeNested(transport, { rows, nested });
        return {
          records: complete.rows,
          total,
          notes: [...notes, ...complete.notes],
          next: next === undefined ? undefined : { after: next },
        };
      },
      keyOf: ({ after = '' }) => after,
      rules: list,
    });
  };
