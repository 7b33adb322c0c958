import { type DeletionPage, type ListRequest, readField } from '@mortise/runtime';
import { checkMove, rowsOf } from './changed-items.ts';
import type { Collection } from './collection.ts';
import { rowsWith } from './item-reads.ts';
import type { Table } from './table.ts';
import { activityPage } from './vendor-facts.ts';

/** Which entries are read: their window, and those behind the one read last. */
interface Entries {
  readonly request: ListRequest;
  readonly after: string | undefined;
}

const filterOf = ({ name }: Collection, { request: { since, until }, after }: Entries): string => {
  const within = {
    ...(since && { _gte: since.toISOString() }),
    ...(until && { _lte: until.toISOString() }),
  };
  const parts: object[] = [{ collection: { _eq: name } }, { action: { _eq: 'delete' } }];
  if (since !== undefined || until !== undefined) parts.push({ timestamp: within });
  if (after !== undefined) parts.push({ id: { _gt: after } });
  return JSON.stringify({ _and: parts });
};

/** The ids of these that are not there now: a row may have been made again under an id of the caller's choice. */
const goneOf = async (table: Table, ids: readonly string[]): Promise<string[]> => {
  if (ids.length === 0) return [];
  const values = [...new Set(ids)];
  const rows = await rowsWith(table, { field: table.collection.id, values, limit: values.length });
  const there = new Set(rows.map(({ id }) => id));
  return values.filter((id) => !there.has(id));
};

/**
 * Ids of removed rows, by Directus' activity log, in the order of removal. The log knows what went through Directus and
 * is kept as long as its retention says; what SQL by hand removes, or a collection without tracking, is not in it.
 */
export async function* removedItems(table: Table, request: ListRequest): AsyncGenerator<DeletionPage> {
  const limit = Math.min(Math.max(1, request.pageSize ?? activityPage), activityPage, table.call.settings.largestPage);
  let { cursor } = request;
  for (;;) {
    const query = {
      fields: 'id,item',
      sort: 'id',
      limit,
      filter: filterOf(table.collection, { request, after: cursor }),
    };
    const { body } = await table.call.transports.rest.send({ method: 'GET', path: 'activity', query });
    const rows = rowsOf(body);
    const last = readField(rows.at(-1), 'id');
    const ids = rows.flatMap((row) => {
      const item = readField(row, 'item');
      return typeof item === 'string' || typeof item === 'number' ? [String(item)] : [];
    });
    const gone = await goneOf(table, ids);
    if (last === undefined) {
      yield { ids: gone };
      return;
    }
    checkMove(String(last), cursor);
    cursor = String(last);
    yield { ids: gone, next: cursor };
  }
}
