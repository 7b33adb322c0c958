import type { Random } from '../../resilience/clock.ts';

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export const seededRandom = (seed: number): Random => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A whole number from 0, below a bound. */
export const below = (random: Random, bound: number): number => Math.floor(random() * bound);

/** One of a list that is not empty. */
export const oneOf = <Value>(random: Random, list: readonly [Value, ...Value[]]): Value =>
  list[below(random, list.length)] ?? list[0];
