import { connectorError } from '@mortise/runtime';
import type { ConnectionRead, ReadConnection } from '@mortise/runtime/graphql';
import { limits } from './vendor-facts.ts';

/** From where a connection is read, and what is asked. */
export interface ConnectionWalk {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly after?: string | undefined;
}

/**
 * The pages of a connection to its end. Pages that lead back to one already read are refused: taken for the end they
 * would lose all that is behind them.
 * @throws ConnectorError `unexpected-content`, and those of any call.
 */
export async function* connectionPages(
  read: ReadConnection,
  { variables = {}, after }: ConnectionWalk = {},
): AsyncGenerator<ConnectionRead> {
  const seen = new Set<string>();
  for (let cursor = after; ; ) {
    const page = await read(variables, cursor);
    yield page;
    if (page.next === undefined) return;
    if (page.next === cursor || seen.has(page.next)) {
      throw connectorError('unexpected-content', 'the pages of the list lead back to one already read');
    }
    seen.add(page.next);
    cursor = page.next;
  }
}

/** All records of a short connection. @throws ConnectorError as {@link connectionPages} does. */
export const allRecords = async (read: ReadConnection, walk: ConnectionWalk = {}): Promise<readonly unknown[]> => {
  const records: unknown[] = [];
  for await (const page of connectionPages(read, walk)) records.push(...page.records);
  return records;
};

/**
 * Refuses to end at Shopify's 25,000th object, behind which a connection ends without a word: what is not seen must not
 * pass for all. `seen` counts from the beginning of the connection.
 * @throws ConnectorError `too-large`, with what to do instead.
 */
export const refuseWall = (
  seen: number,
  { what, instead }: { readonly what: string; readonly instead: string },
): void => {
  if (seen < limits.pagedObjects) return;
  throw connectorError(
    'too-large',
    `${what}: ${limits.pagedObjects} or more, which Shopify cannot page through; ${instead}`,
  );
};
