import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stepEnvironment } from './environment.mjs';
import { runQuietly } from './process.mjs';
import { root, workspacePackages } from './workspace.mjs';

/**
 * One check of the repository beside its tests.
 * @typedef {object} Check
 * @property {string} name
 * @property {() => Promise<{ ok: boolean, output: string }>} run
 */

/** @param {string} name @param {string} tool @param {string[]} args @returns {Check} */
const toolCheck = (name, tool, args) => ({
  name,
  run: () => runQuietly(join(root, 'node_modules', '.bin', tool), { args, env: stepEnvironment() }),
});

/** Cheap checks first: format, lint and types. */
export const checksBeforeTests = [
  toolCheck('biome: format and lint', 'biome', ['check', '--error-on-warnings', '.']),
  toolCheck('types of the packages', 'turbo', [
    'run',
    'typecheck',
    '--ui=stream',
    '--output-logs=errors-only',
    '--continue',
  ]),
  toolCheck('types of tools', 'tsc', ['--noEmit', '-p', 'tools']),
];

/** What users of the built packages see: manifests, exports and types of every package that is published. */
const packageChecks = () =>
  workspacePackages()
    .filter(({ manifest }) => manifest.private !== true)
    .flatMap(({ folder, manifest }) => [
      toolCheck(`publint: ${manifest.name}`, 'publint', ['run', folder, '--strict', '--pack', 'npm']),
      toolCheck(`attw: ${manifest.name}`, 'attw', ['--pack', folder, '--profile', 'esm-only', '--format', 'ascii']),
    ]);

/** @param {string} text @returns {string[][]} the [package, kind of release] pairs of a changeset's head */
const releasesOf = (text) => {
  const head = /^---\n([\s\S]*?)\n?---\n/.exec(text)?.[1] ?? '';
  return head
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(':').map((part) => part.trim().replace(/^['"]|['"]$/g, '')));
};

/**
 * `changeset status` compares with a branch that a clone need not have; what can be wrong in the files themselves is
 * checked here.
 */
const changesetProblems = () => {
  const folder = join(root, '.changeset');
  if (!existsSync(folder)) return ['there is no .changeset folder'];
  const names = new Set(workspacePackages().map(({ manifest }) => manifest.name));
  const files = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');
  return files.flatMap((file) => {
    const releases = releasesOf(readFileSync(join(folder, file), 'utf8'));
    // A formatter once made a heading of the only line, and nothing would have been released.
    if (releases.length === 0) return [`.changeset/${file}: names no package between its two lines of ---`];
    return releases
      .filter(([name = '', kind = '']) => !names.has(name) || !['major', 'minor', 'patch'].includes(kind))
      .map(([name, kind]) => `.changeset/${file}: "${name}: ${kind}" is not a package of this workspace with a kind`);
  });
};

/** The slow ones, which need the built packages. */
export const checksAfterTests = () => [
  ...packageChecks(),
  toolCheck('knip: nothing unused, nothing undeclared', 'knip', ['--no-progress', '--no-config-hints']),
  {
    name: 'changesets name packages of this workspace',
    run: async () => {
      const problems = changesetProblems();
      return { ok: problems.length === 0, output: problems.map((problem) => `${problem}\n`).join('') };
    },
  },
];
