/**
 * Shopify's Admin schema and its table of scopes, out of the package that Shopify publishes for machines to read. Only
 * the one file is taken: the package's own dependencies (a whole command line and two web frameworks) are never
 * installed. Fetched once, checked against a fixed digest, kept under .cache.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const here = import.meta.dirname;
const cache = join(here, '.cache');

const name = '@shopify/dev-mcp@1.16.0';
const archive = 'shopify-dev-mcp-1.16.0.tgz';
const sha512 = 'tqgRnK7sQhjew+htxtleTH23nXB5fZcsrhWgEkomsorGXvLOB2mh2upwZm8uzuTDNTZnqtLMe64yIwh6s2awtw==';

/** @param {string} folder where the file is put; @param {string} file path in the package */
function unpack(folder, file) {
  execFileSync('npm', ['pack', name, '--pack-destination', folder, '--silent'], { cwd: folder, stdio: 'pipe' });
  const packed = join(folder, archive);
  if (createHash('sha512').update(readFileSync(packed)).digest('base64') !== sha512) {
    throw new Error(
      `${name} is not the package that it was: its digest differs from the one in ${import.meta.filename}.`,
    );
  }
  execFileSync('tar', ['-xzf', archive, `package/${file}`], { cwd: folder, stdio: 'pipe' });
}

/**
 * Fetches the schema of a version where it is not there yet.
 * @param {string} version of the Admin API, for instance 2026-10
 * @returns {string} path of the gzipped JSON
 */
export function fetchSchema(version = '2026-10') {
  const kept = join(cache, `${sha512.slice(0, 8)}-admin_${version}.json.gz`);
  if (existsSync(kept)) return kept;
  mkdirSync(cache, { recursive: true });
  // Fetched apart and renamed into place: two test files may do it at the same time, and neither reads half a file.
  const folder = mkdtempSync(join(cache, 'fetching-'));
  try {
    const file = `dist/data/admin_${version}.json.gz`;
    unpack(folder, file);
    renameSync(join(folder, 'package', file), kept);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return kept;
}

/**
 * Reads the schema of a version: the introspection result (for `buildClientSchema` with `assumeValid`), and the rows
 * that say which scopes an offline token needs for a field.
 * @param {string} version of the Admin API
 * @returns {{ introspection: object, offlineScopes: { type: string, typeName: string, fieldName: string,
 *   requiredAccess: unknown, offlineScopes: string[] }[] }}
 */
export function readSchema(version = '2026-10') {
  const whole = JSON.parse(gunzipSync(readFileSync(fetchSchema(version))).toString('utf8'));
  return { introspection: whole.data, offlineScopes: whole.offline_scopes?.items ?? whole.data.offline_scopes?.items };
}
