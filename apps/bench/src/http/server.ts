// The bench's HTTP server in a process of its own: plain, TLS and HTTP/2, on three ports.
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { bodies } from './bodies.ts';
import { certificate } from './certificate.ts';

/** The part of a response that HTTP/1.1 and HTTP/2 have in common. */
type Respond = {
  statusCode: number;
  readonly setHeader: (name: string, value: string) => unknown;
  readonly end: (body: Buffer | string) => unknown;
};

const plain = new Map(Object.entries(bodies).map(([name, text]) => [name, Buffer.from(text)]));
const packed = new Map(Object.entries(bodies).map(([name, text]) => [name, gzipSync(text)]));

/** Requests for each path of /busy. */
const asked = new Map<string, number>();

/** Every second request of a lane is refused, so that each call is sent twice: never one many times and another once. */
const isRefused = (path: string): boolean => {
  const before = asked.get(path) ?? 0;
  asked.set(path, before + 1);
  return before % 2 === 0;
};

const answer = (path: string, response: Respond): void => {
  const [, name = '', encoding] = path.split('/');
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-request-id', 'bench');
  if (name === 'broken') {
    response.statusCode = 500;
    response.end('{"message":"broken"}');
    return;
  }
  if (name === 'busy' && isRefused(path)) {
    response.statusCode = 429;
    response.setHeader('retry-after', '0');
    response.end('{"message":"busy"}');
    return;
  }
  const known = name === 'busy' ? 'small' : name;
  const body = encoding === 'gzip' ? packed.get(known) : plain.get(known);
  if (encoding === 'gzip') response.setHeader('content-encoding', 'gzip');
  response.setHeader('content-length', String(body?.length ?? 0));
  response.end(body ?? '');
};

const listener = ({ url = '/' }: { readonly url?: string | undefined }, response: Respond): void =>
  answer(url, response);

const portOf = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

process.send?.({
  plain: `http://127.0.0.1:${await portOf(createServer(listener))}`,
  tls: `https://127.0.0.1:${await portOf(createTlsServer(certificate, listener))}`,
  h2: `https://127.0.0.1:${await portOf(createSecureServer(certificate, listener))}`,
});
process.once('disconnect', () => process.exit(0));
