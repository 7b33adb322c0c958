import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** A demo under way as a user's process. */
export interface DemoProcess {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Waits until stdout or stderr shows it. @throws when the demo ends first. */
  readonly shows: (pattern: RegExp) => Promise<RegExpMatchArray>;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** What a user has in the environment besides what a test gives. */
const plainEnvironment = () => {
  const ours = /^(?:HUBSPOT_|VENDURE_|MORTISE_|NODE_ENV$|NODE_OPTIONS$|VITEST)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
};

const children: ChildProcess[] = [];

/** Starts the demo in a folder. */
export const startDemo = (
  folder: string,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): DemoProcess => {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  const shows = async (pattern: RegExp): Promise<RegExpMatchArray> => {
    for (;;) {
      const found = `${text.stdout}\n${text.stderr}`.match(pattern);
      if (found !== null) return found;
      const hasEnded = await Promise.race([ended.then(() => true), pause(50).then(() => false)]);
      if (hasEnded) throw new Error(`the demo ended before it showed ${pattern}`);
    }
  };
  return { child, stdout: () => text.stdout, stderr: () => text.stderr, shows, ended };
};

/** Runs the demo to its end. */
export const runDemo = async (folder: string, options: Parameters<typeof startDemo>[1] = {}) => {
  const demo = startDemo(folder, options);
  const code = await demo.ended;
  return { code, stdout: demo.stdout(), stderr: demo.stderr() };
};

/** Waits so many milliseconds. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const folders: string[] = [];

/** A folder of its own; with a filled shop in it when one is given. */
export const newFolder = (shop?: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-demo-'));
  folders.push(folder);
  if (shop === undefined) return folder;
  mkdirSync(join(folder, '.mortise'), { mode: 0o700 });
  copyFileSync(shop, join(folder, '.mortise', 'shop.sqlite'));
  return folder;
};

/** Ends what a failed test left running, and removes the folders: for `afterAll`. */
export const cleanUp = (): void => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
};
