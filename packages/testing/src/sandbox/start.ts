import { createServer, type Server } from 'node:http';
import { adminPrefix, createAdmin } from './admin.ts';
import { openDatabase } from './database.ts';
import { type ExchangeParts, exchange } from './exchange.ts';
import { createFaultBook } from './fault-rules.ts';
import { openLog } from './log.ts';
import { createRouter } from './router.ts';
import type { Sandbox, SandboxOptions } from './types.ts';

/** Listens on loopback and answers the port. Rejects with node's own error (EADDRINUSE, for example). */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server, after: () => void): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    server.close(() => {
      after();
      resolve();
    });
    server.closeAllConnections();
  });
}

function createParts<State>(options: SandboxOptions<State>): ExchangeParts<State> {
  const database = openDatabase(options.database);
  return {
    options,
    database,
    state: database.transaction(() => options.state(database)),
    log: openLog(database),
    faults: createFaultBook(),
    router: createRouter(options.routes),
    clock: options.clock ?? { now: () => Date.now() },
    underWay: { count: 0 },
  };
}

function sandboxOf<State>(
  parts: ExchangeParts<State>,
  { server, port }: { server: Server; port: number },
): Sandbox<State> {
  const { database, log, faults, state, options } = parts;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    state,
    database,
    requests: log.requests,
    writes: log.writes,
    duplicateCreates: log.duplicateCreates,
    inject: faults.add,
    faults: faults.list,
    clearFaults: faults.clear,
    reset: () => {
      faults.clear();
      database.transaction(() => {
        log.clear();
        options.resetState?.(state);
      });
    },
    close: () => close(server, database.close),
  };
}

/**
 * Starts a stateful HTTP stand-in for a vendor on loopback. State, writes and the request's log line are committed
 * before the answer leaves; with `database` they survive kill -9. Rejects when the port or the file cannot be had.
 */
export async function startSandbox<State>(options: SandboxOptions<State>): Promise<Sandbox<State>> {
  const parts = createParts(options);
  // A client's idle keep-alive socket must not be cut under its next request, hence a minute instead of 5 s.
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true });
  const port = await listen(server, options.port ?? 0).catch((error: unknown) => {
    parts.database.close();
    throw error;
  });
  const sandbox = sandboxOf(parts, { server, port });
  const admin = createAdmin(sandbox, {
    health: () => ({ ok: true, now: parts.clock.now(), ...parts.log.counts() }),
    more: options.admin?.(parts.state) ?? {},
  });
  server.on('request', (message, response) => {
    const isAdmin = message.url?.startsWith(adminPrefix) === true;
    const work = isAdmin ? admin(message, response) : exchange(parts, message, response);
    work.catch((error: unknown) => {
      // A fault of the sandbox itself (a throwing hook): said aloud, never answered as if the vendor had.
      process.emitWarning(error instanceof Error ? error : String(error));
      response.destroy();
    });
  });
  return sandbox;
}
