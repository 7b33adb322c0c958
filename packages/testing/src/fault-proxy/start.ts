import { createServer, type Server, type Socket } from 'node:net';
import { type Link, openLink } from './link.ts';
import type { ProxyCounters, Toxic, ToxicKind, ToxicSet } from './toxics.ts';

/** A running proxy. */
export type FaultProxy = {
  /** `http://127.0.0.1:port`, to be used in the place of the target's own URL. */
  url: string;
  port: number;
  /** Switches a toxic on (or replaces the one of its kind), for open connections too. */
  set(toxic: Toxic): void;
  /** Switches one kind off, or all of them. */
  clear(kind?: ToxicKind): void;
  toxics(): ToxicSet;
  counters(): ProxyCounters;
  close(): Promise<void>;
};

/** Settings of {@link startFaultProxy}. */
export type FaultProxyOptions = {
  /** A URL such as 'http://127.0.0.1:4000', or host and port. */
  target: string | { host: string; port: number };
  /** 0 (the default) takes a free port. */
  port?: number;
};

const defaultPorts: Record<string, number> = { 'http:': 80, 'https:': 443, 'ws:': 80, 'wss:': 443 };

function targetOf(target: FaultProxyOptions['target']): { host: string; port: number } {
  if (typeof target !== 'string') return target;
  const url = new URL(target);
  const port = url.port === '' ? defaultPorts[url.protocol] : Number(url.port);
  if (port === undefined) throw new TypeError(`The proxy target "${target}" has no port; write it into the URL.`);
  return { host: url.hostname, port };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server, links: Set<Link>): Promise<void> {
  for (const link of links) link.close();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

/** Starts a TCP proxy in front of any server. Rejects when the port cannot be had; throws for a target without a port. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const target = targetOf(options.target);
  const links = new Set<Link>();
  const counters: ProxyCounters = { connections: 0, open: 0, requestBytes: 0, responseBytes: 0 };
  let active: ToxicSet = {};

  function accept(client: Socket): void {
    counters.connections += 1;
    if (active.refuse !== undefined) {
      client.destroy();
      return;
    }
    counters.open += 1;
    const onClose = (): void => {
      counters.open -= 1;
      links.delete(link);
    };
    const link = openLink(client, { target, toxics: () => active, counters, onClose });
    links.add(link);
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    set: (toxic) => {
      active = { ...active, [toxic.kind]: toxic };
      if (toxic.kind === 'reset') for (const link of links) link.reset();
      if (toxic.kind === 'truncate') for (const link of links) link.restartCount();
    },
    clear: (kind) => {
      const { ...rest } = active;
      if (kind !== undefined) delete rest[kind];
      active = kind === undefined ? {} : rest;
    },
    toxics: () => ({ ...active }),
    counters: () => ({ ...counters }),
    close: () => close(server, links),
  };
}
