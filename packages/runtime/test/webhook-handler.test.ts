import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { connectorError, sealSecret } from '../src/index.ts';
import {
  type HeaderReader,
  shopifyWebhooks,
  standardWebhooks,
  stripeWebhooks,
  type WebhookOptions,
  webhookHandler,
  webhookListener,
} from '../src/protocols/webhooks/index.ts';
import {
  eventBody,
  now,
  rawConnection,
  receiverOptions,
  secret,
  serveWebhooks,
  signedHeaders,
} from './support/webhooks.ts';

const started = async (options: Partial<WebhookOptions> = {}) => {
  const receiver = receiverOptions(options);
  return { ...receiver, ...(await serveWebhooks(webhookListener(receiver.given))) };
};

const post = (url: string, body: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers });

const outcome = async (response: Response) => [response.status, await response.text()];

test('a signed webhook is kept byte for byte, and then answered 200 without a body', async () => {
  const { url, kept, events } = await started();
  const body = eventBody('evt_1');
  const response = await post(`${url}/webhooks/shop`, body, signedHeaders(body));
  expect(await outcome(response)).toEqual([200, '']);
  expect(kept).toEqual([
    {
      ...{ connection: 'shop', key: 'evt_1', topic: 'order.created', receivedAt: now },
      ...{ subject: undefined, occurredAt: undefined, body: Buffer.from(body) },
    },
  ]);
  expect(events).toEqual([
    {
      ...{ type: 'webhook-answered', at: now, connection: 'shop', outcome: 'new', status: 200 },
      ...{ deliveries: 1, durationMs: 0, cause: undefined },
    },
  ]);
});

test('the answer waits for the inbox', async () => {
  let keep = (): void => {};
  const { url } = await started({
    inbox: {
      accept: () =>
        new Promise((resolve) => {
          keep = () => resolve('new');
        }),
    },
  });
  const body = eventBody('evt_1');
  let isAnswered = false;
  const response = post(`${url}/webhooks/shop`, body, signedHeaders(body)).then((answer) => {
    isAnswered = true;
    return answer;
  });
  await new Promise<void>((resolve) => setTimeout(resolve, 50));
  expect(isAnswered).toBe(false);
  keep();
  expect((await response).status).toBe(200);
});

test('a full inbox, and one that fails, answer 503 and when to come back', async () => {
  const body = eventBody('evt_1');
  const full = await started({ inbox: { accept: async () => 'full' }, retryAfterSeconds: 30 });
  const response = await post(`${full.url}/webhooks/shop`, body, signedHeaders(body));
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30']);
  const busy = connectorError('state-busy', 'held by another process');
  const failing = await started({ inbox: { accept: () => Promise.reject(busy) } });
  const refused = await post(`${failing.url}/webhooks/shop`, body, signedHeaders(body));
  expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([503, '60', '']);
  expect(failing.events).toMatchObject([{ outcome: 'failed', connection: 'shop', cause: busy }]);
});

test('each connection has its own secret, found by the last part of the path; an unknown one is 404', async () => {
  const { url, kept } = await started();
  const body = eventBody('evt_1');
  const statusOf = async (path: string, key: string) =>
    (await post(`${url}${path}`, body, signedHeaders(body, { key }))).status;
  expect(await statusOf('/webhooks/other', 'other secret')).toBe(200);
  expect(await statusOf('/webhooks/other?x=/shop', 'other secret')).toBe(200);
  expect(await statusOf('/webhooks/oth%65r', 'other secret')).toBe(200);
  expect(await statusOf('/webhooks/shop', 'other secret')).toBe(401);
  expect(await statusOf('/webhooks/nobody', secret)).toBe(404);
  expect(await statusOf('/webhooks/', secret)).toBe(404);
  expect(await statusOf('/webhooks/%zz', secret)).toBe(404);
  expect(await statusOf('/webhooks/__proto__', secret)).toBe(404);
  expect(kept.map(({ connection }) => connection)).toEqual(['other']);
});

test('a look-up of the connection that fails asks the vendor to come back', async () => {
  const { url, events } = await started({ endpoint: () => Promise.reject(new Error('no database')) });
  const response = await post(`${url}/webhooks/shop`, '{}', signedHeaders('{}'));
  expect([response.status, await response.text()]).toEqual([503, '']);
  expect(events).toMatchObject([{ outcome: 'failed', status: 503 }]);
});

test('a secret that cannot be one is our fault and not the vendor’s: 503, and the event says why', async () => {
  const { url, events } = await started({
    endpoint: () => ({ webhooks: standardWebhooks, secrets: [sealSecret('whsec_no base64')] }),
  });
  const headers = {
    ...{ 'webhook-id': 'msg_1', 'webhook-timestamp': String(now / 1_000) },
    'webhook-signature': 'v1,AAAA',
  };
  expect((await post(`${url}/webhooks/shop`, '{}', headers)).status).toBe(503);
  expect(events).toMatchObject([{ cause: { code: 'invalid-settings' } }]);
});

test('only POST is taken', async () => {
  const { url } = await started();
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const response = await fetch(`${url}/webhooks/shop`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  }
});

test('a signed body that cannot be read is 400, and one without a key is never kept', async () => {
  const { url, kept } = await started();
  for (const body of ['not json', '{"id":""}', '{}', '[]', '']) {
    const response = await post(`${url}/webhooks/shop`, body, signedHeaders(body));
    expect(await outcome(response), body).toEqual([400, '']);
  }
  expect(kept).toEqual([]);
});

test('no event shows a part of a body that could not be read', async () => {
  const { url, events } = await started();
  const body = 'canary-4711 is no JSON';
  await post(`${url}/webhooks/shop`, body, signedHeaders(body));
  expect(events).toMatchObject([{ outcome: 'unreadable', cause: { code: 'unexpected-content' } }]);
  expect(inspect(events, { depth: 9, showHidden: true })).not.toContain('canary');
});

test('a signed ping that holds no delivery is 200', async () => {
  const { url, events } = await started({
    endpoint: () => ({ webhooks: { ...stripeWebhooks, read: () => [] }, secrets: [sealSecret(secret)] }),
  });
  const response = await post(`${url}/webhooks/shop`, 'webhook_id=1', signedHeaders('webhook_id=1'));
  expect(response.status).toBe(200);
  expect(events).toMatchObject([{ outcome: 'empty' }]);
});

test('a refused signature says 401 and nothing else, whatever was wrong with it', async () => {
  const { url, kept, events } = await started();
  const body = eventBody('evt_1');
  const answers = await Promise.all(
    [
      {},
      { 'stripe-signature': '' },
      { 'stripe-signature': 't=1,v1=00' },
      signedHeaders(body, { key: 'wrong' }),
      signedHeaders(`${body} `),
      signedHeaders(body, { at: now - 301_000 }),
    ].map(async (headers) => {
      const response = await post(`${url}/webhooks/shop`, body, headers);
      return [response.status, await response.text(), [...response.headers.keys()].filter((name) => name !== 'date')];
    }),
  );
  for (const answer of answers) expect(answer.slice(0, 2)).toEqual([401, '']);
  expect(kept).toEqual([]);
  expect(new Set(events.map((event) => event.outcome))).toEqual(new Set(['unauthenticated']));
  expect(inspect(events, { depth: 9, showHidden: true })).not.toMatch(/canary|evt_1|v1=/);
});

test('a claim that cannot hold is refused before the body is read', async () => {
  const { port } = await started();
  const { socket, answered } = await rawConnection(port);
  socket.write('POST /webhooks/shop HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n');
  expect(await answered()).toMatch(/^HTTP\/1\.1 401 /);
});

test('the sender sees the answer to a body that is not through, and the socket is then closed', async () => {
  const { port, clock, sockets } = await started();
  const { socket, answered, closed } = await rawConnection(port);
  socket.write('POST /webhooks/shop HTTP/1.1\r\nhost: a\r\ncontent-length: 9000000\r\n\r\n');
  expect(await answered()).toMatch(/connection: close/i);
  socket.write(Buffer.alloc(1_000_000));
  clock.fire(); // the time to linger is over
  await closed;
  while (sockets.size > 0) await new Promise<void>((resolve) => setTimeout(resolve, 5));
});

test('a body longer or shorter than its declared length is refused', async () => {
  const handle = webhookHandler(receiverOptions().given);
  const body = eventBody('evt_1');
  const declare = (length: string) =>
    handle(
      new Request('https://a.example/webhooks/shop', {
        ...{ method: 'POST', body },
        headers: { ...signedHeaders(body), 'content-length': length },
      }),
    );
  expect((await declare(String(body.length))).status).toBe(200);
  expect((await declare(String(body.length + 1))).status).toBe(400);
  expect((await declare(String(body.length - 1))).status).toBe(400);
  expect((await declare('12e3')).status).toBe(400);
});

test('bodies held at once are bounded: beyond that it is 503, and room comes back', async () => {
  let keep = (): void => {};
  let arrive = (): void => {};
  const kept = new Promise<'new'>((resolve) => {
    keep = () => resolve('new');
  });
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const accept = () => {
    arrive();
    return kept;
  };
  const { url, events } = await started({ maxHeldBytes: 1_500, inbox: { accept } });
  const body = `{"id":"evt_1","filler":"${'x'.repeat(900)}"}`;
  const statusOf = async () => (await post(`${url}/webhooks/shop`, body, signedHeaders(body))).status;
  const first = statusOf();
  await arrived;
  expect(await statusOf()).toBe(503);
  keep();
  expect([await first, await statusOf()]).toEqual([200, 200]);
  expect(events.map(({ outcome: ending }) => ending)).toEqual(['crowded', 'new', 'new']);
});

test('a sender that goes away in the middle leaves nothing behind', async () => {
  const { port, events, kept } = await started();
  const { socket } = await rawConnection(port);
  const body = eventBody('evt_1');
  const signature = signedHeaders(body)['stripe-signature'];
  socket.write(`POST /webhooks/shop HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n`);
  socket.write(`stripe-signature: ${signature}\r\n\r\n${body.slice(0, 5)}`);
  await new Promise<void>((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  while (events.length === 0) await new Promise<void>((resolve) => setTimeout(resolve, 5));
  expect([kept, events[0]?.outcome]).toEqual([[], 'unreadable']);
});

test('an observer that throws costs the vendor nothing', async () => {
  const { url } = await started({
    events: () => {
      throw new Error('observer');
    },
  });
  const body = eventBody('evt_1');
  expect((await post(`${url}/webhooks/shop`, body, signedHeaders(body))).status).toBe(200);
});

test('the web-standard handler answers as the node listener does', async () => {
  const { given, kept } = receiverOptions();
  const handle = webhookHandler(given);
  const body = eventBody('evt_1');
  const request = (path: string, init: RequestInit) => handle(new Request(`https://a.example${path}`, init));
  const signed = { method: 'POST', body, headers: signedHeaders(body) };
  expect((await request('/webhooks/shop?from=x#y', signed)).status).toBe(200);
  expect((await request('/webhooks/shop', signed)).status).toBe(200);
  expect((await request('/webhooks/shop', { ...signed, body: `${body} ` })).status).toBe(401);
  expect((await request('/webhooks/shop', { method: 'POST' })).status).toBe(401);
  expect((await request('/webhooks/nobody', signed)).status).toBe(404);
  expect((await request('/webhooks/shop', { method: 'GET' })).status).toBe(405);
  const large = 'x'.repeat(1024 * 1024 + 1);
  expect((await request('/webhooks/shop', { ...signed, body: large, headers: signedHeaders(large) })).status).toBe(413);
  expect(kept).toHaveLength(1);
});

const urlSeen = async (options: Partial<WebhookOptions>, path: string): Promise<string | undefined> => {
  let seen: string | undefined;
  const webhooks = {
    signature: { ...shopifyWebhooks.signature, claim: (_: HeaderReader) => ({ signatures: ['x'] }) },
    read: shopifyWebhooks.read,
  };
  const matches = (request: { readonly url: string }) => {
    seen = request.url;
    return false;
  };
  const endpoint = {
    webhooks: { ...webhooks, signature: { ...webhooks.signature, matches } },
    secrets: [sealSecret('s')],
  };
  const { url } = await started({ endpoint: () => endpoint, ...options });
  await post(`${url}${path}`, '{}', {});
  return seen?.replace(url, 'SERVER');
};

test('a vendor that signs the URL is checked against the public one, as it was called', async () => {
  const path = '/webhooks/shop?a=%3A&b=%7e';
  expect(await urlSeen({}, path)).toBe(`SERVER${path}`);
  expect(await urlSeen({ publicUrl: 'https://hooks.example.com/' }, path)).toBe(`https://hooks.example.com${path}`);
  expect(await urlSeen({ publicUrl: 'https://example.com/api' }, path)).toBe(`https://example.com/api${path}`);
});
