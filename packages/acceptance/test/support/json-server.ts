import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as the server got it. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query, apart. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the server answers: a JSON body, or whatever it writes itself. */
export type Reply =
  | {
      readonly body?: unknown;
      readonly text?: string;
      readonly status?: number;
      readonly headers?: Record<string, string>;
    }
  | ((response: ServerResponse) => void);

/** An HTTP server on a socket of its own that keeps what it was asked. Ends with the test. */
export const serveReplies = async (reply: (request: SeenRequest, number: number) => Reply | Promise<Reply>) => {
  const requests: SeenRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const url = new URL(incoming.url ?? '/', 'http://server');
    const body = Buffer.concat(chunks).toString();
    const { method = '', headers } = incoming;
    const request = { method, path: url.pathname, query: url.searchParams, headers, body };
    requests.push(request);
    const given = await reply(request, requests.length - 1);
    if (typeof given === 'function') return given(response);
    const { status = 200, headers: own = {}, text } = given;
    response.writeHead(status, { 'content-type': 'application/json', ...own });
    response.end(text ?? JSON.stringify(given.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, requests };
};
