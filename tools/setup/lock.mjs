import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { root } from './workspace.mjs';

const ownFolder = join(root, 'node_modules', '.cache', 'mortise');

/** @param {string} folder */
const lockIn = (folder) => join(folder, 'set-up.lock');

const heartbeatMs = 2_000;
const abandonedAfterMs = 20_000;

const me = `${hostname()} ${process.pid}`;

/** A folder that already holds its owner's name is moved into place: rename refuses where another one is. @param {string} folder */
const tryAcquire = (folder) => {
  const draft = join(folder, `set-up.${process.pid}`);
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, 'owner'), me);
  try {
    renameSync(draft, lockIn(folder));
    return true;
  } catch {
    rmSync(draft, { recursive: true, force: true });
    return false;
  }
};

/** @param {string} owner */
const isGone = (owner) => {
  const [host, pid] = owner.split(' ');
  if (host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
};

/** Frees a lock whose owner was killed. It is moved away first and looked at again, since another may be as quick. @param {string} folder */
const breakAbandoned = (folder) => {
  const lock = lockIn(folder);
  try {
    const owner = readFileSync(join(lock, 'owner'), 'utf8');
    const silentMs = Date.now() - statSync(lock).mtimeMs;
    if (!isGone(owner) && silentMs < abandonedAfterMs) return;
    const removed = join(folder, `set-up.broken.${process.pid}`);
    renameSync(lock, removed);
    if (readFileSync(join(removed, 'owner'), 'utf8') !== owner) return renameSync(removed, lock);
    rmSync(removed, { recursive: true, force: true });
  } catch {
    // freed in the meantime: the next attempt finds out
  }
};

/** Frees the lock if it is this process's. */
export const releaseLock = (folder = ownFolder) => {
  const lock = lockIn(folder);
  try {
    if (readFileSync(join(lock, 'owner'), 'utf8') === me) rmSync(lock, { recursive: true, force: true });
  } catch {
    // not held
  }
};

/**
 * Runs the work while no other set-up of this checkout runs.
 * @template T
 * @param {() => Promise<T>} work
 * @param {{ say: (line: string) => void, folder?: string }} options
 */
export const withLock = async (work, { say, folder = ownFolder }) => {
  for (let attempt = 0; !tryAcquire(folder); attempt += 1) {
    if (attempt === 5) say('waiting for another set-up of this folder …');
    breakAbandoned(folder);
    await wait(200);
  }
  const heartbeat = setInterval(() => {
    try {
      utimesSync(lockIn(folder), new Date(), new Date());
    } catch {
      // someone removed node_modules under us: the step itself fails with a better message
    }
  }, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    releaseLock(folder);
  }
};
