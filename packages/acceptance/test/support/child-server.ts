import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A server in a process of its own. */
export interface ChildServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts a script that says `{ ready: true, url }` over IPC. It ends when this process does. */
export const startChildServer = async (script: string, flags: readonly string[]): Promise<ChildServer> => {
  const child = spawn(process.execPath, [script, ...flags], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let complaint = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    complaint += bytes.toString();
  });
  const url = await Promise.race([readyUrl(child), once(child, 'exit').then(() => undefined)]);
  if (url === undefined) throw new Error(`${script} ended before it was ready: ${complaint}`);
  return {
    url,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
};

const readyUrl = async (child: ChildProcess): Promise<string> => {
  for (;;) {
    const [message]: unknown[] = await once(child, 'message');
    if (typeof message === 'object' && message !== null && 'url' in message) return String(message.url);
  }
};
