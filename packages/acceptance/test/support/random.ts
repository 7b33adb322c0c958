/** The seed of this test run: another one each time, unless MORTISE_SEED says which. */
export const seedOfRun = (): number => {
  const given = Number(process.env.MORTISE_SEED);
  return Number.isInteger(given) && given > 0 ? given : 1 + Math.floor(Math.random() * 1_000_000);
};

/** Draws whole numbers from 1 to a bound, the same ones for the same seed (mulberry32). */
export const drawer = (seed: number) => {
  let state = seed;
  return (most: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return 1 + (((mixed ^ (mixed >>> 14)) >>> 0) % most);
  };
};
