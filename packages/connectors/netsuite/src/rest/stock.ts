import { connectorError, type ListedPage, type ListRequest } from '@mortise/runtime';
import { idOfCursor } from '../internal-id.ts';
import type { StockApi } from '../record-api.ts';
import { partsOfId } from '../stock-level-wire.ts';
import type { NetSuiteCall } from '../vendor.ts';
import { limits } from '../vendor-facts.ts';
import { query, type Row, selection, textIn, utcText } from './suite-ql.ts';

const columns = [
  'item',
  'BUILTIN.DF(item) AS itemname',
  'location',
  'BUILTIN.DF(location) AS locationname',
  'quantityonhand',
  'quantityavailable',
  'quantitycommitted',
  'quantityonorder',
  'quantitybackordered',
  utcText('lastquantityavailablechange'),
];

const select = (
  call: NetSuiteCall,
  { where, limit }: { readonly where: readonly string[]; readonly limit: number },
) => {
  const text = selection({ columns, table: 'aggregateitemlocation', where, order: 'item, location' });
  return query(call, { text, limit });
};

/** Item and location; undefined where they cannot be read, which the schema refuses. */
const idOf = (row: Row): string | undefined => {
  const [item, location] = [textIn(row, 'item'), textIn(row, 'location')];
  return item === undefined || location === undefined ? undefined : `${item}/${location}`;
};

/** A row as SOAP would have the availability. An item within another one is named `Parent : Child`. */
const levelOf = (row: Row) => ({
  id: idOf(row),
  item: { internalId: row.item, name: textIn(row, 'itemname')?.split(' : ').at(-1) ?? row.itemname },
  locationId: { internalId: row.location, name: row.locationname },
  quantityOnHand: row.quantityonhand,
  quantityAvailable: row.quantityavailable,
  quantityCommitted: row.quantitycommitted,
  quantityOnOrder: row.quantityonorder,
  quantityBackOrdered: row.quantitybackordered,
  lastQtyAvailableChange: row.lastquantityavailablechange,
});

/** What lies behind a cursor: a level, or, where the list was begun over SOAP, an item. */
const behind = (cursor: string): string => {
  const [, item, location] = /^(\d{1,19})\/(\d{1,19})$/.exec(cursor) ?? [];
  if (item === undefined || location === undefined) return `item > ${idOfCursor(cursor)}`;
  return `(item > ${item} OR (item = ${item} AND location > ${location}))`;
};

async function* list(
  call: NetSuiteCall,
  { cursor, pageSize = limits.queryRows }: ListRequest,
): AsyncGenerator<ListedPage> {
  const limit = Math.min(Math.max(1, pageSize), limits.queryRows);
  for (let next = cursor; ; ) {
    // What lies nowhere is no level, and a page must end in one.
    const where = ['location IS NOT NULL', ...(next === undefined ? [] : [behind(next)])];
    const { rows, hasMore } = await select(call, { where, limit });
    const last = rows.at(-1);
    const records = rows.map(levelOf);
    if (last === undefined || (!hasMore && rows.length < limit)) {
      yield { records };
      return;
    }
    const id = idOf(last);
    if (id === undefined || id === next) {
      throw connectorError('unexpected-content', 'a page of the list does not lead on by its ids');
    }
    next = id;
    yield { records, next };
  }
}

/** Stock over SuiteQL. */
export const restStock: StockApi = {
  list,
  get: async (call, id) => {
    const { item, location } = partsOfId(id);
    const { rows } = await select(call, { where: [`item = ${item}`, `location = ${location}`], limit: 1 });
    if (rows[0] === undefined) throw connectorError('not-found', 'NetSuite has no such stock level');
    return levelOf(rows[0]);
  },
};
