import { seedReader } from '@mortise/testing';
import type { SeedOptions } from './records.ts';

/** Takes a seed that comes from outside as JSON. Throws a TypeError with one sentence. */
export const parseSeed = seedReader<SeedOptions>({
  ...{ products: 0, customers: 0, orders: 0 },
  ...{ currencyCode: '', locations: [''], complete: false },
});
