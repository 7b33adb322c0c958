import type { Call, ListedPage, ListRequest } from '../../contract/operations.ts';
import type { RowRules } from '../../paging/rows.ts';
import { walkPages } from '../../paging/walk.ts';
import { type ConnectionQuery, connectionReader } from './connection-reader.ts';
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
export interface ConnectionList extends RowRules, Omit<ConnectionQuery, 'key' | 'pageSize'> {
  /** The other variables. */
  readonly variables?: (request: ListRequest) => Readonly<Record<string, unknown>>;
}

/**
 * Makes a `list` operation over a connection. Null edges are left out and noted. A page that costs more than the vendor
 * allows, or is larger than the answer may be, is asked for again at half its size, down to a single record.
 */
export const connectionList =
  <Name extends string>(name: Name, list: ConnectionList): GraphqlList<Name> =>
  (call, request) => {
    const read = connectionReader(call.transports[name], { ...list, pageSize: request.pageSize });
    return walkPages<{ readonly after: string | undefined }>({
      start: { after: request.cursor },
      read: async ({ after }) => {
        const { next, ...page } = await read(list.variables?.(request) ?? {}, after);
        return { ...page, next: next === undefined ? undefined : { after: next } };
      },
      keyOf: ({ after = '' }) => after,
      rules: list,
    });
  };
