import { seedReader } from '@mortise/testing';
import type { SeedOptions } from './records.ts';

/** Takes a seed that comes from outside as JSON. Throws a TypeError with one sentence. */
export const parseSeed = seedReader<SeedOptions>({
  ...{ customers: 0, items: 0, orders: 0, deleted: 0 },
  skuPrefix: '',
});
