/**
 * A seeded shop without waiting for the seed: it is made once, kept under .cache, and copied for each test or demo.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureTemplate } from '../template-cache.mjs';

const here = import.meta.dirname;
const cache = join(here, '.cache');

/** Password of the administrator and of the customers who have one. */
const PASSWORD = 'superadmin';

/** A shutdown that takes longer than this is ended by force, milliseconds. */
const STOP_MS = 5_000;

/** Characters of standard error kept for the message of a server that does not start. */
const KEPT_ERROR = 2_000;

/** What a template is made of: where any of it changes, another template is made. */
function templateName() {
  const seeds = readdirSync(join(here, 'seed')).map((name) => join('seed', name));
  const sources = ['admin-client.mjs', 'configuration.mjs', 'package-lock.json', 'seed.mjs', ...seeds].sort();
  const hash = createHash('sha256');
  for (const name of sources) hash.update(`${name}\n`).update(readFileSync(join(here, name)));
  return `${hash.digest('hex').slice(0, 16)}.sqlite`;
}

/** Seeds in a folder of its own and renames the file into place: an interrupted seed never looks like a template. */
async function makeTemplate(template) {
  const { seedShop } = await import('./seed.mjs');
  const folder = mkdtempSync(join(cache, 'making-'));
  try {
    const database = join(folder, 'shop.sqlite');
    const shop = await startShop({ database });
    try {
      await seedShop({ url: shop.url, password: PASSWORD });
    } finally {
      await shop.stop();
    }
    renameSync(database, template);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Puts a seeded shop into a folder. The first call on a machine takes about half a minute, the next ones a copy.
 * Processes that call at the same time share one seed.
 * @param {{ directory: string, name?: string }} options directory: created where it is missing; name: file name,
 *   shop.sqlite where it is not said
 * @returns {Promise<string>} path of the database
 * @throws {Error} when the server does not start or refuses the seed
 */
export async function seededShop({ directory, name = 'shop.sqlite' }) {
  const template = join(cache, templateName());
  await ensureTemplate(template, makeTemplate);
  mkdirSync(directory, { recursive: true });
  const database = join(directory, name);
  copyFileSync(template, database);
  return database;
}

/** @param {import('node:child_process').ChildProcess} server @returns {Promise<string>} URL of the Admin API */
function readyUrl(server) {
  return new Promise((resolve, reject) => {
    let errors = '';
    server.stderr.setEncoding('utf8').on('data', (text) => {
      errors = (errors + text).slice(-KEPT_ERROR);
    });
    server.once('error', reject);
    server.once('exit', (status, signal) =>
      reject(new Error(`The Vendure server ended (${signal ?? status}) before it was ready. ${errors.trim()}`)),
    );
    server.once('message', ({ url }) => resolve(url));
  });
}

/** @param {import('node:child_process').ChildProcess} server */
function stopper(server) {
  const ended = new Promise((resolve) => {
    server.once('exit', resolve);
  });
  return async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const force = setTimeout(() => server.kill('SIGKILL'), STOP_MS);
    server.kill('SIGTERM');
    await ended;
    clearTimeout(force);
  };
}

/**
 * Starts the server on a database in a process of its own, which ends with this one.
 * The administrator is superadmin with the password superadmin.
 * @param {{ database: string, port?: number }} options port: 0 or nothing for a free one
 * @returns {Promise<{ url: string, pid: number, stop: () => Promise<void> }>} url: of the Admin API
 * @throws {Error} when the server ends before it is ready
 */
export async function startShop({ database, port = 0 }) {
  const list = [join(here, 'start.mjs'), '--port', String(port), '--database', database];
  const env = { ...process.env, VENDURE_SUPERADMIN_PASSWORD: PASSWORD };
  const server = spawn(process.execPath, list, { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const stop = stopper(server);
  const url = await readyUrl(server);
  return { url, pid: server.pid, stop };
}
