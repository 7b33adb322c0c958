import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './workspace.mjs';

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** The exit status that a shell shows for a process ended by this signal. @param {NodeJS.Signals} signal */
export const statusOf = (signal) => 128 + constants.signals[signal];

/**
 * Runs one command and keeps its output to itself.
 * A signal goes to the command too, and then ends this process after `beforeExit`.
 * @param {string} command
 * @param {{ args: string[], env: NodeJS.ProcessEnv, cwd?: string, beforeExit?: () => void }} options
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export const runQuietly = (command, { args, env, cwd = root, beforeExit }) =>
  new Promise((resolve) => {
    /** @type {Buffer[]} */
    const output = [];
    /** @type {NodeJS.Signals | undefined} */
    let stoppedBy;
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      stoppedBy = signal;
      child.kill(signal);
    };
    for (const signal of signals) process.on(signal, stop);
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.once('error', (error) => output.push(Buffer.from(`${error.message}\n`)));
    child.once('close', (code) => {
      for (const signal of signals) process.off(signal, stop);
      if (stoppedBy) {
        beforeExit?.();
        process.exit(statusOf(stoppedBy));
      }
      resolve({ ok: code === 0, output: Buffer.concat(output).toString('utf8') });
    });
  });

/**
 * npm runs its scripts in a shell that may not hand signals on: `kill` of npm then ends the shell and leaves us behind,
 * which shows in the parent's id. @param {() => void} onOrphaned
 */
const watchShell = (onOrphaned) => {
  const parent = process.ppid;
  if (!Object.hasOwn(process.env, 'npm_lifecycle_event')) return () => {};
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onOrphaned();
  }, 250);
  return () => clearInterval(timer);
};

/**
 * Runs one command in this terminal, hands signals on to it and waits until it has ended.
 * A Ctrl-C reaches the whole process group and is then handed on once more, also by npm:
 * what is started here sorts that out (single-signal.mjs).
 * @param {string} command
 * @param {{ args: string[], env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number, signal: NodeJS.Signals | null }>}
 */
export const runInTerminal = (command, { args, env }) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
    const handOn = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, handOn);
    const stopWatching = watchShell(() => child.kill('SIGTERM'));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      stopWatching();
      for (const each of signals) process.off(each, handOn);
      resolve({ code: code ?? 1, signal });
    });
  });
