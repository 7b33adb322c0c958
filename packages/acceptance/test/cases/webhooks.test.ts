import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sealSecret } from '@mortise/runtime';
import {
  drainInbox,
  isNewer,
  type RecordVersion,
  type TakenDelivery,
  webhookListener,
} from '@mortise/runtime/webhooks';
import { startFaultProxy, virtualClock } from '@mortise/testing';
import express, { type ErrorRequestHandler } from 'express';
import { expect, onTestFinished, test } from 'vitest';
import type { WebhookOrders } from '../support/webhook-process.ts';
import {
  eventOf,
  freshPlace,
  freshStore,
  listen,
  pause,
  rawConnection,
  recordWebhooks,
  secret,
  send,
  shopOptions,
  signedByLibrary,
  startReceiver,
} from '../support/webhooks.ts';

const created = eventOf('order.created', { id: 'order/1' });

/** What is kept in the state, seen from another connection to the file. */
const keptIn = (path: string): string[] => {
  const file = new DatabaseSync(path, { readOnly: true });
  try {
    return file
      .prepare('SELECT key FROM delivery ORDER BY id')
      .all()
      .map(({ key }) => String(key));
  } finally {
    file.close();
  }
};

/** Works off what waits and tells which deliveries there were. */
const drained = async (inbox: Parameters<typeof drainInbox>[0]['inbox']): Promise<TakenDelivery[]> => {
  const taken: TakenDelivery[] = [];
  const handle = async (delivery: TakenDelivery) => void taken.push(delivery);
  await drainInbox({ inbox, connection: 'shop', untilEmpty: true, handle });
  return taken;
};

test('case 85: a wrong, absent or short signature is 401, its body is not parsed, and every secret is tried', async () => {
  let parsed = 0;
  let tried = 0;
  const { signature, read } = recordWebhooks;
  const watched = {
    ...recordWebhooks,
    signature: {
      ...signature,
      matches: (...given: Parameters<typeof signature.matches>) => {
        tried += 1;
        return signature.matches(...given);
      },
    },
    read: (...given: Parameters<typeof read>) => {
      parsed += 1;
      return read(...given);
    },
  };
  const other = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
  const secrets = [sealSecret(secret), sealSecret(other)];
  const receiver = await startReceiver({ endpoint: () => ({ webhooks: watched, secrets }) });
  const valid = signedByLibrary('1', { body: created });
  const text = valid['webhook-signature'];
  const wrong = [
    { ...valid, 'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}` },
    { ...valid, 'webhook-signature': text.slice(0, -1) },
    { ...valid, 'webhook-signature': text.slice(0, 5) },
    { ...valid, 'webhook-signature': 'v1,' },
    { ...valid, 'webhook-signature': '' },
    { ...valid, 'webhook-id': '2' },
    {},
  ];
  for (const headers of wrong) {
    const response = await fetch(`${receiver.url}/webhooks/shop`, { method: 'POST', body: created, headers });
    expect([response.status, await response.text()]).toEqual([401, '']);
  }
  expect([parsed, keptIn(receiver.path)]).toEqual([0, []]);
  // Stopping at the secret that fits would tell by its time which one it was.
  tried = 0;
  expect(await send(receiver.url, { id: '1', body: created })).toBe(200);
  expect([tried, parsed]).toEqual([2, 1]);
});

test('case 86: a timestamp 301 seconds off is refused, one 299 seconds off is accepted', async () => {
  const now = Date.parse('2026-11-25T12:00:00Z');
  const receiver = await startReceiver({ clock: virtualClock(now) });
  const statuses = [];
  for (const seconds of [-301, -299, 0, 299, 301]) {
    statuses.push(await send(receiver.url, { id: `at ${seconds}`, body: created, at: now + seconds * 1_000 }));
  }
  expect(statuses).toEqual([401, 200, 200, 200, 401]);
  expect(keptIn(receiver.path)).toEqual(['at -299', 'at 0', 'at 299']);
});

test('case 87: a replay of the same id is 200 and has one effect', async () => {
  const { url, store, events } = await startReceiver();
  const statuses = await Promise.all(Array.from({ length: 5 }, () => send(url, { id: '1', body: created })));
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
  expect((await drained(store.inbox)).map(({ key }) => key)).toEqual(['1']);
  // Also when its work was done long before.
  expect(await send(url, { id: '1', body: created })).toBe(200);
  expect(await drained(store.inbox)).toEqual([]);
  expect(events.map(({ outcome }) => outcome).toSorted()).toEqual([...Array(5).fill('duplicate'), 'new']);
});

test('case 87: an answer that is lost on the line is asked for again, and there is one effect', async () => {
  const { url, store, events } = await startReceiver();
  const proxy = await startFaultProxy({ target: url });
  onTestFinished(() => proxy.close());
  proxy.set({ kind: 'drop-after-request' });
  await expect(send(proxy.url, { id: '1', body: created })).rejects.toThrow();
  proxy.clear();
  expect(await send(proxy.url, { id: '1', body: created })).toBe(200);
  expect(events.map(({ outcome }) => outcome)).toEqual(['new', 'duplicate']);
  expect((await drained(store.inbox)).map(({ key }) => key)).toEqual(['1']);
});

test('case 88: of two signatures one that is valid is enough, and of two secrets one', async () => {
  const next = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
  const { url } = await startReceiver({
    endpoint: () => ({ webhooks: recordWebhooks, secrets: [sealSecret(next), sealSecret(secret)] }),
  });
  const old = signedByLibrary('1', { body: created });
  const foreign = `v1,${Buffer.alloc(32, 3).toString('base64')}`;
  const post = async (signature: string) => {
    const headers = { ...old, 'webhook-signature': signature };
    return (await fetch(`${url}/webhooks/shop`, { method: 'POST', body: created, headers })).status;
  };
  expect(await post(`${foreign} ${old['webhook-signature']}`)).toBe(200);
  expect(await post(`${old['webhook-signature']} ${foreign}`)).toBe(200);
  expect(await post(`${foreign} ${foreign}`)).toBe(401);
});

/** Equal as JSON to what a body parser would print, and not equal in its bytes. */
const spaced = '{ "type":"order.created",\n  "data": {"id":"order\\/1", "total": 10.50, "id2": 12345678901234567890} }';

test('case 89: middleware that parses and prints bodies again changes nothing: the raw bytes are proved and kept', async () => {
  const { store } = await freshStore();
  const app = express();
  app.use('/webhooks', webhookListener(shopOptions(store.inbox).given));
  app.use(express.json());
  app.post('/other', (request, response) => void response.json(request.body));
  const { url } = await listen(app);
  expect(await send(url, { id: '1', body: spaced })).toBe(200);
  const [taken] = await drained(store.inbox);
  expect(Buffer.from(taken?.body ?? []).toString()).toBe(spaced);
  expect(JSON.stringify(JSON.parse(spaced))).not.toBe(spaced);
  const headers = { 'content-type': 'application/json' };
  expect(await (await fetch(`${url}/other`, { method: 'POST', body: '{"a": 1}', headers })).text()).toBe('{"a":1}');
});

test('case 89: a body parser before the webhook gives one clear error, and no 401', async () => {
  const { store } = await freshStore();
  const { given, events } = shopOptions(store.inbox);
  const errors: unknown[] = [];
  const onError: ErrorRequestHandler = (error, _request, response, _next) => {
    errors.push(error);
    response.status(500).end();
  };
  const app = express();
  app.use(express.json());
  app.use('/webhooks', webhookListener(given), onError);
  const { url } = await listen(app);
  const headers = { ...signedByLibrary('1', { body: spaced }), 'content-type': 'application/json' };
  const response = await fetch(`${url}/webhooks/shop`, { method: 'POST', body: spaced, headers });
  expect(response.status).toBe(500);
  expect(errors).toMatchObject([
    { code: 'invalid-definition', message: expect.stringContaining('mount the webhook route before express.json()') },
  ]);
  expect(events).toMatchObject([{ outcome: 'misplaced', status: 500, cause: errors[0] }]);
});

test('case 89: express.raw() before the webhook keeps the bytes, and they are taken', async () => {
  const { store } = await freshStore();
  const app = express();
  app.use(express.raw({ type: '*/*' }));
  app.use('/webhooks', webhookListener(shopOptions(store.inbox).given));
  const { url } = await listen(app);
  expect(await send(url, { id: '1', body: spaced })).toBe(200);
  expect(Buffer.from((await drained(store.inbox))[0]?.body ?? []).toString()).toBe(spaced);
});

interface ToyRecord extends RecordVersion {
  readonly value: string;
}

/** A vendor whose records can be fetched, and a store of ours that fetches the latest for each delivery. */
const startToyVendor = async () => {
  const vendor = new Map<string, ToyRecord>();
  const { url } = await listen((request, response) => {
    const record = vendor.get(decodeURIComponent(request.url?.slice(1) ?? ''));
    const isThere = record !== undefined && !record.isDeleted;
    response.writeHead(isThere ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isThere ? record : {}));
  });
  const ours = new Map<string, ToyRecord>();
  const writes: string[] = [];
  const keep = (id: string, arriving: ToyRecord): void => {
    if (!isNewer(arriving, ours.get(id))) return;
    ours.set(id, arriving);
    writes.push(arriving.isDeleted ? 'deleted' : arriving.value);
  };
  const fetchLatest = async ({ subject = '', occurredAt = 0 }: TakenDelivery): Promise<void> => {
    const answer = await fetch(`${url}/${encodeURIComponent(subject)}`);
    if (answer.status === 404) keep(subject, { version: occurredAt, isDeleted: true, value: '' });
    // The form of the vendor's own answer.
    else keep(subject, (await answer.json()) as ToyRecord);
  };
  /** Without asking the vendor: the delivery's own stamp and body are all that there is. */
  const compareVersions = async ({ subject = '', occurredAt = 0, topic, body }: TakenDelivery): Promise<void> => {
    // Written by the test.
    const { data } = JSON.parse(Buffer.from(body).toString()) as { data: { value: string } };
    keep(subject, { version: occurredAt, isDeleted: topic === 'order.deleted', value: data.value });
  };
  return { vendor, ours, writes, fetchLatest, compareVersions };
};

interface ToyEvent {
  readonly type: string;
  readonly at: number;
  readonly value?: string;
}

const update1 = { type: 'order.updated', at: 200, value: 'first' };
const update2 = { type: 'order.updated', at: 300, value: 'second' };
const create = { type: 'order.created', at: 100, value: 'new' };
const removal = { type: 'order.deleted', at: 400, value: '' };

/** Delivers events in this order and works them off, each before the next comes, or all at once at the end. */
const deliver = async (
  events: readonly ToyEvent[],
  { handle, pace }: { handle: (delivery: TakenDelivery) => Promise<void>; pace: 'each' | 'end' },
): Promise<void> => {
  const { url, store } = await startReceiver();
  const drain = () => drainInbox({ inbox: store.inbox, connection: 'shop', untilEmpty: true, handle });
  for (const [index, { type, at, value }] of events.entries()) {
    const body = eventOf(type, { id: 'order/1', at, value });
    expect(await send(url, { id: String(index), body })).toBe(200);
    if (pace === 'each') await drain();
  }
  await drain();
};

const paces = ['each', 'end'] as const;

test.each(paces)(
  'case 90: an update before its create, and an old one after a newer one: the newest wins (%s)',
  async (pace) => {
    const orders = [
      [update2, create, update1],
      [create, update2, update1],
      [update1, update2, create],
    ];
    for (const events of orders) {
      const toy = await startToyVendor();
      toy.vendor.set('order/1', { version: 300, isDeleted: false, value: 'second' });
      await deliver(events, { handle: toy.fetchLatest, pace });
      expect([toy.ours.get('order/1')?.value, toy.writes]).toEqual(['second', ['second']]);
      const blind = await startToyVendor();
      await deliver(events, { handle: blind.compareVersions, pace });
      expect(blind.ours.get('order/1')).toEqual({ version: 300, isDeleted: false, value: 'second' });
      expect(blind.writes.at(-1)).toBe('second');
    }
  },
);

test.each(paces)('case 91: a deletion, then a late update: the tombstone holds (%s)', async (pace) => {
  const toy = await startToyVendor();
  toy.vendor.set('order/1', { version: 400, isDeleted: true, value: '' });
  await deliver([create, removal, update2, update1], { handle: toy.fetchLatest, pace });
  expect([toy.ours.get('order/1')?.isDeleted, new Set(toy.writes)]).toEqual([true, new Set(['deleted'])]);
  const blind = await startToyVendor();
  await deliver([create, removal, update2, update1], { handle: blind.compareVersions, pace });
  expect(blind.ours.get('order/1')).toMatchObject({ version: 400, isDeleted: true });
  expect(blind.writes).toEqual(['new', 'deleted']);
});

test('case 91: an update that the vendor stamped with the time of the deletion does not bring the record back', async () => {
  const toy = await startToyVendor();
  await deliver([create, removal, { ...update2, at: 400 }], { handle: toy.compareVersions, pace: 'each' });
  expect(toy.ours.get('order/1')?.isDeleted).toBe(true);
});

/** Sends a webhook over one of few connections; the status of its answer. */
const sendOver = (agent: Agent, { url, id, body }: { url: string; id: string; body: string }): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { ...signedByLibrary(id, { body }), 'content-length': Buffer.byteLength(body) };
    const outgoing = httpRequest(`${url}/webhooks/shop`, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    outgoing.on('error', reject).end(body);
  });

test('case 92: of 10,000 events each is acknowledged only when it is kept, and the queue stays bounded', async () => {
  const count = 10_000;
  const bound = 500;
  const { url, store, path, events } = await startReceiver({ limits: { deliveries: bound } });
  const agent = new Agent({ keepAlive: true, maxSockets: 40 });
  onTestFinished(() => agent.destroy());
  const stop = new AbortController();
  const effects = new Map<string, number>();
  const draining = drainInbox({
    ...{ inbox: store.inbox, connection: 'shop', signal: stop.signal, pollMs: 1, concurrency: 2 },
    handle: async ({ key }) => void effects.set(key, (effects.get(key) ?? 0) + 1),
  });
  const file = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => file.close());
  const known = file.prepare('SELECT count(*) AS count FROM delivery WHERE key = ?');
  const waiting = file.prepare('SELECT count(*) AS count FROM delivery WHERE done_at IS NULL');
  let next = 0;
  let highest = 0;
  const acknowledged: string[] = [];
  const lost: string[] = [];
  const sender = async (): Promise<void> => {
    while (next < count) {
      const id = String(next++);
      const body = eventOf('order.updated', { id: `order/${Number(id) % 700}` });
      // A vendor comes back after a 503.
      while ((await sendOver(agent, { url, id, body })) !== 200) await pause();
      if (known.get(id)?.count !== 1) lost.push(id);
      acknowledged.push(id);
      if (acknowledged.length % 20 === 0) highest = Math.max(highest, Number(waiting.get()?.count));
    }
  };
  await Promise.all(Array.from({ length: 40 }, sender));
  while ((await store.inbox.size('shop')).deliveries > 0) await pause();
  stop.abort();
  expect(await draining).toBe(count);
  expect([acknowledged.length, lost]).toEqual([count, []]);
  expect(effects.size).toBe(count);
  expect([...effects.values()].every((times) => times === 1)).toBe(true);
  expect(highest).toBeGreaterThan(0);
  expect(highest).toBeLessThanOrEqual(bound);
  expect(events.filter(({ outcome }) => outcome === 'new')).toHaveLength(count);
}, 120_000);

/** Starts a process of webhooks; ended with the test. */
const startProcess = (orders: WebhookOrders): ChildProcess => {
  const program = join(import.meta.dirname, '../support/webhook-process.ts');
  const child = fork(program, [JSON.stringify(orders)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
};

const saidBy = async (child: ChildProcess): Promise<{ url?: string; done?: number }> => {
  const [message]: { url?: string; done?: number }[] = await once(child, 'message');
  return message ?? {};
};

/** A state shared by processes, and a server that counts the effects. */
const startCrashScene = async () => {
  const { path, key } = freshPlace();
  const effects: string[] = [];
  const { url } = await listen((request, response) => {
    effects.push(request.url ?? '');
    response.writeHead(204).end();
  });
  return { effects, orders: { path, key: key.toString('base64'), effects: url } };
};

test('case 93: a process killed between enqueue and answer: the vendor sends again, and there is one effect', async () => {
  const { effects, orders } = await startCrashScene();
  const dying = startProcess({ ...orders, work: 'receive', dies: 'before-answer' });
  const { url: first = '' } = await saidBy(dying);
  const [, exit] = await Promise.all([
    expect(send(first, { id: '1', body: created })).rejects.toThrow(),
    once(dying, 'exit'),
  ]);
  expect(exit).toEqual([null, 'SIGKILL']);
  expect(keptIn(orders.path)).toEqual(['1']);
  const { url: second = '' } = await saidBy(startProcess({ ...orders, work: 'receive' }));
  expect(await send(second, { id: '1', body: created })).toBe(200);
  expect((await saidBy(startProcess({ ...orders, work: 'drain' }))).done).toBe(1);
  expect(effects).toEqual(['/1?tries=1']);
});

test('case 93: a worker killed between effect and done: the delivery is handed out again after its lease', async () => {
  const { effects, orders } = await startCrashScene();
  const { url = '' } = await saidBy(startProcess({ ...orders, work: 'receive' }));
  expect(await send(url, { id: '1', body: created })).toBe(200);
  const dying = startProcess({ ...orders, work: 'drain', dies: 'before-done' });
  expect(await once(dying, 'exit')).toEqual([null, 'SIGKILL']);
  for (;;) {
    const { done } = await saidBy(startProcess({ ...orders, work: 'drain' }));
    if (done === 1) break;
    await pause(); // its lease is not over
  }
  // The same write of the same record twice: one effect, as every handler must see to.
  expect(effects).toEqual(['/1?tries=1', '/1?tries=2']);
  expect((await saidBy(startProcess({ ...orders, work: 'drain' }))).done).toBe(0);
});

const megabyte = 1024 * 1024;

/** The head of a signed request whose body says to be so long, or is chunked. */
const headOf = (length?: number): string => {
  const facts = Object.entries(signedByLibrary('1', { body: created })).map(([name, value]) => `${name}: ${value}\r\n`);
  const framing = length === undefined ? 'transfer-encoding: chunked' : `content-length: ${length}`;
  return `POST /webhooks/shop HTTP/1.1\r\nhost: a\r\n${facts.join('')}${framing}\r\n\r\n`;
};

test('case 94: a body of 50 MB is 413, and no more than its first megabyte is taken', async () => {
  const receiver = await startReceiver();
  const declared = await rawConnection(receiver.port);
  declared.socket.write(headOf(50 * megabyte));
  expect(await declared.answered()).toMatch(/^HTTP\/1\.1 413 /);
  const chunked = await rawConnection(receiver.port);
  chunked.socket.write(headOf());
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 32), Buffer.from('\r\n')]);
  for (let sent = 0; sent < 50 * megabyte && !chunked.socket.destroyed; sent += 65_536) {
    if (!chunked.socket.write(chunk)) await Promise.race([once(chunked.socket, 'drain'), chunked.closed]);
    if (sent > 2 * megabyte) break; // the server reads no more: the line is full
  }
  expect(await chunked.answered()).toMatch(/^HTTP\/1\.1 413 /);
  const read = [...receiver.sockets].reduce((most, { bytesRead }) => Math.max(most, bytesRead), 0);
  expect(read).toBeLessThan(2 * megabyte);
  await chunked.closed;
  expect(keptIn(receiver.path)).toEqual([]);
});

test('case 94: a body that comes one byte at a time is 408, its socket is closed, and nothing waits for it', async () => {
  const clock = virtualClock(Date.now());
  const receiver = await startReceiver({ clock });
  const { socket, answered, closed } = await rawConnection(receiver.port);
  const head = headOf(created.length);
  socket.write(head);
  const arrived = async (bytes: number): Promise<void> => {
    while ([...receiver.sockets].every(({ bytesRead }) => bytesRead < bytes)) await pause();
  };
  await arrived(head.length);
  for (let second = 0; second < 9; second += 1) {
    socket.write(created[second] ?? '');
    await arrived(head.length + second + 1);
    await clock.advance(1_000);
  }
  expect(receiver.events).toEqual([]);
  await clock.advance(1_000);
  expect(await answered()).toMatch(/^HTTP\/1\.1 408 /);
  await clock.advance(500); // the time to read the answer
  await closed;
  expect(receiver.events).toMatchObject([{ outcome: 'too-slow', status: 408 }]);
  expect(keptIn(receiver.path)).toEqual([]);
});
