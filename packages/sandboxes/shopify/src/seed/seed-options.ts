import { isRecord } from '@mortise/testing';

/** What to seed: the number of the seed, and counts of records, which have defaults. */
export interface SeedOptions {
  readonly number: number;
  readonly products?: number;
  readonly customers?: number;
  readonly orders?: number;
  readonly locations?: number;
  /** Whether goods without SKU, customers without e-mail address and orders of guests are among them; true unless given. */
  readonly gaps?: boolean;
}

const counts = ['number', 'products', 'customers', 'orders', 'locations'] as const;

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;

const isSeed = (value: unknown): value is SeedOptions => {
  if (!isRecord(value) || !isCount(value.number)) return false;
  const known: readonly string[] = [...counts, 'gaps'];
  if (!Object.keys(value).every((name) => known.includes(name))) return false;
  return counts.every((name) => value[name] === undefined || isCount(value[name])) && isSwitch(value.gaps);
};

const isSwitch = (value: unknown): boolean => value === undefined || typeof value === 'boolean';

/** Takes a seed that came from outside as JSON: a number, or an object. Throws a TypeError with one sentence. */
export const parseSeed = (value: unknown): SeedOptions => {
  if (isCount(value)) return { number: Number(value) };
  if (isSeed(value)) return value;
  throw new TypeError(`--seed must be a whole number, or an object of ${counts.join(', ')} (whole numbers) and gaps.`);
};
