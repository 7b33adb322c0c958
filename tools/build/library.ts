import type { Options } from 'tsup';

/** How every published package is built: ES modules with declarations, for the oldest Node that it names. */
export const library = (...entry: readonly [string, ...string[]]): Options => ({
  entry: [...entry],
  format: 'esm',
  target: 'node22',
  dts: true,
  clean: true,
  splitting: true,
  // tsup would turn node:sqlite into sqlite, which does not exist.
  removeNodeProtocol: false,
});
