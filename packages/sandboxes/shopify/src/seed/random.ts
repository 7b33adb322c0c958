/** A small deterministic generator (mulberry32): the same seed gives the same numbers everywhere. */
export interface Random {
  /** A number from 0 up to, not including, `below`. */
  readonly whole: (below: number) => number;
  /** True in `percent` of 100 cases. */
  readonly chance: (percent: number) => boolean;
  /** One of a list that is not empty. */
  readonly pick: (list: readonly [string, ...string[]]) => string;
}

/** Makes a generator from a seed. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (below: number): number => Math.floor(next() * below);
  return { whole, chance: (percent) => whole(100) < percent, pick: (list) => list[whole(list.length)] ?? list[0] };
};
