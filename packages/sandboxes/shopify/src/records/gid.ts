import type { StoredRecord } from '../types.ts';

const form = /^gid:\/\/shopify\/(\w+)\/(\d{1,18})(?:\?.*)?$/;

/** The global id of a record; a stock level's names its item too, as the vendor's does. */
export function gidOf({ type, id, parent }: Pick<StoredRecord, 'type' | 'id' | 'parent'>): string {
  const item = type === 'InventoryLevel' ? `?inventory_item_id=${parent}` : '';
  return `gid://shopify/${type}/${id}${item}`;
}

/** Type and digits of a global id; undefined for what is none. */
export function readGid(gid: unknown): { type: string; id: string } | undefined {
  const [, type, id] = form.exec(typeof gid === 'string' ? gid : '') ?? [];
  return type === undefined || id === undefined ? undefined : { type, id };
}

/** The digits of a global id of this type; undefined for another one. */
export function idOf(gid: unknown, type: string): string | undefined {
  const read = readGid(gid);
  return read?.type === type ? read.id : undefined;
}
