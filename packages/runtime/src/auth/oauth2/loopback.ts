import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';
import type { Connector } from '../../contract/connector.ts';
import type { ResourceDefinition } from '../../contract/resource.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { systemClock } from '../../resilience/clock.ts';
import type { FlowOptions } from './flow.ts';
import { type Connected, webAuthorization } from './web-authorization.ts';

/** How a command line lets its user connect an account. */
export type LoopbackAuthorizationOptions<
  Settings extends z.ZodObject,
  Credentials extends z.ZodObject,
  Resources extends Readonly<Record<string, ResourceDefinition>>,
> = FlowOptions<Settings, Credentials, Resources> & {
  /** Id of the connection. */
  readonly connection: string;
  /** Port on 127.0.0.1, where the vendor wants it registered; a free one unless given. */
  readonly port?: number;
  /** How long the user may take, milliseconds; 5 minutes unless given. */
  readonly expiresInMs?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
};

/** An authorization under way. */
export interface LoopbackAuthorization {
  /** What the user opens in a browser of this machine. */
  readonly url: URL;
  /**
   * Settles when the user has come back.
   * @throws ConnectorError as the callback of `webAuthorization`; `timeout`, `cancelled`.
   */
  readonly finished: Promise<Connected>;
  /** Stops listening. */
  readonly close: () => void;
}

const path = '/callback';
const defaultExpiryMs = 300_000;

const page = (title: string, text: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>`;

/** Nothing of the request is on these pages. */
const donePage = page('Connected', 'You can close this window.');
const failedPage = page('Not connected', 'See the command line for the reason. You can close this window.');

/** Writes a page; `sent` is told when it is out, or the browser has gone. */
const respond = (
  response: ServerResponse,
  { status, html, sent }: { status: number; html: string; sent?: () => void },
): void => {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', connection: 'close' };
  if (response.destroyed) sent?.();
  else if (sent !== undefined) response.once('close', sent);
  response.writeHead(status, headers).end(html);
};

const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(connectorError('invalid-settings', `port ${port} on 127.0.0.1 cannot be used: choose another`, { cause }));
    });
    // A TCP server has an address and a port once it listens.
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/**
 * Lets the user of a command line connect an account: listens on 127.0.0.1 until the browser comes back (RFC 8252).
 * @throws ConnectorError as `webAuthorization`; `invalid-settings` for a port that cannot be used.
 */
export const loopbackAuthorization = async <
  Settings extends z.ZodObject,
  Credentials extends z.ZodObject,
  const Resources extends Readonly<Record<string, ResourceDefinition>>,
>(
  connector: Connector<Settings, Credentials, Resources>,
  options: LoopbackAuthorizationOptions<Settings, Credentials, Resources>,
): Promise<LoopbackAuthorization> => {
  const { connection, port = 0, expiresInMs = defaultExpiryMs, signal } = options;
  const server = createServer();
  const host = `127.0.0.1:${await listening(server, port)}`;
  const close = () => {
    server.close();
    // Also those that browsers open beforehand and never use: they would keep the process alive.
    server.closeAllConnections();
  };
  try {
    const web = webAuthorization(connector, { ...options, expiresInMs, redirectUri: `http://${host}${path}` });
    const url = await web.authorizeUrl(connection);
    const returned = returnOf(server, { host, state: url.searchParams.get('state'), callback: web.callback });
    const clock = options.clock ?? systemClock;
    const finished = withinTime(returned, { clock, expiresInMs, signal }).finally(close);
    // Whoever only closes does not look at the outcome.
    finished.catch(() => undefined);
    return { url, finished, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
};

interface Return {
  readonly host: string;
  readonly state: string | null;
  readonly callback: (request: Request) => Promise<Connected>;
}

/** Another page in the user's browser may reach the port: it knows neither the state nor, after a rebinding, the host. */
const isReturn = ({ method, url = '', headers }: IncomingMessage, { host, state }: Return): boolean => {
  const target = URL.parse(url, `http://${host}`);
  const isHere = method === 'GET' && headers.host === host && target?.pathname === path;
  return isHere && target.searchParams.get('state') === state;
};

const returnOf = (server: Server, expected: Return): Promise<Connected> =>
  new Promise((resolve, reject) => {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (!isReturn(request, expected)) return respond(response, { status: 404, html: failedPage });
      expected.callback(new Request(`http://${expected.host}${request.url}`)).then(
        (connected) => {
          respond(response, { status: 200, html: donePage, sent: () => resolve(connected) });
        },
        (thrown: unknown) => {
          respond(response, { status: 400, html: failedPage, sent: () => reject(thrown) });
        },
      );
    });
    server.once('close', () => reject(connectorError('cancelled', 'the authorization was given up')));
  });

/** What a wait may take. */
interface Patience {
  readonly clock: typeof systemClock;
  readonly expiresInMs: number;
  readonly signal: AbortSignal | undefined;
}

const withinTime = <Value>(work: Promise<Value>, { clock, expiresInMs, signal }: Patience): Promise<Value> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(connectorError('cancelled', 'the authorization was given up', { cause: signal?.reason }));
    const cancelTimer = clock.schedule(() => {
      reject(connectorError('timeout', `nobody granted access within ${Math.round(expiresInMs / 1_000)} seconds`));
    }, expiresInMs);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => {
      cancelTimer();
      signal?.removeEventListener('abort', stop);
    });
  });
