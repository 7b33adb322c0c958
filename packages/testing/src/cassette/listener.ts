import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type CassetteRequest, originPlace } from './cassette.ts';
import type { Redaction } from './redaction.ts';

/** A request as it came. */
export interface HeardRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** A server on loopback. */
export interface Listener {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Headers of a connection and not of what is said over it, and those that name who speaks. */
const left = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'host'],
  ...['content-length', 'content-encoding', 'alt-svc', 'user-agent', 'traceparent', 'tracestate'],
]);

/** The headers that say something. */
export const spokenHeaders = (entries: Iterable<readonly [string, string]>): Record<string, string> =>
  Object.fromEntries([...entries].filter(([name]) => !left.has(name)));

const heard = async (incoming: IncomingMessage): Promise<HeardRequest> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { method = 'GET', url = '/', headers } = incoming;
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  return {
    method,
    url: new URL(url, 'http://127.0.0.1'),
    headers: Object.fromEntries(flat),
    bytes: Buffer.concat(chunks),
  };
};

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** Listens on loopback; what `answer` rejects with becomes a 502 that says so. */
export const listen = async (
  port: number,
  answer: (request: HeardRequest, response: ServerResponse) => Promise<void>,
): Promise<Listener> => {
  const server = createServer((incoming, response) => {
    heard(incoming)
      .then((request) => answer(request, response))
      .catch((error: unknown) => {
        if (response.headersSent) return void response.destroy();
        const reason = error instanceof Error ? error.message : 'the request failed';
        response.writeHead(502, { 'content-type': 'application/json' }).end(JSON.stringify({ error: reason }));
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${portOf(server)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** The origin in a text, also with its slashes escaped as some JSON has them, replaced by another one. */
export const withOrigin = (text: string, [from, to]: readonly [from: string, to: string]): string =>
  text.replaceAll(from, to).replaceAll(from.replaceAll('/', '\\/'), to.replaceAll('/', '\\/'));

/** A request as a cassette holds it. */
export const cassetteRequest = (
  { method, url, headers, bytes }: HeardRequest,
  { redaction, origin }: { redaction: Redaction; origin: string },
): CassetteRequest => {
  const body = redaction.body(bytes, headers['content-type'] ?? '');
  const place = (text: string) => withOrigin(text, [origin, originPlace]);
  return {
    method,
    path: redaction.text(url.pathname),
    query: redaction.query(url.searchParams),
    headers: redaction.headers(spokenHeaders(Object.entries(headers))),
    ...(body !== undefined && { body: 'text' in body ? { text: place(body.text) } : body }),
  };
};
