import type { Random } from '../resilience/clock.ts';

/** Digits of the groups of a UUID; drawn in portions that a number holds exactly. */
const groups = [[8], [4], [4], [4], [6, 6]] as const;

const hex = (random: Random, digits: number): string =>
  Math.floor(random() * 16 ** digits)
    .toString(16)
    .padStart(digits, '0');

/** A key of 128 random bits in the form of a UUID, because some vendors take no other. */
export const idempotencyKey = (random: Random): string =>
  groups.map((parts) => parts.map((digits) => hex(random, digits)).join('')).join('-');
