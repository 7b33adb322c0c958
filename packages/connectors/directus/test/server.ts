import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Change,
  type ConnectionOptions,
  type ConnectorError,
  isConnectorError,
  open,
  type Page,
  type RuntimeEvent,
  readField,
} from '@mortise/runtime';
import { afterAll, beforeAll } from 'vitest';
import {
  ADMINISTRATOR,
  type Directus,
  seededDirectus,
  startDirectus,
} from '../../../../servers/directus/server-template.mjs';
import directus from '../src/index.ts';

export { ADMINISTRATOR };

/** Sends a request to the server without the connector, as the administrator, and gives its `data`. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** A real server on a seeded copy of its own for the tests of one file. */
export const useServer = (options: { accessTokenTtl?: string; queryLimitMax?: number } = {}) => {
  let server: Directus | undefined;
  let data = '';
  beforeAll(async () => {
    data = await seededDirectus({ directory: await mkdtemp(join(tmpdir(), 'directus-')) });
    server = await startDirectus({ data, ...options });
  }, 180_000);
  afterAll(async () => {
    await server?.stop();
    await rm(data, { recursive: true, force: true });
  });
  const started = (): Directus => {
    if (server === undefined) throw new Error('the server is started by beforeAll');
    return server;
  };
  const ask: Ask = async (method, path, body) => {
    const headers = { authorization: `Bearer ${ADMINISTRATOR.token}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${started().url}${path}`, { method, headers, ...sent });
    if (!response.ok) throw new Error(`the server answered ${response.status}: ${await response.text()}`);
    if (response.status === 204) return undefined;
    const answer: { data: unknown } = await response.json();
    return answer.data;
  };
  return {
    url: () => started().url,
    ask,
    /** Kills the server as a crash does, and starts it again on the same port with the same data. */
    crash: async (meanwhile: () => Promise<void> = async () => {}) => {
      const port = Number(new URL(started().url).port);
      await started().kill();
      await meanwhile();
      server = await startDirectus({ data, port, ...options });
    },
  };
};

type Credentials = { readonly token: string } | { readonly email: string; readonly password: string };

/** What a test may choose. */
export interface Choice extends ConnectionOptions {
  readonly credentials?: Credentials;
  readonly settings?: object;
}

/** Opens a connection and keeps its events. */
export const connect = (url: string, choice: Choice = {}) => {
  const { credentials = { token: ADMINISTRATOR.token }, settings, ...options } = choice;
  const events: RuntimeEvent[] = [];
  const limits = { backoffBaseMs: 100 };
  const keep = (event: RuntimeEvent) => {
    events.push(event);
    options.events?.(event);
  };
  const live = open(directus, { limits, ...options, settings: { url, ...settings }, credentials, events: keep });
  return { live, events };
};

/** All records of a list; none may be rejected. */
export const recordsOf = async <Item>(pages: AsyncIterable<Page<Item>>): Promise<Item[]> => {
  const read: Item[] = [];
  for await (const { records, rejected } of pages) {
    if (rejected.length > 0) throw new Error(`rejected: ${JSON.stringify(rejected.map(({ issues }) => issues))}`);
    read.push(...records);
  }
  return read;
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

/** Reads changes until one is what is waited for. */
export const until = async <Item>(
  changes: AsyncIterator<Change<Item>>,
  isWanted: (change: Change<Item>) => boolean,
): Promise<Change<Item>[]> => {
  const read: Change<Item>[] = [];
  for (;;) {
    const { value, done } = await changes.next();
    if (done) throw new Error('the subscription ended');
    read.push(value);
    if (isWanted(value)) return read;
  }
};

const idOf = (row: unknown): string => String(readField(row, 'id'));

/** A user with exactly these permissions, `collection:action`, and its static token. */
export const userWith = async (ask: Ask, permissions: readonly string[], name = 'user') => {
  const token = `token-${name}-${permissions.join('-').replaceAll(':', '-')}`;
  const allowed = permissions.map((permission) => {
    const [collection, action] = permission.split(':');
    return { collection, action, fields: ['*'] };
  });
  const policy = idOf(await ask('POST', '/policies', { name: token, permissions: allowed }));
  const role = idOf(await ask('POST', '/roles', { name: token, policies: [{ policy }] }));
  await ask('POST', '/users', { email: `${token}@example.com`, password: 'a-password', role, token });
  return { token };
};
