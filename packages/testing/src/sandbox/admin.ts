import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseBody, readBody } from './body.ts';
import { sendAnswer } from './delivery.ts';
import { parseFaultRule } from './fault-rules.ts';
import type { AdminHandler, Sandbox, SandboxAnswer } from './types.ts';

/** Path prefix of the admin API: neither logged, nor faulted, nor authenticated. */
export const adminPrefix = '/__sandbox/';

const maxBodyBytes = 1024 * 1024;

type AdminRoutes = Readonly<Record<string, AdminHandler>>;

const ok = (json: unknown): SandboxAnswer => ({ status: 200, json });

function filterOf(query: URLSearchParams, names: readonly string[]): Record<string, string> {
  const unknown = [...query.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) throw new TypeError(`Unknown filter "${unknown}"; use one of ${names.join(', ')}.`);
  return Object.fromEntries(query);
}

function paging(query: URLSearchParams): { after?: number; limit?: number } {
  const after = query.get('after');
  const limit = query.get('limit');
  return { ...(after === null ? {} : { after: Number(after) }), ...(limit === null ? {} : { limit: Number(limit) }) };
}

function writesAnswer<State>(sandbox: Sandbox<State>, query: URLSearchParams): SandboxAnswer {
  const { request, ...filter } = filterOf(query, ['kind', 'type', 'id', 'key', 'request', 'after', 'limit']);
  const numbered = request === undefined ? {} : { request: Number(request) };
  const writes = sandbox.writes({ ...filter, ...paging(query), ...numbered });
  return ok({ writes, duplicateCreates: sandbox.duplicateCreates() });
}

function adminRoutes<State>(sandbox: Sandbox<State>, health: () => unknown): AdminRoutes {
  return {
    'GET health': () => ok(health()),
    'GET requests': ({ query }) => {
      const filter = filterOf(query, ['method', 'template', 'path', 'after', 'limit']);
      return ok({ requests: sandbox.requests({ ...filter, ...paging(query) }) });
    },
    'GET writes': ({ query }) => writesAnswer(sandbox, query),
    'GET faults': () => ok({ faults: sandbox.faults() }),
    'POST faults': ({ body }) => ({ status: 201, json: { id: sandbox.inject(parseFaultRule(body)) } }),
    'DELETE faults': ({ query }) => {
      sandbox.clearFaults(query.get('id') ?? undefined);
      return { status: 204 };
    },
    'POST reset': () => {
      sandbox.reset();
      return { status: 204 };
    },
  };
}

type NamedCall = { name: string; call: Parameters<AdminHandler>[0] };

function answerOf(routes: AdminRoutes, { name, call }: NamedCall): SandboxAnswer {
  const handle = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (handle === undefined) {
    return { status: 404, json: { message: `No admin call "${name}"; there are ${Object.keys(routes).join(', ')}.` } };
  }
  try {
    return handle(call);
  } catch (error) {
    return { status: 400, json: { message: error instanceof Error ? error.message : String(error) } };
  }
}

/** Makes the handler of /__sandbox/ requests, through which another process drives this sandbox. */
export function createAdmin<State>(
  sandbox: Sandbox<State>,
  { health, more }: { health: () => unknown; more: AdminRoutes },
) {
  const routes = { ...adminRoutes(sandbox, health), ...more };
  return async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const read = await readBody(message, maxBodyBytes);
    const bytes = 'bytes' in read ? read.bytes : Buffer.alloc(0);
    const [path = '', query = ''] = (message.url ?? '').split('?', 2);
    const call = { query: new URLSearchParams(query), body: parseBody(bytes, message.headers['content-type']).body };
    const name = `${message.method} ${path.slice(adminPrefix.length)}`;
    sendAnswer(response, answerOf(routes, { name, call }));
  };
}
