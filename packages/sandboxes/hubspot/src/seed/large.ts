import type { SeedOptions } from './records.ts';

/** Counts of {@link largeSeed}: 14,600 records, more contacts of one stamp than a search can page to. */
const counts = { contacts: 10_500, companies: 600, products: 500, deals: 1000, line_items: 2000 };

/** A seed of more than 10,000 records with associations, archived and merged rows, all from one number. */
export function largeSeed(number: number): SeedOptions {
  return { number, ...counts, archivedPercent: 3, merges: 20, associated: true };
}
