import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';

/** A connection as the server got it. */
export interface SeenConnection {
  readonly headers: IncomingMessage['headers'];
  /** Messages that came, parsed. */
  readonly messages: unknown[];
  /** Close code of the client; undefined while the connection is open. */
  closed: number | undefined;
}

/** What a server does with a connection; `number` is 0 for the first. */
export type Behaviour = (
  socket: WebSocket,
  seen: SeenConnection,
  place: { readonly number: number; readonly raw: Socket },
) => void;

/** A WebSocket server that keeps what it saw. Ends with the test. */
export const serveSockets = async (behave: Behaviour, options: { readonly autoPong?: boolean } = {}) => {
  const connections: SeenConnection[] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', ...options });
  server.on('connection', (socket, request) => {
    const seen: SeenConnection = { headers: request.headers, messages: [], closed: undefined };
    connections.push(seen);
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      seen.closed = code;
    });
    socket.on('message', (data) => seen.messages.push(JSON.parse(data.toString())));
    behave(socket, seen, { number: connections.length - 1, raw: request.socket });
  });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  // A server that listens on a port has an address with it.
  const { port } = server.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}`, connections };
};

/** Sends a message as JSON. */
export const sendJson = (socket: WebSocket, message: unknown): void => socket.send(JSON.stringify(message));

/** Takes the graphql-transport-ws handshake and acts on each subscription. */
export const speakGraphql = (socket: WebSocket, subscribed: (id: string) => void): void => {
  socket.on('message', (data) => {
    const message: { type?: string; id?: string } = JSON.parse(data.toString());
    if (message.type === 'connection_init') sendJson(socket, { type: 'connection_ack' });
    if (message.type === 'subscribe' && message.id !== undefined) subscribed(message.id);
  });
};
