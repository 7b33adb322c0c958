import { connectorError, type ListedPage, type ListRequest, readField } from '@mortise/runtime';
import { connectionReader } from '@mortise/runtime/graphql';
import { documents } from './documents.ts';
import { foldLevel, levelsOfItem } from './level-fold.ts';
import { recordList } from './record-walk.ts';
import { allOf, windowTerms } from './search.ts';
import type { ShopifyCall } from './vendor.ts';
import { limits } from './vendor-facts.ts';

/** Items a page: each brings up to ten levels, and a page of 250 would cost more than a query may. */
const itemsPerPage = 50;

/** All levels, item by item: no connection of levels is longer than the locations of one item. */
const itemByItem = recordList({
  document: documents.itemLevels,
  connection: 'inventoryItems',
  sorts: 'none',
  first: itemsPerPage,
  nested: [
    {
      at: 'inventoryLevels',
      document: documents.levelsOfItem,
      connection: 'inventoryItem.inventoryLevels',
      first: 50,
    },
  ],
});

/**
 * Levels have no list of their own. Whole, they are read item by item. What changed is read location by location, where
 * Shopify filters levels by their own `updatedAt`: an item's does not move with its stock.
 */
export async function* listLevels(call: ShopifyCall, request: ListRequest): AsyncGenerator<ListedPage> {
  if (request.since !== undefined) return yield* changedLevels(call, request);
  for await (const page of itemByItem(call, { ...request, until: undefined })) {
    yield { ...page, records: page.records.flatMap(levelsOfItem) };
  }
}

/** Where a walk over locations stands: the location, and the cursor of its levels. */
interface Position {
  readonly location: string;
  readonly after: string | undefined;
}

const separator = ' ';

const cursorOf = ({ location, after = '' }: Position): string => `${location}${separator}${after}`;

const readCursor = (cursor: string | undefined): Position | undefined => {
  if (cursor === undefined) return undefined;
  const [location = '', after = ''] = cursor.split(separator, 2);
  if (!location.startsWith('gid://shopify/Location/')) {
    throw connectorError('invalid-request', 'the cursor is not one of this list: read the window again without it');
  }
  return { location, after: after === '' ? undefined : after };
};

const locationIds = async (call: ShopifyCall): Promise<string[]> => {
  const ids: string[] = [];
  const connection = { document: documents.locationIds, connection: 'locations', first: limits.page };
  const read = connectionReader(call.transports.admin, connection);
  let after: string | undefined;
  do {
    const { records, next } = await read({}, after);
    for (const record of records) {
      const id = readField(record, 'id');
      if (typeof id === 'string') ids.push(id);
    }
    after = next === after ? undefined : next;
  } while (after !== undefined);
  return ids;
};

async function* changedLevels(call: ShopifyCall, request: ListRequest): AsyncGenerator<ListedPage> {
  const connection = { document: documents.levelsOfLocation, connection: 'location.inventoryLevels', first: 100 };
  const query = allOf(windowTerms('updated_at', request));
  const begun = readCursor(request.cursor);
  const all = await locationIds(call);
  const from = begun === undefined ? 0 : all.indexOf(begun.location);
  if (from < 0) throw connectorError('expired-cursor', 'the location at which the walk stood is gone');
  for (const [index, id] of all.entries()) {
    if (index < from) continue;
    const read = connectionReader(call.transports.admin, { ...connection, pageSize: request.pageSize });
    let seen = 0;
    let after = id === begun?.location ? begun.after : undefined;
    for (;;) {
      const { records, notes, next } = await read({ id, query }, after);
      seen += records.length;
      refuseWall(seen);
      const following = all[index + 1];
      const position =
        next === undefined ? following && { location: following, after: undefined } : { location: id, after: next };
      yield { records: records.map(foldLevel), notes, next: position && cursorOf(position) };
      if (next === undefined) break;
      if (next === after)
        throw connectorError('unexpected-content', 'the pages of the list lead back to one already read');
      after = next;
    }
  }
}

/** Behind its 25,000th object Shopify ends a connection without a word: what is not seen must not pass for all. */
const refuseWall = (seen: number): void => {
  if (seen < limits.pagedObjects) return;
  const what = `a location has ${limits.pagedObjects} changed stock levels or more in this window`;
  throw connectorError('too-large', `${what}, which Shopify cannot page through: read the list without since`);
};
