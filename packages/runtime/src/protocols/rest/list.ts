import { readField } from '../../contract/field.ts';
import type { Call, ListedPage, ListRequest } from '../../contract/operations.ts';
import type { TransportDefinition } from '../../contract/transport.ts';
import { connectorError } from '../../errors/connector-error.ts';
import type { QueryValue, RestTransport } from './transport.ts';

/** A list whose pages lead on by a cursor in the body. */
export interface CursorList {
  readonly path: string;
  /** Dotted path of the records in the body. */
  readonly items: string;
  /** Dotted path of the next cursor in the body; no value there ends the list. */
  readonly next: string;
  /** Query parameter that takes the cursor. */
  readonly cursor: string;
  /** The other query parameters. */
  readonly query?: (request: ListRequest) => Readonly<Record<string, QueryValue>>;
}

/** Transports of which one, named `rest`, speaks REST. */
export type WithRest = { readonly rest: TransportDefinition<RestTransport> };

/**
 * Makes a `list` operation that follows a cursor. A page may be empty and still not be the end; a cursor that comes
 * back a second time is a circle and fails.
 */
export const cursorList = (list: CursorList) =>
  async function* (call: Call<WithRest, unknown>, request: ListRequest): AsyncGenerator<ListedPage> {
    const seen = new Set<string>();
    let cursor = request.cursor;
    do {
      const query = { ...list.query?.(request), [list.cursor]: cursor };
      const { body } = await call.transports.rest.send({ method: 'GET', path: list.path, query });
      const records = readField(body, list.items);
      if (!Array.isArray(records))
        throw connectorError('unexpected-content', `the answer has no list at '${list.items}'`);
      cursor = nextCursor(readField(body, list.next));
      if (cursor !== undefined && seen.has(cursor)) {
        throw connectorError('unexpected-content', 'the pages of the list lead back to one already read');
      }
      if (cursor !== undefined) seen.add(cursor);
      yield { records, next: cursor };
    } while (cursor !== undefined);
  };

const nextCursor = (value: unknown): string | undefined =>
  value === undefined || value === null || value === '' ? undefined : String(value);
