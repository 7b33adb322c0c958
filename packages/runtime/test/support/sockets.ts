import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';

/** A WebSocket server that keeps the heads and messages it got. Ends with the test. */
export const serveSockets = async (behave: (socket: WebSocket, number: number) => void) => {
  const heads: IncomingMessage[] = [];
  const messages: unknown[] = [];
  const closed: number[] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket, head) => {
    heads.push(head);
    socket.on('error', () => undefined);
    socket.on('close', (code) => closed.push(code));
    socket.on('message', (data) => messages.push(JSON.parse(data.toString())));
    behave(socket, heads.length - 1);
  });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  // A server that listens on a port has an address with it.
  const { port } = server.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, heads, messages, closed };
};

/** Acknowledges a graphql-ws connection and answers its subscription with these messages. */
export const answerGraphql = (socket: WebSocket, answers: readonly object[]): void => {
  socket.on('message', (data) => {
    const { type, id }: { type: string; id?: string } = JSON.parse(data.toString());
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
    if (type === 'subscribe') for (const answer of answers) socket.send(JSON.stringify({ id, ...answer }));
  });
};
