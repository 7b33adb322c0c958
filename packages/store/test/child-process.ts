import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

const script = join(import.meta.dirname, 'child.ts');

/** Starts child.ts with an action; killed when the test ends. */
export const startChild = (action: string, { path, key, uid }: { path: string; key: Uint8Array; uid?: number }) => {
  const parameters = [script, action, path, Buffer.from(key).toString('base64')];
  const child = spawn(process.execPath, parameters, uid === undefined ? {} : { uid });
  child.stderr.pipe(process.stderr);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
};

/** The next line that a child prints. */
export const nextLine = async (child: ChildProcessWithoutNullStreams): Promise<string> => {
  const [line] = await once(createInterface(child.stdout), 'line');
  return String(line);
};
