/**
 * Starts PostgreSQL and Directus: `node start.mjs --port 0 --data folder [--exit-with-stdin]`.
 * Prints one JSON line on stdout, and sends the same object over IPC where there is a channel, once the server answers.
 */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { directusEnvironment } from './environment.mjs';
import { freePort } from './ports.mjs';
import { databaseHome, startPostgres } from './postgres.mjs';

/** How often the server is asked whether it is ready, milliseconds. */
const POLL_MS = 100;

/** Written when `directus bootstrap` is through: an interrupted one is done again. */
const BOOTSTRAPPED = 'bootstrapped';

/** Children that end with us. @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();

/** Stops what there is of PostgreSQL. */
let stopPostgres = async () => {};
let isEnding = false;

/** @param {number} status */
async function shutDown(status) {
  if (isEnding) return;
  isEnding = true;
  for (const child of children) child.kill('SIGKILL');
  await stopPostgres().catch(() => {});
  process.exit(status);
}

/** @param {boolean} exitWithStdin */
function watchParent(exitWithStdin) {
  const end = () => void shutDown(0);
  process.once('SIGTERM', end).once('SIGINT', end);
  if (process.send) process.once('disconnect', end);
  if (!exitWithStdin) return;
  process.stdin.once('end', end).once('error', end);
  process.stdin.resume();
}

/** @returns {{ port: number, data: string, exitWithStdin: boolean }} */
function readArguments() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      data: { type: 'string' },
      'exit-with-stdin': { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port must be a number from 0 to 65535, not "${values.port}".`);
  }
  if (!values.data) throw new Error('--data is missing: name the folder to use.');
  return { port, data: resolve(values.data), exitWithStdin: values['exit-with-stdin'] };
}

/** @param {string} command @param {{ cwd: string, env: object }} options */
function directus(command, options) {
  const file = join(import.meta.dirname, 'node_modules', 'directus', 'cli.js');
  const child = spawn(process.execPath, [file, command], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-2_000);
    });
  }
  const ended = new Promise((done) => {
    child.once('exit', (status) => {
      children.delete(child);
      done(status);
    });
  });
  return { child, ended, output: () => output.trim() };
}

async function bootstrap(home, options) {
  const stamp = join(home, BOOTSTRAPPED);
  if (existsSync(stamp)) return;
  const { ended, output } = directus('bootstrap', options);
  if ((await ended) !== 0) throw new Error(`directus bootstrap failed. ${output()}`);
  writeFileSync(stamp, '');
}

const isReady = (url) =>
  fetch(`${url}/server/ping`).then(
    ({ ok }) => ok,
    () => false,
  );

/** @param {{ port: number, data: string }} options */
async function startServer({ port, data }) {
  mkdirSync(join(data, 'uploads'), { recursive: true });
  mkdirSync(join(data, 'extensions'), { recursive: true });
  // Folders of mkdtemp are closed, and PostgreSQL may run as another user: it must get through to its own.
  chmodSync(data, 0o711);
  const [databasePort, ownPort] = [await freePort(), port === 0 ? await freePort() : port];
  const home = databaseHome(data);
  await startPostgres({
    data: join(home, 'database'),
    port: databasePort,
    onSpawn: (stop) => {
      stopPostgres = stop;
    },
  });
  const env = directusEnvironment({ port: ownPort, databasePort });
  await bootstrap(home, { cwd: data, env });
  const { child, ended, output } = directus('start', { cwd: data, env });
  // A server that is killed ends all of this: what is left would be a database without its server.
  void ended.then(() => {
    if (!isEnding) process.stderr.write(`directus server: it ended. ${output()}\n`);
    return shutDown(1);
  });
  const url = `http://127.0.0.1:${ownPort}`;
  while (!(await isReady(url))) await sleep(POLL_MS);
  return { ready: true, url, serverPid: child.pid, databasePort };
}

async function main() {
  const options = readArguments();
  watchParent(options.exitWithStdin);
  const ready = await startServer(options);
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  process.send?.(ready);
}

main().catch((error) => {
  process.stderr.write(`directus server: ${error.message}\n`);
  void shutDown(1);
});
