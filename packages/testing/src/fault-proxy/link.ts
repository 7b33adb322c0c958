import { createConnection, type Socket } from 'node:net';
import type { ProxyCounters, ToxicSet } from './toxics.ts';

/** One client connection and its connection to the target. */
export type Link = {
  reset(): void;
  close(): void;
  /** Starts the byte count of 'truncate' anew. */
  restartCount(): void;
};

/** What a link needs of its proxy; `toxics` is read anew at every chunk. */
export type LinkOptions = {
  target: { host: string; port: number };
  toxics: () => ToxicSet;
  counters: ProxyCounters;
  onClose: () => void;
};

const slowTickMs = 50;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function write(socket: Socket, chunk: Buffer): Promise<void> {
  if (socket.destroyed || socket.write(chunk)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}

/** Writes at the rate of the toxic, for as long as the toxic is on. */
async function writeSlowly(socket: Socket, chunk: Buffer, { toxics }: Pick<LinkOptions, 'toxics'>): Promise<void> {
  let rest = chunk;
  for (let slow = toxics().slow; slow !== undefined && rest.length > 0; slow = toxics().slow) {
    if (socket.destroyed) return;
    const size = Math.max(1, Math.floor((slow.bytesPerSecond * slowTickMs) / 1000));
    await write(socket, rest.subarray(0, size));
    rest = rest.subarray(size);
    const wait = (Math.min(size, chunk.length) * 1000) / slow.bytesPerSecond;
    await pause(wait);
  }
  if (rest.length > 0) await write(socket, rest);
}

type Ends = { client: Socket; server: Socket; close(): void; reset(): void };

function forwardRequests({ client, server, reset }: Ends, { toxics, counters }: LinkOptions): void {
  client.on('data', (chunk: Buffer) => {
    counters.requestBytes += chunk.length;
    const active = toxics();
    if (active.reset !== undefined) return reset();
    if (active.hang !== undefined) return;
    if (!server.write(chunk)) {
      client.pause();
      server.once('drain', () => client.resume());
    }
  });
}

/** Answers the function that starts the truncation count anew. */
function forwardAnswers(ends: Ends, { toxics, counters }: LinkOptions): () => void {
  const { client, server, close } = ends;
  let counted = 0;
  let previous = Promise.resolve();

  async function forward(chunk: Buffer): Promise<void> {
    const active = toxics();
    if (active.hang !== undefined) return;
    if (active['drop-after-request'] !== undefined) return close();
    if (active.latency !== undefined) await pause(active.latency.milliseconds);
    const room = active.truncate === undefined ? chunk.length : Math.max(0, active.truncate.bytes - counted);
    const allowed = chunk.subarray(0, room);
    counted += allowed.length;
    counters.responseBytes += allowed.length;
    if (active.slow === undefined) await write(client, allowed);
    else await writeSlowly(client, allowed, { toxics });
    if (active.truncate !== undefined && counted >= active.truncate.bytes) client.end(close);
  }

  server.on('data', (chunk: Buffer) => {
    server.pause();
    previous = previous.then(() => forward(chunk)).finally(() => server.resume());
  });
  server.on('end', () => {
    previous = previous.then(() => void client.end());
  });
  return () => {
    counted = 0;
  };
}

/** Joins a client to the target under the toxics that are on. */
export function openLink(client: Socket, options: LinkOptions): Link {
  const server = createConnection(options.target);
  const ends: Ends = {
    client,
    server,
    close: () => {
      client.destroy();
      server.destroy();
    },
    reset: () => {
      client.resetAndDestroy();
      server.destroy();
    },
  };
  forwardRequests(ends, options);
  const restartCount = forwardAnswers(ends, options);
  client.on('end', () => server.end());
  client.on('error', ends.close);
  server.on('error', ends.close);
  client.on('close', () => {
    server.destroy();
    options.onClose();
  });
  return { reset: ends.reset, close: ends.close, restartCount };
}
