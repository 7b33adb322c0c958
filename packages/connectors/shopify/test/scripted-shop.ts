import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ConnectorError, isConnectorError, open, type RuntimeEvent } from '@mortise/runtime';
import { virtualClock } from '@mortise/testing';
import { onTestFinished } from 'vitest';
import shopify from '../src/index.ts';

/** A request as the shop got it. */
export interface Asked {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly operation: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the shop answers. */
export interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Answers the request of the given number, 0 for the first. */
export type Script = (asked: Asked, number: number) => Told;

const askedOf = (text: string): Pick<Asked, 'operation' | 'variables'> => {
  if (!text.startsWith('{')) return { operation: '', variables: {} };
  const { operationName = '', variables = {} } = JSON.parse(text);
  return { operation: operationName, variables };
};

/** Settings that a test may choose. */
export interface Choice {
  readonly compareStock?: boolean;
}

/** A shop that answers by a script over a real socket, for what no stand-in says by itself; and a connection to it. */
export const scriptedShop = async (script: Script, settings: Choice = {}) => {
  const asked: Asked[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const each = { path: incoming.url ?? '', headers: incoming.headers, body, ...askedOf(body) };
    asked.push(each);
    const told = script(each, asked.length - 1);
    response.writeHead(told.status ?? 200, { 'content-type': 'application/json', ...told.headers });
    response.end(typeof told.body === 'string' ? told.body : JSON.stringify(told.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server has an address and a port once it listens.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = virtualClock(Date.UTC(2026, 10, 23, 12));
  const events: RuntimeEvent[] = [];
  const options = {
    settings: { shop: 'test-shop.myshopify.com', origin, ...settings },
    clock,
    random: () => 0,
    events: (event: RuntimeEvent) => void events.push(event),
    limits: { requestTimeoutMs: 2e9, callTimeoutMs: 2e9, quotaReserve: 0 },
  };
  const shop = open(shopify, { ...options, credentials: { accessToken: 'shpat_token' } });
  return { shop, asked, clock, events, origin, options };
};

/** The ConnectorError that a promise rejects with. */
export const errorOf = async (promise: Promise<unknown>): Promise<ConnectorError> => {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (isConnectorError(thrown)) return thrown;
  throw new Error('no ConnectorError was thrown', { cause: thrown });
};
