/**
 * A seeded Directus without waiting for bootstrap and seed: both are done once, kept under .cache, and copied.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTemplate } from '../template-cache.mjs';
import { ADMINISTRATOR } from './environment.mjs';
import { databaseHome } from './postgres.mjs';
import { seedDirectus } from './seed.mjs';

export { ADMINISTRATOR };

const here = import.meta.dirname;
const cache = join(here, '.cache');

/** A shutdown that takes longer than this is ended by force, milliseconds. */
const STOP_MS = 10_000;

/** Characters of standard error kept for the message of a server that does not start. */
const KEPT_ERROR = 2_000;

/** What a template is made of: where any of it changes, another template is made. */
function templateName() {
  const sources = ['environment.mjs', 'package-lock.json', 'postgres.mjs', 'seed.mjs'];
  const hash = createHash('sha256');
  for (const name of sources) hash.update(`${name}\n`).update(readFileSync(join(here, name)));
  return hash.digest('hex').slice(0, 16);
}

/**
 * Seeds below the temporary folder, because PostgreSQL's user must get there, and renames the copy into place: an
 * interrupted seed never looks like a template.
 */
async function makeTemplate(template) {
  const data = mkdtempSync(join(tmpdir(), 'mortise-directus-'));
  const copy = mkdtempSync(join(cache, 'making-'));
  try {
    const server = await startDirectus({ data });
    try {
      await seedDirectus({ url: server.url, token: ADMINISTRATOR.token });
    } finally {
      await server.stop();
    }
    cpSync(data, join(copy, 'data'), { recursive: true });
    renameSync(join(copy, 'data'), template);
  } finally {
    rmSync(data, { recursive: true, force: true });
    rmSync(copy, { recursive: true, force: true });
  }
}

/**
 * Puts a seeded Directus into a folder. The first call on a machine takes about half a minute, the next ones a copy.
 * @param {{ directory: string }} options directory: created where it is missing
 * @returns {Promise<string>} the folder, for `startDirectus`
 * @throws {Error} when the server does not start or refuses the seed
 */
export async function seededDirectus({ directory }) {
  const template = join(cache, templateName());
  await ensureTemplate(template, makeTemplate);
  mkdirSync(directory, { recursive: true });
  cpSync(template, databaseHome(directory), { recursive: true });
  return directory;
}

/** @param {import('node:child_process').ChildProcess} server */
function readiness(server) {
  return new Promise((resolve, reject) => {
    let errors = '';
    server.stderr.setEncoding('utf8').on('data', (text) => {
      errors = (errors + text).slice(-KEPT_ERROR);
    });
    server.once('error', reject);
    server.once('exit', (status, signal) =>
      reject(new Error(`The Directus server ended (${signal ?? status}) before it was ready. ${errors.trim()}`)),
    );
    server.once('message', resolve);
  });
}

/** @param {import('node:child_process').ChildProcess} server @param {Promise<void>} ended */
function stopper(server, ended) {
  return async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const force = setTimeout(() => process.kill(-server.pid, 'SIGKILL'), STOP_MS);
    server.kill('SIGTERM');
    await ended;
    clearTimeout(force);
  };
}

/**
 * Starts PostgreSQL and Directus in a process group of their own, which ends with this process.
 * @param {{ data: string, port?: number, accessTokenTtl?: string, queryLimitMax?: number }} options port: 0 or nothing for a free one
 * @throws {Error} when the server ends before it is ready
 */
export async function startDirectus({ data, port = 0, accessTokenTtl, queryLimitMax }) {
  const list = [join(here, 'start.mjs'), '--port', String(port), '--data', data];
  const env = {
    ...process.env,
    ...(accessTokenTtl && { DIRECTUS_ACCESS_TOKEN_TTL: accessTokenTtl }),
    ...(queryLimitMax && { DIRECTUS_QUERY_LIMIT_MAX: String(queryLimitMax) }),
  };
  const options = { env, detached: true, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] };
  const server = spawn(process.execPath, list, options);
  const ended = new Promise((resolve) => {
    server.once('exit', () => resolve());
  });
  const stop = stopper(server, ended);
  const { url, serverPid, databasePort } = await readiness(server);
  const kill = async () => {
    process.kill(serverPid, 'SIGKILL');
    await ended;
  };
  return { url, pid: server.pid, databasePort, stop, kill };
}
