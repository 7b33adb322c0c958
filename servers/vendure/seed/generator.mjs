/**
 * A tiny seeded generator: the same number gives the same shop on every machine.
 * @param {number} seed
 * @returns {{ integer: (from: number, to: number) => number, pick: <T>(list: readonly T[]) => T }} bounds are inclusive
 */
export function createGenerator(seed) {
  let state = seed >>> 0;
  // mulberry32
  function next() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  const integer = (from, to) => from + Math.floor(next() * (to - from + 1));
  return { integer, pick: (list) => list[integer(0, list.length - 1)] };
}

/**
 * @template T
 * @param {T[]} list
 * @param {number} size
 * @returns {T[][]}
 */
export function slices(list, size) {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
