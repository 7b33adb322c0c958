import { connectorError, type ListedPage, type ListRequest, readField } from '@mortise/runtime';
import { connectionReader } from '@mortise/runtime/graphql';
import { allRecords, connectionPages, refuseWall } from './connection-pages.ts';
import { documents } from './documents.ts';
import { foldLevel, levelsOfItem } from './level-fold.ts';
import { recordList } from './record-walk.ts';
import { allOf, windowTerms } from './search.ts';
import type { ShopifyCall } from './vendor.ts';
import { limits } from './vendor-facts.ts';

/** Items a page: each brings up to ten levels, so that a page holds a thousand. */
const itemsPerPage = 100;

/** Inventory items with all their levels: no connection of levels is longer than the locations of one item. */
export const itemsWithLevels = {
  document: documents.itemLevels,
  connection: 'inventoryItems',
  first: itemsPerPage,
  nested: [
    {
      at: 'inventoryLevels',
      document: documents.levelsOfItem,
      connection: 'inventoryItem.inventoryLevels',
      first: 50,
    },
  ],
} as const;

const itemByItem = recordList({ ...itemsWithLevels, sorts: 'none' });

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

/** Where a walk over locations stands: the location, the cursor of its levels, and how many lie before it. */
interface Position {
  readonly location: string;
  readonly after: string | undefined;
  readonly seen: number;
}

const separator = ' ';

const cursorOf = ({ location, seen, after = '' }: Position): string => [location, after, seen].join(separator);

const readCursor = (cursor: string | undefined): Position | undefined => {
  if (cursor === undefined) return undefined;
  const [location = '', after = '', seen = '0'] = cursor.split(separator, 3);
  if (!location.startsWith('gid://shopify/Location/') || !/^\d{1,5}$/.test(seen)) {
    throw connectorError('invalid-request', 'the cursor is not one of this list: read the window again without it');
  }
  return { location, seen: Number(seen), after: after === '' ? undefined : after };
};

const locationIds = async (call: ShopifyCall): Promise<string[]> => {
  const connection = { document: documents.locationIds, connection: 'locations', first: limits.page };
  const locations = await allRecords(connectionReader(call.transports.admin, connection));
  return locations.flatMap((location) => {
    const id = readField(location, 'id');
    return typeof id === 'string' ? [id] : [];
  });
};

async function* changedLevels(call: ShopifyCall, request: ListRequest): AsyncGenerator<ListedPage> {
  const connection = {
    document: documents.levelsOfLocation,
    connection: 'location.inventoryLevels',
    first: limits.page,
  };
  const query = allOf(windowTerms('updated_at', request));
  const begun = readCursor(request.cursor);
  const all = await locationIds(call);
  const first = begun === undefined ? 0 : all.indexOf(begun.location);
  if (first < 0) throw connectorError('expired-cursor', 'the location at which the walk stood is gone');
  for (const [index, id] of all.entries()) {
    if (index < first) continue;
    const read = connectionReader(call.transports.admin, { ...connection, pageSize: request.pageSize });
    const from = id === begun?.location ? begun : undefined;
    let seen = from?.seen ?? 0;
    const walk = { variables: { id, query }, after: from?.after };
    for await (const { records, notes, next } of connectionPages(read, walk)) {
      seen += records.length;
      refuseWall(seen, { what: 'changed stock levels of a location', instead: 'read the list without since' });
      const following = all[index + 1];
      const behind = following === undefined ? undefined : { location: following, after: undefined, seen: 0 };
      const position = next === undefined ? behind : { location: id, after: next, seen };
      yield { records: records.map(foldLevel), notes, next: position && cursorOf(position) };
    }
  }
}
