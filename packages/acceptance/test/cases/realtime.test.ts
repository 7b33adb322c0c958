import type { Auth, AuthHeaders } from '@mortise/runtime';
import { connectorError, sealSecret, systemClock } from '@mortise/runtime';
import { startFaultProxy, virtualClock } from '@mortise/testing';
import { expect, onTestFinished, test } from 'vitest';
import { canary, endOf, openStock, take } from '../support/live-stock.ts';
import { sendJson, serveSockets, speakGraphql } from '../support/socket-server.ts';
import { levelsSince, startShop } from '../support/yoga-stock.ts';

const level = (id: string, onHand = 1) => ({ id, onHand });

/** Answers a subscription with a `next` message. */
const next = (id: string, record: object) => ({ id, type: 'next', payload: { data: { stockChanged: record } } });

/** Lets a condition come true over real sockets, however slow the machine. */
const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await new Promise<void>((resolve) => setTimeout(resolve, 5));
};

/** Moves a virtual clock on until a promise is settled. */
const advanceUntil = async <Value>(clock: ReturnType<typeof virtualClock>, promise: Promise<Value>) => {
  let isSettled = false;
  const watched = promise.finally(() => {
    isSettled = true;
  });
  watched.catch(() => undefined);
  while (!isSettled) {
    await clock.advance(1_000);
    await new Promise<void>((resolve) => setTimeout(resolve, 5));
  }
  return watched;
};

test('case 80: a server that never acknowledges ends the subscription with a typed timeout', async () => {
  const server = await serveSockets(() => undefined);
  const clock = virtualClock(Date.parse('2026-11-25T00:00:00Z'));
  const { graphql, events } = openStock(server.url, {
    clock,
    graphql: { limits: { attempts: 2, ackTimeoutMs: 7_000 } },
  });
  const ended = endOf(graphql.subscribe());
  await until(() => server.connections[0]?.messages.length === 1);
  const error = await advanceUntil(clock, ended);
  expect(error).toMatchObject({ code: 'timeout', attempts: 2, connector: 'acme', operation: 'graphqlStock.subscribe' });
  expect(error.message).toMatch(/did not acknowledge the connection within 7000 ms/);
  expect(server.connections.map(({ messages }) => messages[0])).toEqual([
    { type: 'connection_init' },
    { type: 'connection_init' },
  ]);
  expect(events.map(({ type }) => type)).toEqual(['subscription-lost', 'subscription-failed']);
  await until(() => server.connections.every(({ closed }) => closed !== undefined));
});

test('case 80: a server that accepts the socket and never answers the handshake is given up too', async () => {
  const server = await serveSockets(() => undefined);
  const proxy = await startFaultProxy({ target: server.url });
  onTestFinished(() => proxy.close());
  proxy.set({ kind: 'hang' });
  const clock = virtualClock(0);
  const { plain } = openStock(proxy.url, { clock, plain: { limits: { attempts: 1 } } });
  const ended = endOf(plain.subscribe());
  await until(() => proxy.counters().requestBytes > 0);
  expect(await advanceUntil(clock, ended)).toMatchObject({ code: 'timeout', attempts: 1 });
  await until(() => proxy.counters().open === 0);
  expect(server.connections).toEqual([]);
});

test('case 81: a peer that goes silent without a word is noticed by its missing pong, and the subscription goes on', async () => {
  const server = await serveSockets((socket, _seen, { number }) => sendJson(socket, level(String(number))));
  const proxy = await startFaultProxy({ target: server.url });
  onTestFinished(() => proxy.close());
  const clock = virtualClock(0);
  const { plain, events } = openStock(proxy.url, { clock });
  const changes = plain.subscribe()[Symbol.asyncIterator]();
  expect(await changes.next()).toMatchObject({ value: { record: level('0') } });
  proxy.set({ kind: 'hang' });
  const { requestBytes } = proxy.counters();
  const second = changes.next();
  const lost = (async () => until(() => events.some(({ type }) => type === 'subscription-lost')))();
  await advanceUntil(clock, lost);
  expect(proxy.counters().requestBytes).toBeGreaterThan(requestBytes); // the ping went out
  proxy.clear();
  expect(await advanceUntil(clock, second)).toMatchObject({ value: { record: level('1') } });
  expect(events.find(({ type }) => type === 'subscription-lost')).toMatchObject({ code: 'unreachable', attempt: 1 });
  await changes.return?.();
});

test('case 81: a quiet peer that answers pings keeps its connection', async () => {
  let pings = 0;
  const server = await serveSockets((socket) => {
    socket.on('ping', () => {
      pings += 1;
      if (pings === 5) sendJson(socket, level('late'));
    });
  });
  const clock = virtualClock(0);
  const { plain } = openStock(server.url, { clock });
  expect(await advanceUntil(clock, take(plain.subscribe(), 1))).toEqual([level('late')]);
  expect(server.connections).toHaveLength(1);
});

test.each([1001, 1006, 1011, 1012, 1013, 4408])(
  'case 82: after close code %i the subscription is opened again with back-off',
  async (code) => {
    const server = await serveSockets((socket, _seen, { number }) => {
      speakGraphql(socket, (id) => {
        if (number === 2) return sendJson(socket, next(id, level('after')));
        return code === 1006 ? socket.terminate() : socket.close(code, 'a reason that is never shown');
      });
    });
    const { graphql, events } = openStock(server.url);
    expect(await take(graphql.subscribe(), 1)).toEqual([level('after')]);
    expect(server.connections).toHaveLength(3);
    expect(events.filter(({ type }) => type === 'subscription-lost')).toMatchObject([
      { attempt: 1, vendorCode: String(code) },
      { attempt: 2, vendorCode: String(code) },
    ]);
    expect(JSON.stringify(events)).not.toContain('a reason');
  },
);

test('case 82: close code 4429 waits as a throttled call does before it comes back', async () => {
  const server = await serveSockets((socket, _seen, { number }) => {
    speakGraphql(socket, (id) => {
      if (number === 1) return sendJson(socket, next(id, level('after')));
      return socket.close(4429, 'Too many requests');
    });
  });
  const clock = virtualClock(0);
  const { graphql, events } = openStock(server.url, { clock });
  const taken = take(graphql.subscribe(), 1);
  await until(() => events.some(({ type }) => type === 'subscription-lost'));
  expect(events.at(-1)).toMatchObject({ code: 'rate-limited', vendorCode: '4429' });
  await clock.advance(4_999);
  expect(server.connections).toHaveLength(1);
  expect(await advanceUntil(clock, taken)).toEqual([level('after')]);
});

const renewable = () => {
  const renewals: AuthHeaders[] = [];
  const auth: Auth<unknown> = {
    secrets: [sealSecret(canary)],
    connect: () => ({
      headers: () => ({ authorization: `Bearer ${canary}-${renewals.length}` }),
      renew: async (refused) => void renewals.push(refused),
    }),
  };
  return { auth, renewals };
};

test.each([4401, 4403, 4004])('case 82: close code %i renews the credentials once and goes on', async (code) => {
  const server = await serveSockets((socket, seen) => {
    speakGraphql(socket, (id) => {
      const isNew = seen.headers.authorization === `Bearer ${canary}-1`;
      return isNew ? sendJson(socket, next(id, level('after'))) : socket.close(code);
    });
  });
  const { auth, renewals } = renewable();
  const { graphql, events } = openStock(server.url, { auth });
  expect(await take(graphql.subscribe(), 1)).toEqual([level('after')]);
  expect(renewals).toEqual([{ authorization: `Bearer ${canary}-0` }]);
  expect(events.map(({ type }) => type)).toContain('credentials-renewed');
});

test.each([4401, 4403, 4004])('case 82: close code %i after the renewal too ends as unauthenticated', async (code) => {
  const server = await serveSockets((socket) => socket.close(code));
  const { auth, renewals } = renewable();
  const { graphql, events } = openStock(server.url, { auth });
  expect(await endOf(graphql.subscribe())).toMatchObject({ code: 'unauthenticated', vendorCode: String(code) });
  expect(renewals).toHaveLength(1);
  expect(server.connections).toHaveLength(2);
  expect(JSON.stringify(events)).not.toContain(canary);
});

test.each([
  [4400, 'invalid-request'],
  [4500, 'unavailable'],
  [1008, 'forbidden'],
  [4999, 'invalid-request'],
])('case 82: close code %i stops at once with %s', async (closeCode, code) => {
  const server = await serveSockets((socket) => socket.close(closeCode));
  const { graphql } = openStock(server.url);
  expect(await endOf(graphql.subscribe())).toMatchObject({ code, vendorCode: String(closeCode), attempts: 1 });
  expect(server.connections).toHaveLength(1);
});

test('case 82: close code 1000 is the end, not a failure', async () => {
  const server = await serveSockets((socket) => {
    sendJson(socket, level('only'));
    socket.close(1000);
  });
  const { plain, events } = openStock(server.url);
  expect(await take(plain.subscribe(), 99)).toEqual([level('only')]);
  expect(server.connections).toHaveLength(1);
  expect(events.map(({ type }) => type)).toEqual(['subscription-opened']);
});

/** A shop, its WebSocket behind a bad line, and a subscription to its stock. */
const startLine = async () => {
  const shop = await startShop();
  const proxy = await startFaultProxy({ target: shop.url });
  onTestFinished(() => proxy.close());
  const list = (since: Date | undefined) => levelsSince(shop.url, since);
  const { graphql, events } = openStock(proxy.url, { list, graphql: { limits: { attempts: 1_000 } } });
  const changes = graphql.subscribe()[Symbol.asyncIterator]();
  const nextLevel = async () => {
    const { value } = await changes.next();
    if (value?.kind !== 'changed') throw new Error('no change came');
    const { id, onHand } = value.record;
    return `${id}=${onHand}`;
  };
  const stop = async () => void (await changes.return?.());
  return { shop, proxy, events, nextLevel, stop };
};

test('case 83: what changed while the line was cut is read from the checkpoint, before anything live', async () => {
  const { shop, proxy, events, nextLevel, stop } = await startLine();
  shop.change('a', 1);
  expect(await nextLevel()).toBe('a=1'); // read: it was there before
  shop.change('b', 1);
  expect(await nextLevel()).toBe('b=1'); // live
  const waiting = nextLevel();
  proxy.set({ kind: 'refuse' });
  proxy.set({ kind: 'reset' });
  await until(() => shop.sockets.clients.size === 0);
  shop.change('a', 2);
  shop.change('c', 1);
  proxy.clear();
  expect(await waiting).toBe('a=2');
  expect(await nextLevel()).toBe('c=1');
  shop.change('d', 1);
  expect(await nextLevel()).toBe('d=1');
  await stop();
  // From 10 s before the newest change that was seen (b at 08:01:00), not from the beginning.
  expect(shop.asked).toEqual([undefined, '2026-01-01T08:00:50.000Z']);
  expect(events.filter(({ type }) => type === 'subscription-opened')).toHaveLength(2);
  await until(() => shop.sockets.clients.size === 0);
});

test('case 83: a line that is cut again and again loses nothing and repeats nothing', { timeout: 60_000 }, async () => {
  const { shop, proxy, nextLevel, stop } = await startLine();
  const expected: string[] = [];
  const got: string[] = [];
  for (let round = 1; round <= 12; round += 1) {
    const waiting = nextLevel();
    if (round % 2 === 0) proxy.set({ kind: 'reset' });
    if (round % 2 === 0) await until(() => shop.sockets.clients.size === 0);
    for (const id of ['a', 'b', 'c']) {
      shop.change(id, round);
      expected.push(`${id}=${round}`);
    }
    proxy.clear();
    got.push(await waiting, await nextLevel(), await nextLevel());
  }
  await stop();
  expect(got).toEqual(expected);
});

test('case 83: a change that comes live while the gap is being read is yielded once, and never an older state last', async () => {
  const shop = await startShop();
  const list = async function* (since: Date | undefined) {
    for await (const level of levelsSince(shop.url, since)) yield level;
  };
  let read = 0;
  const { graphql } = openStock(shop.url, {
    list: async function* (since) {
      read += 1;
      shop.change('a', 2); // published to the open subscription, and found by the list that is read after it
      shop.change('a', 3);
      yield* list(since);
      shop.change('b', 1);
    },
  });
  shop.change('a', 1);
  const levels = await take(graphql.subscribe(), 2);
  expect(levels.map(({ id, onHand }) => `${id}=${onHand}`)).toEqual(['a=3', 'b=1']);
  expect(read).toBe(1);
});

test('case 83: the gap is read only after the vendor had time to set the subscription up', async () => {
  const shop = await startShop();
  const clock = virtualClock(0);
  const reads: number[] = [];
  const { graphql, events } = openStock(shop.url, {
    clock,
    list: async function* (since) {
      reads.push(clock.monotonic());
      yield* levelsSince(shop.url, since);
    },
    catchUp: { settleMs: 1_000 },
  });
  shop.change('a', 1);
  const taken = take(graphql.subscribe(), 1);
  await until(() => events.some(({ type }) => type === 'subscription-opened'));
  await clock.advance(999);
  expect(reads).toEqual([]);
  await clock.advance(1);
  expect(await taken).toHaveLength(1);
  expect(reads).toEqual([1_000]);
});

test('case 83: a list that fails is read again over a new connection, from where it began', async () => {
  const shop = await startShop();
  const asked: (Date | undefined)[] = [];
  const { graphql, events } = openStock(shop.url, {
    list: async function* (since) {
      asked.push(since);
      let count = 0;
      for await (const level of levelsSince(shop.url, since)) {
        if (asked.length === 1 && count === 1) throw connectorError('unavailable', 'the vendor answered 503');
        count += 1;
        yield level;
      }
    },
  });
  for (const id of ['a', 'b', 'c']) shop.change(id, 1);
  expect((await take(graphql.subscribe(), 3)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(asked).toEqual([undefined, undefined]);
  expect(events.find(({ type }) => type === 'subscription-lost')).toMatchObject({ code: 'unavailable' });
});

test('case 84: a message of 100 MB closes the connection after a few bytes of it', { timeout: 60_000 }, async () => {
  const limit = 64 * 1024;
  const chunk = Buffer.alloc(1024 * 1024, 0x20);
  let sent = 0;
  const server = await serveSockets((_socket, _seen, { raw }) => {
    const header = Buffer.alloc(10);
    header[0] = 0x81; // one whole text message
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(100 * chunk.length), 2);
    raw.write(header);
    const more = () => {
      while (sent < 100 && !raw.destroyed) {
        sent += 1;
        if (!raw.write(chunk)) return void raw.once('drain', more);
      }
    };
    more();
  });
  const proxy = await startFaultProxy({ target: server.url });
  onTestFinished(() => proxy.close());
  const { plain } = openStock(proxy.url, { plain: { limits: { maxMessageBytes: limit } } });
  expect(await endOf(plain.subscribe())).toMatchObject({ code: 'too-large' });
  await until(() => proxy.counters().open === 0);
  // What lies between the two: buffers of sockets and of the proxy, and none of it in our heap.
  expect(proxy.counters().responseBytes).toBeLessThan(20 * chunk.length);
  expect(server.connections).toHaveLength(1);
});

test('case 84: a 100 MB message in small fragments is refused at the limit as well', { timeout: 60_000 }, async () => {
  const limit = 64 * 1024;
  const server = await serveSockets((socket) => {
    const fragment = Buffer.alloc(16 * 1024, 0x20);
    let left = 6_400;
    const more = () => {
      if (left === 0 || socket.readyState !== socket.OPEN) return;
      left -= 1;
      socket.send(fragment, { fin: false, binary: false }, () => setImmediate(more));
    };
    more();
  });
  const proxy = await startFaultProxy({ target: server.url });
  onTestFinished(() => proxy.close());
  const { plain } = openStock(proxy.url, { plain: { limits: { maxMessageBytes: limit } } });
  expect(await endOf(plain.subscribe())).toMatchObject({ code: 'too-large' });
  await until(() => proxy.counters().open === 0);
  expect(proxy.counters().responseBytes).toBeLessThan(8 * 1024 * 1024);
});

test('case 84: a compressed message is refused: no compression was offered, so no bomb can be set off', async () => {
  const bomb = Buffer.from([0xc1, 0x05, 0xaa, 0x56, 0x4a, 0x05, 0x00]); // RSV1: deflated
  const server = await serveSockets((_socket, _seen, { raw }) => void raw.write(bomb));
  const { plain } = openStock(server.url);
  expect(await endOf(plain.subscribe())).toMatchObject({ code: 'unexpected-content' });
  expect(server.connections[0]?.headers['sec-websocket-extensions']).toBeUndefined();
});

test('case 84: a consumer that reads slowly holds the server back, and loses nothing', {
  timeout: 60_000,
}, async () => {
  const total = 4_000;
  const filler = 'x'.repeat(16 * 1024);
  let sent = 0;
  const server = await serveSockets((socket) => {
    const more = () => {
      if (sent === total) return socket.close(1000);
      sent += 1;
      socket.send(JSON.stringify({ ...level(String(sent)), filler }), more);
    };
    more();
  });
  const { plain } = openStock(server.url, { plain: { limits: { bufferBytes: 256 * 1024 } } });
  const ids: string[] = [];
  let ahead = 0;
  for await (const change of plain.subscribe()) {
    if (change.kind !== 'changed') continue;
    if (ids.length === 0) {
      // Long enough for a server that nobody holds back to send everything.
      let before = -1;
      while (before !== sent) {
        before = sent;
        await new Promise<void>((resolve) => systemClock.schedule(resolve, 200));
      }
      ahead = sent;
    }
    ids.push(change.record.id);
  }
  expect(ahead).toBeLessThan(total);
  expect(ids).toEqual(Array.from({ length: total }, (_, index) => String(index + 1)));
});
