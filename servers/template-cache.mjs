/**
 * Templates of servers that are made once and copied: processes that ask at the same time wait for the one that makes it.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often a process that waits for another one's template looks for it, milliseconds. */
const POLL_MS = 200;

/** An empty lock that is older than this belongs to a dead process, milliseconds. */
const EMPTY_LOCK_MS = 5_000;

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The lock is a file with the owner's pid. @returns {boolean} whether it is ours */
function takeLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  dropDeadLock(lock);
  return false;
}

/** A process that was killed leaves its lock behind. */
function dropDeadLock(lock) {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    // Empty: between creation and writing. Older than a moment it is a dead one too.
    const isDead = owner === 0 ? Date.now() - statSync(lock).mtimeMs > EMPTY_LOCK_MS : !isAlive(owner);
    if (isDead) rmSync(lock, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/**
 * Makes the template, or waits for the process that is making it.
 * @param {string} template path that is there when the template is complete
 * @param {(template: string) => Promise<void>} makeTemplate puts it there by renaming
 */
export async function ensureTemplate(template, makeTemplate) {
  mkdirSync(dirname(template), { recursive: true });
  const lock = `${template}.lock`;
  while (!existsSync(template)) {
    if (!takeLock(lock)) {
      await sleep(POLL_MS);
      continue;
    }
    try {
      if (!existsSync(template)) await makeTemplate(template);
    } finally {
      rmSync(lock, { force: true });
    }
  }
}
