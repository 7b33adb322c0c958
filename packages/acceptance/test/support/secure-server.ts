import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import { type AddressInfo, connect, createServer as createSocketServer, type Server, type Socket } from 'node:net';
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

type Respond = (response: ServerResponse) => void;

const empty: Respond = (response) => void response.end('{}');

const answering = (requests: SeenHead[], respond: Respond): RequestListener => {
  return (request, response) => {
    requests.push({ method: request.method, url: request.url, headers: request.headers });
    response.setHeader('content-type', 'application/json');
    respond(response);
  };
};

/** An https server; answers an empty object unless told otherwise. */
export const serveSecurely = async (options: ServerOptions, respond = empty) => {
  const requests: SeenHead[] = [];
  const { port, connections } = await listen(createSecureServer(options, answering(requests, respond)));
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

/** A proxy that leads tunnels to local ports, by the host and port that they ask for. */
export const serveTunnels = async (ports: Readonly<Record<string, number>>) => {
  const asked: string[] = [];
  const server = createServer();
  server.on('connect', ({ url = '' }, client) => {
    asked.push(url);
    const port = ports[url];
    if (port === undefined) return void client.end('HTTP/1.1 502 Bad gateway\r\n\r\n');
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
