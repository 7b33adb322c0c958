import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Connections so far. */
  readonly connections: () => number;
  /** Connections that are open now. */
  readonly open: () => number;
}

/** Listens on loopback until the test ends. */
export const listen = async (server: Server): Promise<Listening> => {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo;
  return { port, connections: () => connections, open: () => sockets.size };
};

/** A request as a server got it. */
export interface SeenHead {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

const answering = (requests: SeenHead[], body: unknown): RequestListener => {
  return (request, response) => {
    requests.push({ method: request.method, url: request.url, headers: request.headers });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
};

/** An https server that answers everything with one body. */
export const serveSecurely = async (options: ServerOptions, body: unknown = {}) => {
  const requests: SeenHead[] = [];
  const { port, connections } = await listen(createSecureServer(options, answering(requests, body)));
  return { origin: `https://127.0.0.1:${port}`, port, connections, requests };
};

/** A server of raw bytes: answers each connection with the given ones as soon as a request head has come. */
export const serveBytes = async (answer: (socket: Socket) => void) => {
  const server = createSocketServer((socket) => {
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      if (!received.includes('\r\n\r\n')) return;
      received = '';
      answer(socket);
    });
  });
  const { port, connections, open } = await listen(server);
  return { origin: `http://127.0.0.1:${port}`, connections, open };
};

/** A proxy that leads every tunnel to one local port, whatever host it was asked for. */
export const serveTunnels = async (port: number) => {
  const { connect } = await import('node:net');
  const asked: string[] = [];
  const server = createServer();
  server.on('connect', (request, client) => {
    asked.push(request.url ?? '');
    const target = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    for (const socket of [client, target]) socket.on('error', () => undefined);
    client.on('close', () => target.destroy());
  });
  const listening = await listen(server);
  return { url: `http://127.0.0.1:${listening.port}`, asked };
};
