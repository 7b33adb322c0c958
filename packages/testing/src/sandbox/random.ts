/** A small deterministic generator: the same seed gives the same numbers everywhere. */
export type Random = {
  /** A whole number from 0 up to, not including, `below`. Never throws. */
  whole(below: number): number;
  /** True in `percent` of 100 cases. Never throws. */
  chance(percent: number): boolean;
  /** One of a list that is not empty. Never throws. */
  pick<Value>(list: readonly [Value, ...Value[]]): Value;
};

/** Makes a generator (mulberry32) from a seed, for the records of a sandbox. Never throws. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (below: number): number => Math.floor(next() * below);
  return { whole, chance: (percent) => whole(100) < percent, pick: (list) => list[whole(list.length)] ?? list[0] };
}
