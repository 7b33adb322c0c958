import { Product, spelledBoolean } from '@mortise/models';
import { isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { inNamespace } from '@mortise/runtime/soap';
import { z } from 'zod';
import { recordOperations } from './operations.ts';
import type { RecordKind } from './record-kind.ts';
import { netsuite } from './vendor.ts';
import { granularityMs, lagMs, limits, namespaces } from './vendor-facts.ts';
import { cleared, identity, text } from './wire-text.ts';

/** An inventory item as SOAP has it, with values as text. REST is read into the same. */
export const ItemWire = inNamespace(
  namespaces.accounting,
  z
    .object({
      ...identity,
      createdDate: z.string(),
      lastModifiedDate: z.string(),
      salesDescription: text,
      itemId: text,
      displayName: text,
      isInactive: text,
    })
    .meta({ title: 'NetSuite inventory item' }),
);

/** NetSuite inventory item and model. */
export const itemMapping = mapping(ItemWire, Product, {
  id: { from: 'internalId', access: 'read' },
  sku: {
    compute: ({ itemId }) => itemId ?? null,
    // One value for both: a retried or repeated write finds the item that it made.
    uncompute: (sku: Product['sku']) => ({ itemId: sku, ...(sku !== null && { externalId: sku }) }),
    uses: ['itemId', 'externalId'],
    note: 'written as item name and as external id',
  },
  name: { from: 'displayName', ...cleared },
  description: { from: 'salesDescription', ...cleared },
  price: { constant: null, note: 'price levels are not read' },
  active: { from: 'isInactive', as: spelledBoolean('false', 'true'), onMissing: 'null' },
  createdAt: { from: 'createdDate', as: isoInstant, access: 'read' },
  updatedAt: { from: 'lastModifiedDate', as: isoInstant, access: 'read' },
});

/** How inventory items are spoken of. */
export const itemKind: RecordKind = {
  name: 'items',
  record: ItemWire,
  soap: {
    type: 'InventoryItem',
    namespace: namespaces.accounting,
    reference: 'inventoryItem',
    search: 'ItemSearchBasic',
    searchType: '_inventoryItem',
    deletedType: 'inventoryItem',
    fields: ['salesDescription', 'itemId', 'displayName', 'isInactive'],
  },
  rest: {
    path: 'inventoryItem',
    table: 'item',
    where: "itemtype = 'InvtPart'",
    deletedType: 'inventoryitem',
    stamps: { createdDate: 'createddate', lastModifiedDate: 'lastmodifieddate' },
    columns: { itemId: 'itemid', displayName: 'displayname', salesDescription: 'description' },
    switches: { isInactive: 'isinactive' },
  },
  unique: ['itemId'],
};

/** Inventory items; upserts find them by external id, which is the SKU. */
export const items = netsuite.resource({
  record: ItemWire,
  key: 'internalId',
  changes: { field: 'lastModifiedDate', granularityMs, lagMs },
  mapping: itemMapping,
  ...recordOperations(itemKind, { max: limits.writeList }),
});
