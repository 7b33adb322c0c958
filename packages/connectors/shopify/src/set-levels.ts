import { createHash } from 'node:crypto';
import { stockPlace } from '@mortise/models';
import { type ConnectorError, connectorError, type ItemOutcome, isConnectorError, readField } from '@mortise/runtime';
import { documents } from './documents.ts';
import { type PlacedLevel, placedLevels } from './placed-levels.ts';
import { userErrorsByPlace } from './user-errors.ts';
import type { ShopifyCall } from './vendor.ts';

/** Levels in one request: so many items are looked up for about a hundred points. */
export const largestStockBatch = 50;

/** How often a level that somebody changes between our look and our write is looked at. */
const looks = 3;

/** A level as it is written: whose, and how much lies there. */
interface WrittenLevel {
  readonly key?: string | undefined;
  readonly quantities?: { readonly on_hand?: number | undefined } | undefined;
}

type WriteCall = ShopifyCall & { readonly idempotencyKey: string };

/** A level that can be looked for. */
interface Asked {
  readonly index: number;
  readonly key: string;
  readonly quantity: number;
}

/** A level that was found, and is not yet as asked for. */
interface Change extends Asked {
  readonly level: PlacedLevel;
  readonly from: number | null;
}

type Failures = Map<number, ConnectorError>;

/**
 * Sets the units on hand of levels that are named by SKU and location, each over the quantity that was there. One that
 * somebody changed in between is looked at again, a few times: what is asked for is what lies there, not a difference.
 */
export const setLevels = async (
  call: WriteCall,
  records: readonly WrittenLevel[],
): Promise<readonly ItemOutcome<unknown>[]> => {
  const failed: Failures = new Map();
  const asked = askedOf(records, failed);
  let left: readonly Asked[] = asked;
  for (let look = 1; look <= looks && left.length > 0; look += 1) {
    const changes = await changesOf(call, left, failed);
    left = await write(call, changes, failed);
    if (look === looks) break;
    for (const { index } of left) failed.delete(index);
  }
  const written = asked.filter(({ index }) => !failed.has(index));
  const after = await levelsAfter(call, written);
  return records.map(({ key = '' }, index) => {
    const error = failed.get(index);
    const record = after.get(key);
    if (error !== undefined) return { ok: false, error };
    return record === undefined || record === 'unreadable'
      ? { ok: false, error: connectorError('unknown-outcome', 'the stock was set, and could not be read afterwards') }
      : { ok: true, record, created: false };
  });
};

const incomplete = "stock is written with its key, 'SKU @ location', and the units on hand";

/** What can be looked for; the errors of all else are put down. */
const askedOf = (records: readonly WrittenLevel[], failed: Failures): readonly Asked[] => {
  const seen = new Set<string>();
  return records.flatMap(({ key = '', quantities }, index) => {
    const quantity = quantities?.on_hand;
    if (quantity === undefined || stockPlace(key) === undefined) {
      failed.set(index, connectorError('invalid-request', incomplete));
      return [];
    }
    if (seen.has(key)) {
      failed.set(index, connectorError('invalid-request', 'the level is named twice in one call'));
      return [];
    }
    seen.add(key);
    return [{ index, key, quantity }];
  });
};

/** Looks at the levels. One that is as asked for is no change: a run before this one may have written it. */
const changesOf = async (call: WriteCall, asked: readonly Asked[], failed: Failures): Promise<readonly Change[]> => {
  const levels = await placedLevels(
    call,
    asked.map(({ key }) => key),
  );
  return asked.flatMap((each) => {
    const level = levels.get(each.key);
    if (level === undefined) {
      const message = 'the shop has no item of this SKU at a location of this name';
      failed.set(each.index, connectorError('not-found', message));
      return [];
    }
    if (level === 'unreadable') {
      failed.set(each.index, connectorError('unexpected-content', 'Shopify gave the stock level without its quantity'));
      return [];
    }
    const { on_hand: was } = level.quantities;
    return was === each.quantity ? [] : [{ ...each, level, from: call.settings.compareStock ? was : null }];
  });
};

/** Writes the changes, without those that are refused. Gives those that somebody else has changed meanwhile. */
const write = async (call: WriteCall, changes: readonly Change[], failed: Failures): Promise<readonly Change[]> => {
  const stale: Change[] = [];
  let left = changes;
  while (left.length > 0) {
    const refused = await send(call, left);
    if (refused.size === 0) break;
    for (const [change, error] of refused) {
      failed.set(change.index, error);
      if (error.code === 'conflict') stale.push(change);
    }
    left = left.filter((change) => !refused.has(change));
  }
  return stale;
};

/** Sends the changes, all or none of which Shopify takes. Gives the errors of those for which it took none. */
const send = async (
  { transports: { admin }, idempotencyKey }: WriteCall,
  changes: readonly Change[],
): Promise<ReadonlyMap<Change, ConnectorError>> => {
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
  const list = { path: ['input', 'quantities'], count: changes.length };
  const { whole, byPlace } = userErrorsByPlace(payload, list);
  if (whole !== undefined) return new Map(changes.map((change) => [change, whole]));
  return new Map([...byPlace].flatMap(([place, error]) => (changes[place] ? [[changes[place], error]] : [])));
};

/** The levels as they are now. What was written stays written where they cannot be read: each then says so. */
const levelsAfter = async (call: WriteCall, written: readonly Asked[]): ReturnType<typeof placedLevels> => {
  try {
    return await placedLevels(
      call,
      written.map(({ key }) => key),
    );
  } catch (thrown) {
    if (isConnectorError(thrown) && thrown.code !== 'cancelled') return new Map();
    throw thrown;
  }
};
