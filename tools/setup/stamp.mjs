import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './workspace.mjs';

/** Hash of the content of the files; a missing one counts as empty. @param {string[]} files relative to the root */
export const contentHash = (files) => {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const file of files) {
    const path = join(root, file);
    hash.update(`\0${file}\0`).update(existsSync(path) ? readFileSync(path) : '');
  }
  return hash.digest('hex');
};

/** @param {string} folder @returns {string[]} "path size mtime" of every file below, without reading one */
const fileStates = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return fileStates(path);
    const { size, mtimeMs } = statSync(path);
    return [`${path} ${size} ${mtimeMs}`];
  });

/** Hash of path, size and time of every file below the folders: cheap enough for each start. @param {string[]} folders */
export const stateHash = (folders) => {
  const hash = createHash('sha256');
  for (const folder of folders.filter((each) => existsSync(join(root, each)))) {
    hash.update(fileStates(join(root, folder)).sort().join('\n'));
  }
  return hash.digest('hex');
};

/** @param {string} file @returns {string | undefined} what the last finished step wrote there */
export const readStamp = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

/** @param {string} file @param {string} value */
export const writeStamp = (file, value) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value);
};

/** A step removes its stamp before it starts, so that half-done work never counts as done. @param {string} file */
export const removeStamp = (file) => rmSync(file, { force: true });
