import { numberText, StockLevel } from '@mortise/models';
import { isoInstant, type ListRequest } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { plainDecimal } from './amounts.ts';
import { itemKind } from './items.ts';
import type { StockApi } from './record-api.ts';
import { restStock } from './rest/stock.ts';
import { soapStock } from './soap/stock.ts';
import { StockLevelWire } from './stock-level-wire.ts';
import { type NetSuiteCall, netsuite } from './vendor.ts';
import { rolePermissions } from './vendor-facts.ts';

const units = { ...numberText, decode: (value: string) => numberText.decode(plainDecimal(value)) };

/** NetSuite item availability and model. */
export const stockLevelMapping = mapping(StockLevelWire, StockLevel, {
  id: { from: 'id', access: 'read' },
  sku: { from: 'item.name', onMissing: 'null', access: 'read' },
  productId: { from: 'item.internalId', access: 'read' },
  locationId: { from: 'locationId.internalId', access: 'read' },
  locationName: { from: 'locationId.name', onMissing: 'null', access: 'read' },
  onHand: { from: 'quantityOnHand', as: units, onMissing: { use: 0 }, onNull: { use: 0 }, access: 'read' },
  allocated: { from: 'quantityCommitted', as: units, onMissing: 'null', access: 'read' },
  updatedAt: {
    from: 'lastQtyAvailableChange',
    as: isoInstant,
    onMissing: { use: new Date(0) },
    onNull: { use: new Date(0) },
    access: 'read',
    note: 'of the quantity available; 1970 where it never changed',
  },
});

/** The operations on stock, over each transport. */
export const stockApis: Readonly<Record<'soap' | 'rest', StockApi>> = { soap: soapStock(itemKind), rest: restStock };

const chosen = ({ settings }: NetSuiteCall): StockApi => stockApis[settings.api];

/**
 * Stock by item and location, to read: stock is moved by transactions. Always read whole, because NetSuite stamps only
 * changes of the quantity available, and a fulfilment takes from the quantity on hand without one.
 */
export const stockLevels = netsuite.resource({
  record: StockLevelWire,
  key: 'id',
  changes: 'none',
  mapping: stockLevelMapping,
  permissions: { list: rolePermissions.items.read, get: rolePermissions.items.read },
  list: (call, request: ListRequest) => chosen(call).list(call, request),
  get: (call, id) => chosen(call).get(call, id),
});
