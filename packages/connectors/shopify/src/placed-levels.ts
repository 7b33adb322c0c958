import { stockPlace } from '@mortise/models';
import { readField } from '@mortise/runtime';
import { connectionReader } from '@mortise/runtime/graphql';
import { z } from 'zod';
import { allRecords } from './connection-pages.ts';
import { levelsOfItem } from './level-fold.ts';
import { itemsWithLevels } from './level-walk.ts';
import { anyOf } from './search.ts';
import type { ShopifyCall } from './vendor.ts';

const PlacedLevel = z.looseObject({
  item: z.looseObject({ id: z.string() }),
  location: z.looseObject({ id: z.string() }),
  quantities: z.looseObject({ on_hand: z.number() }),
});

/** A level with what a write to it needs. */
export type PlacedLevel = z.output<typeof PlacedLevel>;

/**
 * The levels of the SKUs that these keys name, by key; `unreadable` for one without its quantity, so that it fails alone. Of
 * several items with one SKU the oldest counts, each time the same.
 */
export const placedLevels = async (
  { transports: { admin } }: ShopifyCall,
  keys: readonly string[],
): Promise<ReadonlyMap<string, PlacedLevel | 'unreadable'>> => {
  const skus = [...new Set(keys.flatMap((key) => stockPlace(key)?.sku ?? []))];
  if (skus.length === 0) return new Map();
  const read = connectionReader(admin, { ...itemsWithLevels, key: 'id', pageSize: undefined });
  const items = await allRecords(read, { variables: { query: anyOf('sku', skus) } });
  const levels = items.flatMap(levelsOfItem).toReversed();
  return new Map(levels.flatMap((level) => entryOf(level)));
};

const entryOf = (row: unknown): readonly (readonly [string, PlacedLevel | 'unreadable'])[] => {
  const key = readField(row, 'key');
  if (typeof key !== 'string') return [];
  const level = PlacedLevel.safeParse(row);
  return [[key, level.success ? level.data : 'unreadable']];
};
