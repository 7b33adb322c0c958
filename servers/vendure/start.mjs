/**
 * Starts the server: `node start.mjs --port 0 --database shop.sqlite [--exit-with-stdin]`.
 * Prints one JSON line on stdout, and sends the same object over IPC where there is a channel, once /health answers.
 */
import { mkdirSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** After this many ms a shutdown that hangs (an open request) is cut short. */
const SHUTDOWN_MS = 3_000;

/** @returns {{ port: number, database: string, exitWithStdin: boolean }} */
function readArguments() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      database: { type: 'string' },
      'exit-with-stdin': { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port must be a number from 0 to 65535, not "${values.port}".`);
  }
  if (!values.database) throw new Error('--database is missing: name the SQLite file to use.');
  return { port, database: resolve(values.database), exitWithStdin: values['exit-with-stdin'] };
}

/**
 * Ends the process. Vendure's own SIGTERM hook closes HTTP server and database; before it exists the signal just kills.
 */
function shutDown() {
  setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
  process.kill(process.pid, 'SIGTERM');
}

/**
 * A test runner that is killed cannot stop us: watch its IPC channel or our stdin.
 * @param {boolean} exitWithStdin
 */
function watchParent(exitWithStdin) {
  if (process.send) process.once('disconnect', shutDown);
  if (!exitWithStdin) return;
  process.stdin.once('end', shutDown).once('error', shutDown);
  process.stdin.resume();
}

/**
 * Loaded late: compile cache, telemetry switch and NODE_ENV must be set first. graphql drops its slow checks when it is
 * loaded in production, but Vendure refuses the default password when it boots in production: so one, then the other.
 */
async function loadVendure() {
  process.env.VENDURE_DISABLE_TELEMETRY = 'true';
  process.env.NODE_ENV = 'production';
  enableCompileCache(join(import.meta.dirname, 'node_modules', '.compile-cache'));
  const vendure = await import('@vendure/core');
  const configuration = await import('./configuration.mjs');
  process.env.NODE_ENV = 'test';
  return { ...configuration, bootstrap: vendure.bootstrap };
}

/**
 * @param {{ port: number, database: string }} options
 * @returns {Promise<string>} the origin, such as http://127.0.0.1:3000
 */
async function startServer({ port, database }) {
  mkdirSync(dirname(database), { recursive: true });
  const { bootstrap, createConfiguration, hasSchema, SCHEMA_STAMP } = await loadVendure();
  const complete = hasSchema(database);
  const app = await bootstrap(createConfiguration({ database, port, synchronize: !complete }));
  if (!complete) await stampSchema(app, SCHEMA_STAMP);
  return `http://127.0.0.1:${app.getHttpServer().address().port}`;
}

/**
 * @param {import('@nestjs/common').INestApplication} app
 * @param {number} stamp
 */
async function stampSchema(app, stamp) {
  const { TransactionalConnection } = await import('@vendure/core');
  await app.get(TransactionalConnection).rawConnection.query(`PRAGMA user_version = ${stamp}`);
}

/** @param {string} origin */
function announce(origin) {
  const ready = { ready: true, url: `${origin}/admin-api` };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  process.send?.(ready);
}

async function main() {
  const options = readArguments();
  watchParent(options.exitWithStdin);
  const origin = await startServer(options);
  const health = await fetch(`${origin}/health`);
  if (!health.ok) throw new Error(`GET /health answered ${health.status}.`);
  announce(origin);
  flushCompileCache();
}

main().catch((error) => {
  process.stderr.write(`vendure server: ${error.message}\n`);
  process.exit(1);
});
