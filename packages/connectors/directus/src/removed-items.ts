import { type DeletionPage, type ListRequest, readField } from '@mortise/runtime';
import { checkMove, rowsOf } from './changed-items.ts';
import type { Collection } from './collection.ts';
import { rowsWith } from './item-reads.ts';
import type { DirectusCall } from './vendor.ts';
import { activityPage } from './vendor-facts.ts';

const filterOf = (collection: Collection, { since, until }: ListRequest, after: string | undefined): string => {
  const within = {
    ...(since && { _gte: since.toISOString() }),
    ...(until && { _lte: until.toISOString() }),
  };
  const parts: object[] = [{ collection: { _eq: collection.name } }, { action: { _eq: 'delete' } }];
  if (since !== undefined || until !== undefined) parts.push({ timestamp: within });
  if (after !== undefined) parts.push({ id: { _gt: after } });
  return JSON.stringify({ _and: parts });
};

/** The ids of these that are not there now: a row may have been made again under an id of the caller's choice. */
const goneOf = async (call: DirectusCall, collection: Collection, ids: readonly string[]): Promise<string[]> => {
  if (ids.length === 0) return [];
  const values = [...new Set(ids)];
  const rows = await rowsWith(call, collection, { field: collection.id, values, limit: values.length });
  const there = new Set(rows.map(({ id }) => id));
  return values.filter((id) => !there.has(id));
};

/**
 * Ids of removed rows, by Directus' activity log, in the order of removal. The log knows what went through Directus and
 * is kept as long as its retention says; what SQL by hand removes, or a collection without tracking, is not in it.
 */
export async function* removedItems(
  call: DirectusCall,
  collection: Collection,
  request: ListRequest,
): AsyncGenerator<DeletionPage> {
  const limit = Math.min(Math.max(1, request.pageSize ?? activityPage), activityPage);
  let { cursor } = request;
  for (;;) {
    const query = { fields: 'id,item', sort: 'id', limit, filter: filterOf(collection, request, cursor) };
    const { body } = await call.transports.rest.send({ method: 'GET', path: 'activity', query });
    const rows = rowsOf(body);
    const last = readField(rows.at(-1), 'id');
    const ids = rows.flatMap((row) => {
      const item = readField(row, 'item');
      return typeof item === 'string' || typeof item === 'number' ? [String(item)] : [];
    });
    const gone = await goneOf(call, collection, ids);
    if (last === undefined) {
      yield { ids: gone };
      return;
    }
    checkMove(String(last), cursor);
    cursor = String(last);
    yield { ids: gone, next: cursor };
  }
}
