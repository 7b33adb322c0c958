import { spawnSync } from 'node:child_process';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import {
  type ConnectionOptions,
  type ConnectorError,
  defineVendor,
  isConnectorError,
  open,
  type RuntimeEvent,
  secret,
} from '../src/index.ts';
import { type GraphqlRealtimeOptions, type PlainRealtimeOptions, realtime } from '../src/protocols/realtime/index.ts';
import { selfSigned } from './support/certificate.ts';
import { canary, thrownBy } from './support/connection.ts';
import { serve } from './support/server.ts';
import { answerGraphql, serveSockets } from './support/sockets.ts';

type Protocol = Partial<PlainRealtimeOptions> | Partial<GraphqlRealtimeOptions>;

const document = '# subscription Comment\nsubscription Things($of: ID) { thing(of: $of) { id } }';

/** A connector whose one operation subscribes, opened. What it yields are the events themselves. */
const subscriber = (url: string, { protocol, ...options }: ConnectionOptions & { protocol?: Protocol } = {}) => {
  const events: RuntimeEvent[] = [];
  const isGraphql = protocol?.protocol === 'graphql-ws';
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({ token: secret() }),
    transports: () => ({
      plain: realtime({ url, ...(isGraphql ? {} : (protocol as Partial<PlainRealtimeOptions>)), protocol: 'plain' }),
      graphql: realtime({ url, ...(isGraphql ? protocol : {}), protocol: 'graphql-ws' }),
    }),
    auth: ({ credentials }) => bearer(credentials.token),
  });
  const items = (record: unknown) => [{ kind: 'changed' as const, record }];
  const things = vendor.resource({
    record: z.looseObject({ id: z.string().optional() }),
    key: 'id',
    changes: 'none',
    subscribe: (call) =>
      isGraphql
        ? call.transports.graphql.subscribe({ document, variables: { of: '7' }, items })
        : call.transports.plain.subscribe({ messages: [{ subscribe: 'things' }], items }),
  });
  const given = {
    limits: { backoffBaseMs: 1, backoffCapMs: 2 },
    events: (event: RuntimeEvent) => void events.push(event),
  };
  const live = open(vendor.connector({ resources: { things } }), {
    credentials: { token: canary },
    ...given,
    ...options,
  });
  return { things: live.things, events };
};

/** The records that come until the subscription ends, and the error that it ends with. */
const allOf = async (changes: AsyncIterable<{ readonly kind: string; readonly record?: unknown }>) => {
  const records: unknown[] = [];
  let error: ConnectorError | undefined;
  try {
    for await (const { record } of changes) records.push(record);
  } catch (thrown) {
    if (!isConnectorError(thrown)) throw thrown;
    error = thrown;
  }
  return { records, error };
};

test('a plain subscription sends its credentials in the handshake and its messages once it is open', async () => {
  const server = await serveSockets((socket) => {
    socket.once('message', () => {
      socket.send('{"id":"1"}');
      socket.close(1000);
    });
  });
  const { things, events } = subscriber(server.url, { protocol: { headers: { 'x-shop': 'acme' } } });
  expect(await allOf(things.subscribe())).toEqual({ records: [{ id: '1' }], error: undefined });
  expect(server.heads[0]?.headers).toMatchObject({ authorization: `Bearer ${canary}`, 'x-shop': 'acme' });
  expect(server.heads[0]?.headers).not.toHaveProperty('sec-websocket-extensions');
  expect(server.messages).toEqual([{ subscribe: 'things' }]);
  expect(events).toMatchObject([
    { type: 'subscription-opened', operation: 'things.subscribe', template: '/', attempt: 1 },
  ]);
});

test('a vendor that has its own greeting and acknowledgement gets credentials there, and not in the handshake', async () => {
  const server = await serveSockets((socket) => {
    socket.on('message', (data) => {
      const { auth, pong } = JSON.parse(data.toString());
      if (auth !== undefined) socket.send('{"type":"ok"}');
      else if (pong === undefined) socket.send('{"type":"ping","at":5}');
      else for (const message of ['{"type":"noise"}', '{"type":"thing","id":"1"}']) socket.send(message);
      if (pong !== undefined) socket.close(1000);
    });
  });
  const protocol: Partial<PlainRealtimeOptions> = {
    opening: ({ authorization }) => [{ auth: authorization }],
    read: (message) => {
      const { type, at } = z.looseObject({ type: z.string(), at: z.number().optional() }).parse(message);
      if (type === 'ok') return { kind: 'acknowledged' };
      if (type === 'ping') return { kind: 'reply', message: { pong: at } };
      return type === 'thing' ? { kind: 'event' } : { kind: 'ignored' };
    },
  };
  const { things } = subscriber(server.url, { protocol });
  expect((await allOf(things.subscribe())).records).toEqual([{ type: 'thing', id: '1' }]);
  expect(server.heads[0]?.headers).not.toHaveProperty('authorization');
  expect(server.messages).toEqual([{ auth: `Bearer ${canary}` }, { subscribe: 'things' }, { pong: 5 }]);
});

test('a graphql-ws subscription opens by the protocol, with credentials in connection_init alone', async () => {
  const server = await serveSockets((socket) => {
    answerGraphql(socket, [{ type: 'next', payload: { data: { id: '1' } } }, { type: 'complete' }]);
  });
  const protocol: Partial<GraphqlRealtimeOptions> = {
    protocol: 'graphql-ws',
    connectionParams: ({ authorization }) => ({ access_token: authorization?.slice('Bearer '.length) }),
  };
  const { things, events } = subscriber(server.url, { protocol });
  expect(await allOf(things.subscribe())).toEqual({ records: [{ id: '1' }], error: undefined });
  expect(server.heads[0]?.headers).toMatchObject({ 'sec-websocket-protocol': 'graphql-transport-ws' });
  expect(server.heads[0]?.headers).not.toHaveProperty('authorization');
  expect(server.messages).toEqual([
    { type: 'connection_init', payload: { access_token: canary } },
    { id: '1', type: 'subscribe', payload: { query: document, variables: { of: '7' } } },
  ]);
  expect(events).toMatchObject([{ type: 'subscription-opened', template: '/ subscription Things' }]);
  expect(JSON.stringify(events)).not.toContain(canary);
});

test('a ping of the graphql-ws protocol is answered with its payload', async () => {
  const server = await serveSockets((socket) => {
    answerGraphql(socket, [{ type: 'ping', payload: { at: 5 } }]);
    socket.on('message', (data) => data.toString().includes('"pong"') && socket.close(1000));
  });
  const { things } = subscriber(server.url, { protocol: { protocol: 'graphql-ws' } });
  expect(await allOf(things.subscribe())).toEqual({ records: [], error: undefined });
  expect(server.messages.at(-1)).toEqual({ type: 'pong', payload: { at: 5 } });
});

test.each([
  ['error', [{ message: canary, path: ['thing'], extensions: { code: 'FORBIDDEN' } }]],
  [
    'next',
    { data: { thing: null }, errors: [{ message: canary, path: ['thing'], extensions: { code: 'FORBIDDEN' } }] },
  ],
])(
  'errors in a message of type %s end the subscription: partial data never read as removals',
  async (type, payload) => {
    const server = await serveSockets((socket) => answerGraphql(socket, [{ type, payload }]));
    const { things, events } = subscriber(server.url, {
      protocol: {
        protocol: 'graphql-ws',
        classify: ({ code }) => (code === 'FORBIDDEN' ? { code: 'forbidden' } : undefined),
      },
    });
    const { records, error } = await allOf(things.subscribe());
    expect(records).toEqual([]);
    expect(error).toMatchObject({ code: 'forbidden', vendorCode: 'FORBIDDEN', attempts: 1 });
    expect(error?.message).toBe("the vendor refused the subscription at 'thing' (FORBIDDEN)");
    expect(JSON.stringify(events)).not.toContain(canary);
  },
);

test('a login that is refused by a message of its own is known by the connector, as with Directus', async () => {
  const server = await serveSockets((socket) => {
    socket.once('message', () => socket.send('{"type":"auth","status":"error","error":{"code":"AUTH_FAILED"}}'));
  });
  const refused = z.looseObject({ type: z.literal('auth'), status: z.literal('error') });
  const { things } = subscriber(server.url, {
    protocol: {
      protocol: 'graphql-ws',
      classifyMessage: (message) =>
        refused.safeParse(message).success ? { code: 'unauthenticated', renew: true } : undefined,
    },
  });
  expect((await allOf(things.subscribe())).error).toMatchObject({ code: 'unauthenticated', attempts: 1 });
  expect(server.heads).toHaveLength(1);
});

test.each(['{"type":"hello"}', '[]', '5'])(
  'the message %s is not of the graphql-ws protocol, and is not quoted',
  async (message) => {
    const server = await serveSockets((socket) => void socket.once('message', () => socket.send(message)));
    const { things } = subscriber(server.url, { protocol: { protocol: 'graphql-ws' } });
    const { error } = await allOf(things.subscribe());
    expect(error).toMatchObject({ code: 'unexpected-content' });
    expect(error?.message).not.toContain('hello');
  },
);

test('a message that is not JSON ends the subscription and is not quoted', async () => {
  const server = await serveSockets((socket) => socket.send(`<html>${canary}`));
  const { things } = subscriber(server.url);
  const { error } = await allOf(things.subscribe());
  expect(error).toMatchObject({ code: 'unexpected-content' });
  expect(JSON.stringify(error)).not.toContain(canary);
});

test('what a connector throws while it reads a message ends its own subscription, and not the process', async () => {
  const server = await serveSockets((socket) => socket.send('{}'));
  const broken = () => {
    throw new TypeError(canary);
  };
  const { things, events } = subscriber(server.url, { protocol: { read: broken } });
  const { error } = await allOf(things.subscribe());
  expect(error).toMatchObject({ code: 'internal', operation: 'things.subscribe' });
  expect(inspect([error, events], { depth: 9 })).not.toContain(canary);
  expect((await allOf(subscriber(server.url, { protocol: { opening: broken } }).things.subscribe())).error?.code).toBe(
    'internal',
  );
});

test('a second acknowledgement does not subscribe a second time', async () => {
  const server = await serveSockets((socket) => {
    answerGraphql(socket, [
      { type: 'connection_ack' },
      { type: 'next', payload: { data: { id: '1' } } },
      { type: 'complete' },
    ]);
  });
  const { things } = subscriber(server.url, { protocol: { protocol: 'graphql-ws' } });
  expect((await allOf(things.subscribe())).records).toEqual([{ id: '1' }]);
  expect(server.messages).toHaveLength(2);
});

test('integers beyond 2^53 keep their digits, and __proto__ is dropped, as in any answer', async () => {
  const server = await serveSockets((socket) => {
    socket.send('{"id":"1","total":9007199254740993,"__proto__":{"admin":true}}');
    socket.close(1000);
  });
  const { things } = subscriber(server.url);
  const { records } = await allOf(things.subscribe());
  expect(records).toEqual([{ id: '1', total: '9007199254740993' }]);
});

test.each([
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [200, 'unexpected-content'],
])('a handshake that is answered with %i ends as %s', async (status, code) => {
  const { origin, requests } = await serve((response) => void response.writeHead(status).end('no socket here'));
  const { things } = subscriber(origin);
  expect((await allOf(things.subscribe())).error).toMatchObject({ code, status, attempts: 1 });
  expect(requests[0]?.headers.upgrade).toBe('websocket');
});

test('a handshake that is answered with 503 is tried again, and not followed to another host', async () => {
  const { origin, requests } = await serve(
    (response, _request, number) =>
      void response.writeHead([503, 503, 302][number] ?? 500, { location: 'http://elsewhere.example/' }).end(),
  );
  const { things, events } = subscriber(origin);
  expect((await allOf(things.subscribe())).error).toMatchObject({
    code: 'unexpected-content',
    status: 302,
    attempts: 3,
  });
  expect(requests).toHaveLength(3);
  expect(events.map(({ type }) => type)).toEqual(['subscription-lost', 'subscription-lost', 'subscription-failed']);
});

test('only wss and https are spoken to beyond loopback, unless the host allows one by name', () => {
  for (const url of ['ws://shop.example/graphql', 'http://shop.example/graphql', 'ftp://shop.example']) {
    expect(thrownBy(() => subscriber(url)).code).toBe('unsafe-url');
  }
  expect(thrownBy(() => subscriber('wss://user:pass@shop.example')).code).toBe('unsafe-url');
  for (const url of ['wss://shop.example', 'https://shop.example', 'WS://127.0.0.1:1', 'http://localhost:1']) {
    expect(subscriber(url).events).toEqual([]);
  }
  const { events } = subscriber('ws://shop.example', { allowInsecureHost: 'shop.example' });
  expect(events).toMatchObject([{ type: 'insecure-host-allowed', host: 'shop.example' }]);
});

test('a certificate is verified against the authorities of the network settings, and against nothing less', async () => {
  const secure = createServer(selfSigned);
  const sockets = new WebSocketServer({ server: secure });
  sockets.on('connection', (socket) => {
    socket.send('{"id":"1"}');
    socket.close(1000);
  });
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    secure.close();
    secure.closeAllConnections();
  });
  // A TCP server has an address and a port once it listens.
  const url = `wss://127.0.0.1:${(secure.address() as AddressInfo).port}`;
  expect((await allOf(subscriber(url).things.subscribe())).error).toMatchObject({
    code: 'untrusted-certificate',
    attempts: 1,
  });
  const trusted = subscriber(url, { network: { ca: selfSigned.cert } });
  expect((await allOf(trusted.things.subscribe())).records).toEqual([{ id: '1' }]);
});

test('limits are settings, checked when the connection is opened', () => {
  const wrong = () => subscriber('wss://shop.example', { protocol: { limits: { ackTimeoutMs: 0 } } });
  expect(thrownBy(wrong)).toMatchObject({ code: 'invalid-settings', connector: 'acme' });
});

test('an aborted signal ends a silent subscription at once as cancelled, and closes its socket', async () => {
  const controller = new AbortController();
  const server = await serveSockets((socket) => {
    socket.once('message', () => controller.abort());
  });
  const { things, events } = subscriber(server.url);
  expect(await allOf(things.subscribe({ signal: controller.signal }))).toMatchObject({
    records: [],
    error: { code: 'cancelled', operation: 'things.subscribe' },
  });
  await expect.poll(() => server.closed).toHaveLength(1);
  expect(events.map(({ type }) => type)).toEqual(['subscription-opened']);
  expect((await allOf(things.subscribe({ signal: controller.signal }))).error?.code).toBe('cancelled');
  expect(server.heads).toHaveLength(1);
});

test('a loop that is left closes its socket with a goodbye', async () => {
  const server = await serveSockets((socket) => socket.send('{"id":"1"}'));
  const { things } = subscriber(server.url);
  for await (const change of things.subscribe()) {
    expect(change).toEqual({ kind: 'changed', record: { id: '1' } });
    break;
  }
  await expect.poll(() => server.closed).toEqual([1000]);
});

test('too many connections in a row that do not hold end with what the last one failed of', async () => {
  const server = await serveSockets((socket) => socket.close(1013));
  const { things, events } = subscriber(server.url, { protocol: { limits: { attempts: 3 } } });
  expect((await allOf(things.subscribe())).error).toMatchObject({
    code: 'unavailable',
    vendorCode: '1013',
    attempts: 3,
  });
  expect(server.heads).toHaveLength(3);
  expect(events.at(-1)).toMatchObject({ type: 'subscription-failed', code: 'unavailable', attempts: 3 });
});

test('a connection that held starts the count anew', async () => {
  const server = await serveSockets((socket, number) => socket.close(number === 5 ? 1000 : 1013));
  const { things } = subscriber(server.url, { protocol: { limits: { attempts: 2, healthyAfterMs: 0 } } });
  expect((await allOf(things.subscribe())).error).toBeUndefined();
  expect(server.heads).toHaveLength(6);
});

const absent = (peer: string, protocol: string) => {
  const hooks = `
    import { registerHooks } from 'node:module';
    registerHooks({
      resolve: (specifier, context, next) => {
        const isAbsent = specifier === '${peer}' || specifier.startsWith('${peer}/');
        if (isAbsent) throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
        return next(specifier, context);
      },
    });`;
  const script = fileURLToPath(new URL('support/absent-peer.ts', import.meta.url));
  const imported = `data:text/javascript,${encodeURIComponent(hooks)}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', imported, script, protocol], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.trim();
};

test.each([
  ['ws', 'plain', "/realtime needs the package 'ws', which is not installed: npm install ws"],
  [
    'graphql-ws',
    'graphql-ws',
    "/realtime needs the package 'graphql-ws', which is not installed: npm install graphql-ws",
  ],
  [
    '@opentelemetry/api',
    'telemetry',
    "/telemetry needs the package '@opentelemetry/api', which is not installed: npm install @opentelemetry/api",
  ],
])('without the package %s there is one clear error', (peer, protocol, message) => {
  expect(absent(peer, protocol)).toBe(`invalid-settings: @mortise/runtime${message}`);
});
