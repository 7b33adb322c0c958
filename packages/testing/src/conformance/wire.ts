import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as sendRequest,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { WireReply, WireRequest } from './world.ts';

/** An answer as it passes the wire, decoded. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What the wire does to one request. */
export type WireAction =
  /** Answers in the vendor's place; the request never reaches it. */
  | { readonly kind: 'reply'; readonly reply: WireReply }
  /** Lets the vendor answer, and passes on something else. */
  | { readonly kind: 'edit'; readonly edit: (answer: WireAnswer) => WireAnswer }
  /** Lets the vendor answer, then cuts the line before a byte of it has left. */
  | { readonly kind: 'drop' }
  /** Lets the vendor answer, and ends the connection in the middle of the body. */
  | { readonly kind: 'cut' }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' };

/** Decides about each request; undefined lets it pass. */
export type WireRule = (request: WireRequest) => WireAction | undefined;

/** One request that came by, and what left. */
export interface WireExchange extends WireRequest {
  /** When it came, Unix milliseconds on the suite's clock. */
  readonly at: number;
  /** The answer that left; undefined while there is none. */
  readonly answer: WireAnswer | undefined;
  /** Whether the client closed the connection before the answer was out. */
  readonly isAbandoned: boolean;
}

/** The line between connector and vendor. */
export interface Wire {
  /** In the place of the vendor's own URL. */
  readonly url: string;
  readonly exchanges: readonly WireExchange[];
  /** Whether a request is under way that will be answered, or an answer on a socket may still come. */
  readonly isBusy: () => boolean;
  /** Changes with everything that happens on the line. */
  readonly activity: () => number;
  /** Sets the rule, or takes it away. */
  readonly rule: (rule?: WireRule) => void;
  /** Ends all upgraded connections: what a WebSocket is cut by. */
  readonly cutSockets: () => void;
  readonly close: () => Promise<void>;
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

interface Line {
  readonly target: URL;
  readonly now: () => number;
  readonly exchanges: Mutable<WireExchange>[];
  /** Upgraded connections, and since when each waits for the vendor's word, on node's own clock. */
  readonly sockets: Map<Duplex, number>;
  origin: string;
  busy: number;
  activity: number;
  rule: WireRule | undefined;
}

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

const headersOf = (message: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));

const decoded = (bytes: Buffer, encoding: string | undefined): Buffer => {
  if (bytes.length === 0) return bytes;
  if (encoding === 'gzip') return gunzipSync(bytes);
  if (encoding === 'br') return brotliDecompressSync(bytes);
  return encoding === 'deflate' ? inflateSync(bytes) : bytes;
};

const ofTheLine = new Set(['content-length', 'content-encoding', 'transfer-encoding', 'connection', 'keep-alive']);

const forward = (line: Line, { request, body }: { request: WireRequest; body: Buffer }): Promise<WireAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port, host } = line.target;
    const headers: Record<string, string> = { ...request.headers, host, connection: 'close' };
    const outgoing = sendRequest({ hostname, port, method: request.method, path: request.path, headers }, (answer) => {
      bodyOf(answer).then((bytes) => {
        const received = headersOf(answer);
        const text = decoded(bytes, received['content-encoding']).toString('utf8');
        // The vendor's own addresses become those of the wire: what leads on stays on the line.
        const here = (value: string): string => value.replaceAll(line.target.origin, line.origin);
        const kept = Object.entries(received).filter(([name]) => !ofTheLine.has(name));
        const passed = Object.fromEntries(kept.map(([name, value]) => [name, here(value)]));
        resolve({ status: answer.statusCode ?? 502, headers: passed, text: here(text) });
      }, reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });

const replyAnswer = ({ status, headers = {}, body = '' }: WireReply): WireAnswer => {
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain' : 'application/json';
  return { status, headers: { 'content-type': type, ...headers }, text: isText ? body : JSON.stringify(body) };
};

const leave = (response: ServerResponse, { answer, isCut }: { answer: WireAnswer; isCut: boolean }): void => {
  const { status, headers, text } = answer;
  const bytes = Buffer.from(text);
  response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
  if (!isCut) return void response.end(bytes);
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
};

const pass = async (
  line: Line,
  { exchange, body, response }: { exchange: Mutable<WireExchange>; body: Buffer; response: ServerResponse },
): Promise<void> => {
  const action = line.rule?.(exchange);
  if (action?.kind === 'hang') return;
  line.busy += 1;
  try {
    const answer =
      action?.kind === 'reply' ? replyAnswer(action.reply) : await forward(line, { request: exchange, body });
    const left = action?.kind === 'edit' ? action.edit(answer) : answer;
    if (action?.kind === 'drop') return void response.destroy();
    exchange.answer = left;
    leave(response, { answer: left, isCut: action?.kind === 'cut' });
  } finally {
    line.busy -= 1;
    line.activity += 1;
  }
};

const receive = async (line: Line, message: IncomingMessage, response: ServerResponse): Promise<void> => {
  line.activity += 1;
  const body = await bodyOf(message);
  const exchange: Mutable<WireExchange> = {
    method: message.method ?? 'GET',
    path: message.url ?? '/',
    headers: headersOf(message),
    body: body.toString('utf8'),
    at: line.now(),
    answer: undefined,
    isAbandoned: false,
  };
  line.exchanges.push(exchange);
  response.on('close', () => {
    line.activity += 1;
    if (!response.writableFinished && exchange.answer === undefined) exchange.isAbandoned = true;
  });
  await pass(line, { exchange, body, response });
};

/** How long a vendor may take for its word on a socket before the suite's clock goes on, real milliseconds. */
const patienceMs = 250;

/** In the place of the time since when a socket waits: it does not. */
const answered = Number.NEGATIVE_INFINITY;

/** Keeps in mind who spoke last on a socket: nobody knows whether an answer will follow, so that the wait has an end. */
const overhear = (line: Line, { socket, server }: { socket: Duplex; server: Duplex }): void => {
  const heard = (since: () => number) => () => {
    line.activity += 1;
    if (line.sockets.has(socket)) line.sockets.set(socket, since());
  };
  socket.on(
    'data',
    heard(() => performance.now()),
  );
  server.on(
    'data',
    heard(() => answered),
  );
};

/** A WebSocket's bytes go through as they are. */
const upgrade = (line: Line, message: IncomingMessage, socket: Duplex): void => {
  const { hostname, port, host } = line.target;
  const server: Socket = connect(Number(port), hostname, () => {
    const names = message.rawHeaders.filter((_, index) => index % 2 === 0);
    const lines = names.map((name, index) => {
      const value = message.rawHeaders[index * 2 + 1] ?? '';
      return `${name}: ${name.toLowerCase() === 'host' ? host : value}`;
    });
    server.write(`${message.method} ${message.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    server.pipe(socket).pipe(server);
    overhear(line, { socket, server });
  });
  line.sockets.set(socket, performance.now());
  const end = (): void => {
    line.activity += 1;
    socket.destroy();
    server.destroy();
    line.sockets.delete(socket);
  };
  for (const side of [socket, server]) side.on('error', end).on('close', end);
};

const listen = (server: Server): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });

/** Puts a wire in front of a server. Rejects with node's own error where no port can be had. */
export const startWire = async (target: string, now: () => number): Promise<Wire> => {
  const url = new URL(target);
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true });
  const line: Line = {
    target: url,
    now,
    exchanges: [],
    sockets: new Map(),
    origin: '',
    busy: 0,
    activity: 0,
    rule: undefined,
  };
  line.origin = await listen(server);
  server.on('request', (message, response) => {
    receive(line, message, response).catch(() => response.destroy());
  });
  server.on('upgrade', (message, socket) => upgrade(line, message, socket));
  return {
    url: `${line.origin}${url.pathname === '/' ? '' : url.pathname}`,
    exchanges: line.exchanges,
    isBusy: () => line.busy > 0 || line.sockets.values().some((since) => performance.now() - since < patienceMs),
    activity: () => line.activity,
    rule: (rule) => {
      line.rule = rule;
    },
    cutSockets: () => {
      for (const socket of line.sockets.keys()) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of line.sockets.keys()) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
