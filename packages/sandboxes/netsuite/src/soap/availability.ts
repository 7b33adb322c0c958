import { recordKinds } from '../records/fields.ts';
import { lists } from '../records/lists.ts';
import { selectStock } from '../records/stock.ts';
import { allOf, type Condition, findRecord, nameOf } from '../records/table.ts';
import type { StockRow } from '../types.ts';
import { child, childrenOf, childText } from '../xml/tree.ts';
import { node, withAttributes, type XmlNode } from '../xml/write.ts';
import { type Operation, permissionFor, requireCount, requirePermission, type SoapCall, status } from './call.ts';
import { schemaFailure } from './fault.ts';
import { readStamp, soapStamp } from './stamps.ts';
import { referenceOf } from './write.ts';

function itemXml(itemId: string, { context }: SoapCall): XmlNode {
  const found = findRecord(context.database, 'inventoryItem', { key: { id: itemId } });
  const name = found === undefined ? '' : nameOf(found);
  return withAttributes(node('platformCore:item', node('platformCore:name', name)), {
    internalId: itemId,
    externalId: found?.externalId ?? undefined,
    type: 'inventoryItem',
  });
}

function availabilityXml(row: StockRow, item: XmlNode, offsetHours: number): XmlNode {
  const place = lists.location.find(({ id }) => id === row.locationId)?.name ?? '';
  const quantity = (name: string, value: number): XmlNode => node(`platformCore:${name}`, `${value}.0`);
  return node(
    'platformCore:itemAvailability',
    item,
    node('platformCore:lastQtyAvailableChange', soapStamp(row.modifiedAt, offsetHours)),
    withAttributes(node('platformCore:locationId', node('platformCore:name', place)), { internalId: row.locationId }),
    quantity('quantityOnHand', row.onHand),
    quantity('quantityOnOrder', row.onOrder),
    quantity('quantityCommitted', row.committed),
    quantity('quantityAvailable', row.available),
    quantity('quantityBackOrdered', row.backOrdered),
  );
}

function knownIds(references: ReturnType<typeof childrenOf>, { context }: SoapCall): string[] {
  return references.flatMap((each) => {
    const { type, key } = referenceOf(each);
    const found = type === 'inventoryItem' ? findRecord(context.database, type, { key }) : undefined;
    return found === undefined ? [] : [found.id];
  });
}

/** `getItemAvailability`: a row for each item and location; an item that is unknown has none. */
export const getItemAvailability: Operation = (request, call) => {
  requirePermission(call, permissionFor(recordKinds.inventoryItem, 'view'));
  const { settings } = call.context.state;
  const filter = child(request, 'itemAvailabilityFilter');
  const references = childrenOf(child(filter, 'item'), 'recordRef');
  if (references.length === 0) throw schemaFailure('itemAvailabilityFilter needs at least one item');
  requireCount(call, { count: references.length, most: settings.maxItemAvailability });
  const since = childText(filter, 'lastQtyAvailableChange');
  const changed: Condition[] =
    since === undefined ? [] : [{ sql: 'modified_at >= ?', values: [readStamp(since, settings.soapOffsetHours)] }];
  const rows = knownIds(references, call).flatMap((id) => {
    const asked: Condition = { sql: 'item = CAST(? AS INTEGER)', values: [id] };
    const item = itemXml(id, call);
    const stock = selectStock(call.context.database, allOf([asked, ...changed]));
    return stock.map((row) => availabilityXml(row, item, settings.soapOffsetHours));
  });
  const list = node('platformCore:itemAvailabilityList', ...rows);
  return [node('platformCore:getItemAvailabilityResult', status(), list)];
};
