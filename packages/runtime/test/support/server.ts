import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { selfSigned } from './certificate.ts';

/** A request as the server got it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers the request of the given number, 0 for the first. */
export type Answer = (response: ServerResponse, request: SeenRequest, number: number) => void | Promise<void>;

const listening = async (server: Server): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address and a port once it listens.
  return (server.address() as AddressInfo).port;
};

const listener = (requests: SeenRequest[], answer: Answer): RequestListener => {
  return async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
    requests.push(request);
    await answer(response, request, requests.length - 1);
  };
};

/** An HTTP server that keeps what it was asked. Ends with the test. */
export const serve = async (answer: Answer) => {
  const requests: SeenRequest[] = [];
  const port = await listening(createServer(listener(requests, answer)));
  return { origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, requests };
};

/** The same with a certificate that nobody trusts. */
export const serveUntrusted = async (answer: Answer) => {
  const requests: SeenRequest[] = [];
  const port = await listening(createSecureServer(selfSigned, listener(requests, answer)));
  return { origin: `https://127.0.0.1:${port}`, requests };
};

/** A server of raw bytes: gets each socket and what came over it, as often as something comes. */
export const serveBytes = async (answer: (socket: Socket, received: string) => void) => {
  const received: string[] = [];
  const closed: Promise<void>[] = [];
  const server = createSocketServer((socket) => {
    let text = '';
    closed.push(new Promise((resolve) => socket.once('close', () => resolve())));
    received.push('');
    const index = received.length - 1;
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      received[index] = text;
      answer(socket, text);
    });
  });
  const port = await listening(server);
  return { origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, received, closed };
};

/** Answers with a status and a JSON body. */
export const json = (
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};
