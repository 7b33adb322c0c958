import { seedReader } from '@mortise/testing';
import type { SeedOptions } from './records.ts';

/** Takes a seed that comes from outside as JSON. Throws a TypeError with one sentence. */
export const parseSeed = seedReader<SeedOptions>({
  ...{ contacts: 0, companies: 0, products: 0, deals: 0, line_items: 0 },
  ...{ archivedPercent: 0, merges: 0, sameStamp: 0, associated: false },
});
