import { connectorError, type ListedPage, type ListRequest } from '@mortise/runtime';
import type { StockApi } from '../record-api.ts';
import { partsOfId } from '../stock-level-wire.ts';
import type { NetSuiteCall } from '../vendor.ts';
import { limits } from '../vendor-facts.ts';
import { query, type Row, selection, utcText } from './suite-ql.ts';

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

const select = (call: NetSuiteCall, where: readonly string[], limit: number) =>
  query(call, selection({ columns, table: 'aggregateitemlocation', where, order: 'item, location' }), limit);

const idOf = ({ item, location }: Row): string => `${item}/${location}`;

/** A row as SOAP would have the availability. An item within another one is named `Parent : Child`. */
const levelOf = (row: Row) => ({
  id: idOf(row),
  item: { internalId: row.item, name: row.itemname?.split(' : ').at(-1) },
  locationId: { internalId: row.location, name: row.locationname },
  quantityOnHand: row.quantityonhand,
  quantityAvailable: row.quantityavailable,
  quantityCommitted: row.quantitycommitted,
  quantityOnOrder: row.quantityonorder,
  quantityBackOrdered: row.quantitybackordered,
  lastQtyAvailableChange: row.lastquantityavailablechange,
});

const positionOf = (cursor: string): { readonly item: string; readonly location: string } => {
  const [, item, location] = /^(\d{1,19})\/(\d{1,19})$/.exec(cursor) ?? [];
  if (item !== undefined && location !== undefined) return { item, location };
  throw connectorError('invalid-request', 'the cursor is not one of this list: start without it');
};

async function* list(
  call: NetSuiteCall,
  { cursor, pageSize = limits.queryRows }: ListRequest,
): AsyncGenerator<ListedPage> {
  const limit = Math.min(Math.max(1, pageSize), limits.queryRows);
  for (let next = cursor; ; ) {
    const behind = next === undefined ? undefined : positionOf(next);
    const { item, location } = behind ?? {};
    const where = behind === undefined ? [] : [`(item > ${item} OR (item = ${item} AND location > ${location}))`];
    const { rows, hasMore } = await select(call, where, limit);
    const last = rows.at(-1);
    const records = rows.filter((row) => row.location !== undefined).map(levelOf);
    if (last === undefined || (!hasMore && rows.length < limit)) {
      yield { records };
      return;
    }
    if (idOf(last) === next) {
      throw connectorError('unexpected-content', 'the pages of the list lead back to one already read');
    }
    next = idOf(last);
    yield { records, next };
  }
}

/** Stock over SuiteQL. */
export const restStock: StockApi = {
  list,
  get: async (call, id) => {
    const { item, location } = partsOfId(id);
    const { rows } = await select(call, [`item = ${item}`, `location = ${location}`], 1);
    if (rows[0] === undefined) throw connectorError('not-found', 'NetSuite has no such stock level');
    return levelOf(rows[0]);
  },
};
