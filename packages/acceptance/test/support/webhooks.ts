import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealSecret } from '@mortise/runtime';
import {
  standardWebhooks,
  type WebhookEvent,
  type WebhookFamily,
  type WebhookOptions,
  webhookListener,
} from '@mortise/runtime/webhooks';
import { type InboxLimits, openStore } from '@mortise/store';
import { Webhook } from 'standardwebhooks';
import { onTestFinished } from 'vitest';

/** The secret of the connection `shop`. */
export const secret = `whsec_${Buffer.from('canary-webhook-secret-24').toString('base64')}`;

/** Where a state can be opened and opened again. */
export const freshPlace = () => {
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { path: join(folder, 'state.db'), key: randomBytes(32) };
};

/** A store on a file, closed and removed with the test. */
export const freshStore = async (inbox: InboxLimits = {}) => {
  const place = freshPlace();
  const store = await openStore({ ...place, inbox });
  onTestFinished(() => store.close());
  return { ...place, store };
};

/** A server on a free port, ended with the test, its sockets too. */
export const listen = async (listener: RequestListener) => {
  const sockets = new Set<Socket>();
  const server = createServer(listener);
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

/** Standard Webhooks whose deliveries name the record that they are about, as a vendor's own `read` does. */
export const recordWebhooks: WebhookFamily = {
  ...standardWebhooks,
  read: (request) => {
    const [delivery] = standardWebhooks.read(request);
    // Written by the test.
    const { data } = JSON.parse(Buffer.from(request.body).toString()) as { data?: { id?: string; at?: number } };
    return delivery === undefined ? [] : [{ ...delivery, subject: data?.id, occurredAt: data?.at }];
  },
};

/** The options of a receiver of the connection `shop`, and what it says. */
export const shopOptions = (inbox: WebhookOptions['inbox'], options: Partial<WebhookOptions> = {}) => {
  const events: WebhookEvent[] = [];
  const given: WebhookOptions = {
    inbox,
    events: (event) => void events.push(event),
    endpoint: (connection) =>
      connection === 'shop' ? { webhooks: recordWebhooks, secrets: [sealSecret(secret)] } : undefined,
    ...options,
  };
  return { given, events };
};

/** A receiver over a real socket that keeps deliveries in a real store. */
export const startReceiver = async (options: Partial<WebhookOptions> & { readonly limits?: InboxLimits } = {}) => {
  const { limits, ...rest } = options;
  const { store, path, key } = await freshStore(limits);
  const { given, events } = shopOptions(store.inbox, rest);
  return { ...(await listen(webhookListener(given))), store, path, key, events };
};

/** One event as the vendor here sends it. */
export const eventOf = (type: string, data: object): string => JSON.stringify({ type, data });

/** Signed by the library of Standard Webhooks, not by ours. */
export const signedByLibrary = (id: string, { body, at = Date.now() }: { body: string; at?: number }) => ({
  ...{ 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at / 1_000)) },
  'webhook-signature': new Webhook(secret).sign(id, new Date(at), body),
});

/** Sends a webhook; the status of its answer. */
export const send = async (
  url: string,
  { id, body, at }: { id: string; body: string; at?: number },
): Promise<number> => {
  const headers = signedByLibrary(id, { body, ...(at !== undefined && { at }) });
  const response = await fetch(`${url}/webhooks/shop`, { method: 'POST', body, headers });
  await response.arrayBuffer();
  return response.status;
};

/** A raw connection: what is written, and what came back. */
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
    while (!received.includes('\r\n\r\n')) await pause();
    return received;
  };
  return { socket, closed, answered };
};

/** Lets other things happen. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
