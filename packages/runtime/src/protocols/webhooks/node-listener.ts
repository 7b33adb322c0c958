import type { IncomingMessage, ServerResponse } from 'node:http';
import { connectorError } from '../../errors/connector-error.ts';
import { systemClock } from '../../resilience/clock.ts';
import { type ByteSource, iteratedBytes } from './byte-source.ts';
import type { WebhookOptions } from './endpoint.ts';
import { tell, type WebhookAnswer, webhookReceiver } from './receive.ts';

/** A request as node gives it; Express adds the path before it was cut and what a body parser made. */
export interface NodeRequest extends IncomingMessage {
  readonly originalUrl?: string;
  readonly body?: unknown;
}

/** Time for the sender to read an answer that came before its body was through, milliseconds. */
const lingerMs = 500;

/** Express's way to its error handlers; `node:http` has none. */
export type NextHandler = (error?: unknown) => void;

/** Receives webhooks in a `node:http` server, and as a handler of Express. */
export type WebhookListener = (request: NodeRequest, response: ServerResponse, next?: NextHandler) => void;

const parsedBefore = () =>
  connectorError(
    'invalid-definition',
    'a body parser has read the webhook before its signature could be proved: mount the webhook route before ' +
      'express.json() and its like, or give that route express.raw()',
  );

/** The raw bytes, or undefined where a body parser has used them up. */
const bodyOf = (request: NodeRequest): ByteSource | undefined => {
  const { body } = request;
  if (body instanceof Uint8Array) {
    const chunks = [body];
    return { next: async () => chunks.shift() };
  }
  if (request.readableDidRead) return undefined;
  // Destroying the request would destroy its socket, and the answer with it.
  return iteratedBytes(request.iterator({ destroyOnReturn: false }));
};

/** Repeated headers are one list to HTTP; node joins most of them itself. */
const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

/**
 * Receives the webhooks of many connections in a `node:http` server or as a handler of Express, with the answers of
 * `webhookHandler`. It must see the raw body: after a body parser it answers 500, in Express through `next` with a
 * ConnectorError `invalid-definition` that says so, and the event says the same.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { webhookListener, type WebhookOptions } from '@mortise/runtime/webhooks';
 * export const start = (options: WebhookOptions) => createServer(webhookListener(options)).listen(8080);
 * ```
 */
export const webhookListener = (options: WebhookOptions): WebhookListener => {
  const receive = webhookReceiver(options);
  const { clock = systemClock } = options;
  return (request, response, next) => {
    const body = bodyOf(request);
    if (body === undefined) return misplaced(response, { options, next });
    const incoming = {
      method: request.method ?? '',
      origin: `${'encrypted' in request.socket ? 'https' : 'http'}://${request.headers.host ?? ''}`,
      target: request.originalUrl ?? request.url ?? '',
      header: (name: string) => headerOf(request, name),
      body,
    };
    // It never rejects.
    void receive(incoming).then((answer) => {
      // Something before us, such as a time limit, was faster.
      if (response.headersSent) return;
      if (request.complete) send(response, answer);
      else sendEarly(request, { response, answer, wait: (run) => clock.schedule(run, lingerMs) });
    });
  };
};

const misplaced = (
  response: ServerResponse,
  { options, next }: { options: WebhookOptions; next: NextHandler | undefined },
): void => {
  const cause = parsedBefore();
  const at = (options.clock ?? systemClock).now();
  const facts = { connection: undefined, outcome: 'misplaced', status: 500, deliveries: 0, durationMs: 0 } as const;
  tell(options, { at, cause, ...facts });
  if (next === undefined) response.writeHead(500, { 'content-type': 'text/plain' }).end(`${cause.message}\n`);
  else next(cause);
};

const send = (response: ServerResponse, { status, headers }: WebhookAnswer): void => {
  response.writeHead(status, { ...headers, 'content-length': '0' }).end();
};

/**
 * Answers a request whose body is not through. The rest is never read: node would read and drop all 50 MB of it to keep
 * the connection. Closing at once would reset the connection, and the sender might never see why; so the answer is written
 * whole, and the socket closed when the sender is gone or some time has passed.
 */
const sendEarly = (
  request: IncomingMessage,
  {
    response,
    answer: { status, headers },
    wait,
  }: { response: ServerResponse; answer: WebhookAnswer; wait: (run: () => void) => () => void },
): void => {
  response.writeHead(status, { ...headers, 'content-length': '0', connection: 'close' });
  response.flushHeaders();
  const cancel = wait(() => request.destroy());
  request.once('close', cancel);
};
