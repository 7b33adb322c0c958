import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connectorError } from '@mortise/runtime';

/** A server that runs as a child of the demo and dies with it. */
export interface ChildServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** What to start and what to call it. */
export interface ServerToStart {
  /** Name for messages, for instance `the shop`. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Ends the start, and the server with it. */
  readonly signal: AbortSignal;
  /** Told when the server ends although nobody stopped it. */
  readonly onCrash: (error: Error) => void;
}

/** A database ends its connections before it ends; then it is over, milliseconds. */
const stopMs = 10_000;

/** Nothing of what the demo is told in confidence is for its servers. */
const withoutSecrets = () => {
  const hidden = /^(?:HUBSPOT_|VENDURE_|MORTISE_|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !hidden.test(name)));
};

/**
 * Starts a server and waits until it is ready. The IPC channel ends with this process, even by `kill -9`, and the
 * server with the channel. It is in a process group of its own, so that a Ctrl-C reaches the demo alone, which
 * finishes what it is writing before it stops the server.
 * @throws ConnectorError `unavailable` when it ends before it is ready, `cancelled` when the signal comes.
 */
export const startServer = async (server: ServerToStart): Promise<ChildServer> => {
  const child = spawn(process.execPath, [server.file, ...server.args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    detached: true,
    env: withoutSecrets(),
  });
  const lastWords = collectLastWords(child);
  let isStopping = false;
  const stop = async () => {
    isStopping = true;
    await stopChild(child);
  };
  const ended = () =>
    connectorError('unavailable', `${server.name} ended unexpectedly${lastWords()}; run again to go on`);
  child.once('exit', () => isStopping || server.onCrash(ended()));
  child.once('error', () => server.onCrash(ended()));
  try {
    return { url: await readyUrl(child, { signal: server.signal, ended }), stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
};

/** The last line that a server wrote to standard error, for the message about its end. */
const collectLastWords = (child: ChildProcess): (() => string) => {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = `${text}${chunk}`.slice(-2_000);
  });
  return () => {
    const line = text
      .split('\n')
      .find((each) => /^(?:vendure|directus|mortise-sandbox)/.test(each) || /^\w*Error\b/.test(each));
    return line === undefined ? '' : ` (${line.replace(/[.\s]+$/, '').slice(0, 200)})`;
  };
};

const readyUrl = (
  child: ChildProcess,
  { signal, ended }: { signal: AbortSignal; ended: () => Error },
): Promise<string> =>
  new Promise((resolve, reject) => {
    const cancel = () => reject(connectorError('cancelled', 'the start was cancelled'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    child.once('message', (message: object) => {
      signal.removeEventListener('abort', cancel);
      if ('url' in message && typeof message.url === 'string') resolve(message.url);
      else reject(ended());
    });
    // `close` comes after the last of standard error has been read.
    child.once('close', () => reject(ended()));
  });

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  // It leads a group: a database that it has started must not outlive it.
  const { pid } = child;
  const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), stopMs);
  await exit;
  clearTimeout(timer);
};
