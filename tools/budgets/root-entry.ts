import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'tsup';

/** Most bytes that the root entry of the runtime may weigh: bundled, minified, gzipped, without its peers. */
export const rootEntryBudget = 12_000;

// tsup asks noExternal first, so it must not take the peers
const allBut = (peers: readonly string[]): RegExp => new RegExp(`^(?!(${peers.join('|')})(/|$))`);

/**
 * Bundles an entry with everything that it reaches, peers left out, and weighs it.
 * @returns bytes after gzip
 */
export const bundledSize = async (entry: string, peers: readonly string[]): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-bundle-'));
  try {
    await build({
      config: false,
      entry: [entry],
      external: [...peers],
      noExternal: [allBut(peers)],
      format: 'esm',
      target: 'node22',
      minify: true,
      splitting: false,
      silent: true,
      dts: false,
      outDir: folder,
    });
    const bundle = readdirSync(folder).filter((name) => /\.m?js$/.test(name));
    return bundle.reduce((total, name) => total + gzipSync(readFileSync(join(folder, name))).length, 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
