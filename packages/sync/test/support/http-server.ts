import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as a stand-in got it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** An answer of a stand-in. */
export interface Answer {
  readonly status?: number;
  readonly json: unknown;
}

/** A stand-in's behaviour that a test may put in front of it. */
export interface Interference {
  /** Called before the request is handled; an answer given here stands in its place. The number counts from 1. */
  before?: ((request: SeenRequest, number: number) => Answer | undefined | Promise<Answer | undefined>) | undefined;
  /** Called after the request was handled and before it is answered. */
  after?: ((request: SeenRequest, number: number) => void | Promise<void>) | undefined;
}

const bodyOf = async (incoming: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
};

const send = (response: ServerResponse, { status = 200, json }: Answer): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
};

/** A JSON server that keeps what it was asked. Ends with the test. */
export const serveJson = async (handle: (request: SeenRequest) => Answer) => {
  const requests: SeenRequest[] = [];
  const interference: Interference = {};
  const server = createServer(async (incoming, response) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://local');
    const body = await bodyOf(incoming);
    const request = { method: incoming.method ?? '', path: pathname, query: searchParams, body };
    const number = requests.push(request);
    const instead = await interference.before?.(request, number);
    const answer = instead ?? handle(request);
    if (instead === undefined) await interference.after?.(request, number);
    send(response, answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, interference };
};
