import { createHash } from 'node:crypto';
import { stockPlace } from '@mortise/models';
import { type ConnectorError, connectorError, type ItemOutcome, readField } from '@mortise/runtime';
import { connectionReader } from '@mortise/runtime/graphql';
import { z } from 'zod';
import { allRecords } from './connection-pages.ts';
import { documents } from './documents.ts';
import { levelsOfItem } from './level-fold.ts';
import { itemsWithLevels } from './level-walk.ts';
import { anyOf } from './search.ts';
import { userErrorOf } from './user-errors.ts';
import type { ShopifyCall } from './vendor.ts';

/** Levels in one request: so many items are looked up for about a hundred points. */
export const largestStockBatch = 50;

/** A level as it is written: whose, and how much lies there. */
interface WrittenLevel {
  readonly key?: string | undefined;
  readonly quantities?: { readonly on_hand?: number | undefined } | undefined;
}

const Level = z.looseObject({
  key: z.string().optional(),
  item: z.looseObject({ id: z.string() }),
  location: z.looseObject({ id: z.string() }),
  quantities: z.looseObject({ on_hand: z.number() }),
});
type Level = z.output<typeof Level>;

type WriteCall = ShopifyCall & { readonly idempotencyKey: string };

/** A level at its place in the batch, and the change to it. */
interface Change {
  readonly index: number;
  readonly level: Level;
  readonly quantity: number;
  readonly from: number | null;
}

/**
 * Sets the units on hand of levels that are named by SKU and location, each over the quantity that was there. One that
 * somebody changed in between is refused with `conflict`, and the others are set all the same.
 */
export const setLevels = async (
  call: WriteCall,
  records: readonly WrittenLevel[],
): Promise<readonly ItemOutcome<unknown>[]> => {
  const before = await placedLevels(call, records);
  const failed = new Map<number, ConnectorError>();
  let changes: readonly Change[] = records.flatMap((record, index) => {
    const change = changeOf(call, { record, index, level: before.get(record.key ?? '') });
    if (!('error' in change)) return [change];
    failed.set(index, change.error);
    return [];
  });
  // What is there already is not written: the write may have been done by a run before this one.
  changes = changes.filter(({ level, quantity }) => level.quantities.on_hand !== quantity);
  while (changes.length > 0) {
    const refused = await send(call, changes);
    if (refused.size === 0) break;
    for (const [index, error] of refused) failed.set(index, error);
    changes = changes.filter(({ index }) => !refused.has(index));
  }
  const after = await placedLevels(call, records);
  return records.map(({ key = '' }, index) => {
    const error = failed.get(index);
    if (error !== undefined) return { ok: false, error };
    return { ok: true, record: after.get(key) ?? before.get(key), created: false };
  });
};

/** The levels of the SKUs, by key. Of several items with one SKU the oldest counts, each time the same. */
const placedLevels = async (
  { transports: { admin } }: ShopifyCall,
  records: readonly WrittenLevel[],
): Promise<ReadonlyMap<string, Level>> => {
  const skus = [...new Set(records.flatMap(({ key }) => stockPlace(key ?? '')?.sku ?? []))];
  if (skus.length === 0) return new Map();
  const read = connectionReader(admin, { ...itemsWithLevels, key: 'id', pageSize: undefined });
  const items = await allRecords(read, { variables: { query: anyOf('sku', skus) } });
  const levels = items.flatMap(levelsOfItem).map(levelFrom);
  return new Map(levels.toReversed().flatMap((level) => (level.key === undefined ? [] : [[level.key, level]])));
};

const levelFrom = (row: unknown): Level => {
  const level = Level.safeParse(row);
  if (level.success) return level.data;
  throw connectorError(
    'unexpected-content',
    'Shopify gave a stock level without its item, its location or its quantity',
  );
};

const incomplete = "stock is written with its key, 'SKU @ location', and the units on hand";

const changeOf = (
  { settings }: ShopifyCall,
  {
    record,
    index,
    level,
  }: { readonly record: WrittenLevel; readonly index: number; readonly level: Level | undefined },
): Change | { readonly error: ConnectorError } => {
  const quantity = record.quantities?.on_hand;
  if (quantity === undefined || stockPlace(record.key ?? '') === undefined) {
    return { error: connectorError('invalid-request', incomplete) };
  }
  if (level === undefined) {
    return { error: connectorError('not-found', 'the shop has no item of this SKU at a location of this name') };
  }
  return { index, level, quantity, from: settings.compareStock ? level.quantities.on_hand : null };
};

/** Sends the changes, all or none of which Shopify takes. Gives the errors of those for which it took none. */
const send = async (
  { transports: { admin }, idempotencyKey }: WriteCall,
  changes: readonly Change[],
): Promise<ReadonlyMap<number, ConnectorError>> => {
  const quantities = changes.map(({ level, quantity, from }) => ({
    inventoryItemId: level.item.id,
    locationId: level.location.id,
    quantity,
    changeFromQuantity: from,
  }));
  // Shopify refuses a key that comes again with other quantities: so the key names them.
  const digest = createHash('sha256').update(JSON.stringify(quantities)).digest('hex').slice(0, 32);
  const { data } = await admin.send({
    document: documents.setStock,
    variables: { input: { name: 'on_hand', reason: 'correction', quantities }, key: `${idempotencyKey}-${digest}` },
    effect: 'keyed',
  });
  const payload = readField(data, 'inventorySetQuantities');
  const error = userErrorOf(payload);
  if (error === undefined) return new Map();
  const named = placesIn(payload).flatMap((place) => changes[place]?.index ?? []);
  return new Map((named.length > 0 ? named : changes.map(({ index }) => index)).map((index) => [index, error]));
};

const Errors = z.object({ userErrors: z.array(z.object({ field: z.array(z.string()).nullish() })) });

/** The places that the errors name: `['input', 'quantities', '3', 'locationId']` is the fourth. */
const placesIn = (payload: unknown): number[] => {
  const parsed = Errors.safeParse(payload);
  if (!parsed.success) return [];
  return parsed.data.userErrors.flatMap(({ field }) => {
    const place = Number(field?.[2]);
    return Number.isInteger(place) ? [place] : [];
  });
};
