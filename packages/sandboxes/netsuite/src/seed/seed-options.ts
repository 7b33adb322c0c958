import { isRecord } from '@mortise/testing';
import type { SeedOptions } from './records.ts';

const counts = ['number', 'customers', 'items', 'orders', 'deleted'] as const;

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function isSeed(value: unknown): value is SeedOptions {
  if (!isRecord(value) || !isCount(value.number)) return false;
  const known: readonly string[] = [...counts, 'skuPrefix'];
  if (!Object.keys(value).every((name) => known.includes(name))) return false;
  if (value.skuPrefix !== undefined && typeof value.skuPrefix !== 'string') return false;
  return counts.every((name) => value[name] === undefined || isCount(value[name]));
}

/** Takes a seed that came from outside as JSON: a number, or an object. Throws a TypeError with one sentence. */
export function parseSeed(value: unknown): SeedOptions {
  if (isCount(value)) return { number: Number(value) };
  if (isSeed(value)) return value;
  throw new TypeError(
    `--seed must be a whole number, or an object of ${counts.join(', ')} (whole numbers) and skuPrefix.`,
  );
}
