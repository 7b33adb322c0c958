import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's top folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The Node 24 that npm brings as a devDependency. */
export const node24 = join(root, 'node_modules', '.bin', 'node');

/** A failure whose message is the whole story for the user: no stack is shown. */
export class SetupError extends Error {}

/** @param {string} file */
export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Folders that one workspace pattern (`packages/*` or a plain path) names. @param {string} pattern */
const foldersOf = (pattern) => {
  if (!pattern.endsWith('/*')) return [pattern];
  const parent = pattern.slice(0, -2);
  if (!existsSync(join(root, parent))) return [];
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`);
};

/**
 * Every workspace package, sorted by folder (relative to the root, forward slashes).
 * @returns {{ folder: string, manifest: Record<string, any> }[]}
 */
export const workspacePackages = () =>
  readJson(join(root, 'package.json'))
    .workspaces.flatMap(foldersOf)
    .filter((/** @type {string} */ folder) => existsSync(join(root, folder, 'package.json')))
    .sort()
    .map((/** @type {string} */ folder) => ({ folder, manifest: readJson(join(root, folder, 'package.json')) }));
