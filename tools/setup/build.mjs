import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findNpm, stepEnvironment } from './environment.mjs';
import { releaseLock } from './lock.mjs';
import { runQuietly } from './process.mjs';
import { contentHash, stateHash } from './stamp.mjs';
import { root, SetupError, workspacePackages } from './workspace.mjs';

const buildable = () => workspacePackages().filter(({ manifest }) => manifest.scripts?.build !== undefined);

/** Every `./dist/…` file that a manifest promises. @param {unknown} value @returns {string[]} */
const promisedFiles = (value) => {
  if (typeof value === 'string') return value.startsWith('./dist/') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(promisedFiles) : [];
};

/** The packages' dist folders. Turbo knows best what is stale, but asking it costs more than looking at file times. */
export const packagesBuilt = {
  message: 'building what changed …',
  stamp: join(root, 'node_modules', '.cache', 'mortise', 'build.stamp'),
  wanted: () => {
    const folders = buildable().map(({ folder }) => folder);
    const settings = ['package.json', 'tsconfig.json', 'tsup.config.ts'];
    return (
      stateHash(folders.map((folder) => `${folder}/src`)) +
      contentHash([
        'package-lock.json',
        'tsconfig.base.json',
        'turbo.json',
        'tools/build/library.ts',
        ...folders.flatMap((folder) => settings.map((file) => `${folder}/${file}`)),
      ])
    );
  },
  isThere: () =>
    buildable().every(({ folder, manifest }) =>
      promisedFiles([manifest.exports, manifest.bin]).every((file) => existsSync(join(root, folder, file))),
    ),
  async make() {
    findNpm(); // turbo runs the packages' scripts through npm
    const { ok, output } = await runQuietly(join(root, 'node_modules', '.bin', 'turbo'), {
      args: ['run', 'build', '--ui=stream', '--output-logs=errors-only'],
      env: stepEnvironment(),
      beforeExit: () => releaseLock(),
    });
    if (ok) return;
    process.stderr.write(output);
    throw new SetupError("building the packages failed: turbo's own words are above");
  },
};
