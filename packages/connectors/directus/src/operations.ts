import type { FindRequest, ListRequest, SubscribeRequest } from '@mortise/runtime';
import { changedItems } from './changed-items.ts';
import { collectionOf } from './collection.ts';
import { findItem, getItem } from './item-reads.ts';
import { removeItem, updateItem, upsertItems, type WrittenItem } from './item-writes.ts';
import { liveItems } from './live-items.ts';
import { removedItems } from './removed-items.ts';
import type { Table } from './table.ts';
import type { DirectusCall } from './vendor.ts';
import { upsertBatch } from './vendor-facts.ts';

/** The settings that name a collection. */
type CollectionSetting = 'items' | 'stockLevels';

/** Least privilege, as collection and action of a Directus policy; the names are those of the settings' defaults. */
export const permissionsOf = (collection: string) => {
  const read = [`${collection}:read`];
  const update = [...read, `${collection}:update`];
  return {
    list: read,
    get: read,
    find: read,
    deletions: [...read, 'directus_activity:read'],
    subscribe: read,
    update,
    upsert: [...update, `${collection}:create`],
    remove: [...read, `${collection}:delete`],
  };
};

/** The operations on the collection of a setting. */
export const operationsOn = (setting: CollectionSetting) => {
  const tableOf = (call: DirectusCall): Table => {
    const { settings } = call;
    return { call, collection: collectionOf(settings[setting], settings.currency) };
  };
  return {
    list: (call: DirectusCall, request: ListRequest) => changedItems(tableOf(call), request),
    get: (call: DirectusCall, id: string) => getItem(tableOf(call), id),
    find: (call: DirectusCall, request: FindRequest) => findItem(tableOf(call), request),
    deletions: (call: DirectusCall, request: ListRequest) => removedItems(tableOf(call), request),
    subscribe: (call: DirectusCall, request: SubscribeRequest) => liveItems(tableOf(call), request),
    update: {
      // The fields are set, not added to.
      effect: 'idempotent' as const,
      run: (call: DirectusCall, change: { readonly id: string; readonly change: object }) =>
        updateItem(tableOf(call), change),
    },
    upsert: {
      effect: 'external-id' as const,
      key: 'sku',
      max: upsertBatch,
      run: (call: DirectusCall, records: readonly WrittenItem[]) => upsertItems(tableOf(call), records),
    },
    remove: {
      effect: 'idempotent' as const,
      run: (call: DirectusCall, id: string) => removeItem(tableOf(call), id),
    },
  };
};
