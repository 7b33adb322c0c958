import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Clock, sealSecret } from '../../src/index.ts';
import {
  type Delivery,
  type Inbox,
  stripeWebhooks,
  type WebhookEvent,
  type WebhookListener,
  type WebhookOptions,
} from '../../src/protocols/webhooks/index.ts';

/** The secret of every connection here. */
export const secret = 'canary-webhook-secret';

/** An inbox that keeps deliveries in a list. */
export const listInbox = () => {
  const kept: Delivery[] = [];
  const inbox: Pick<Inbox, 'accept'> = {
    accept: async (deliveries) => {
      const fresh = deliveries.filter(({ key }) => !kept.some((other) => other.key === key));
      kept.push(...fresh);
      return fresh.length === 0 ? 'duplicate' : 'new';
    },
  };
  return { inbox, kept };
};

/** A clock of a fixed time whose timers wait for `fire`. */
export const stillClock = (now: number): Clock & { readonly fire: () => void; readonly pending: () => number } => {
  const timers = new Set<() => void>();
  return {
    now: () => now,
    monotonic: () => 0,
    schedule: (callback) => {
      timers.add(callback);
      return () => timers.delete(callback);
    },
    fire: () => {
      for (const callback of timers) {
        timers.delete(callback);
        callback();
      }
    },
    pending: () => timers.size,
  };
};

/** When the webhooks here are signed and received. */
export const now = Date.parse('2026-11-25T12:00:00Z');

/** What a receiver of the connections `shop` and `other` is made with, and what it kept and said. */
export const receiverOptions = (options: Partial<WebhookOptions> = {}) => {
  const { inbox, kept } = listInbox();
  const events: WebhookEvent[] = [];
  const clock = stillClock(now);
  const secrets: Readonly<Record<string, string>> = { shop: secret, other: 'other secret' };
  const given: WebhookOptions = {
    ...{ inbox, clock, events: (event: WebhookEvent) => void events.push(event) },
    endpoint: (connection) => {
      const known = Object.hasOwn(secrets, connection) ? secrets[connection] : undefined;
      return known === undefined ? undefined : { webhooks: stripeWebhooks, secrets: [sealSecret(known)] };
    },
    ...options,
  };
  return { given, kept, events, clock };
};

/** The headers of a signed request. */
export const signedHeaders = (body: string | Uint8Array, { key = secret, at = now } = {}) =>
  stripeWebhooks.signature.sign({ method: 'POST', url: '', body: Buffer.from(body) }, { secret: key, now: at });

/** An event as the vendor here sends it. */
export const eventBody = (id: string): string => `{"id":"${id}",  "type":"order.created"}`;

/** A server of the listener; ends with the test. */
export const serveWebhooks = async (listener: WebhookListener) => {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => listener(request, response));
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
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, sockets };
};

/** A raw connection: what is written and what came back. */
export const rawConnection = async (port: number) => {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1');
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  const answered = async (): Promise<string> => {
    while (!received.includes('\r\n\r\n')) await new Promise<void>((resolve) => setTimeout(resolve, 5));
    return received;
  };
  return { socket, closed, answered };
};
