import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type Clock, isConnectorError, type RuntimeEvent } from '@mortise/runtime';
import { virtualClock } from '@mortise/testing';
import { expect, test } from 'vitest';
import { openCalls, token } from '../support/call-vendor.ts';
import { certificates } from '../support/certificates.ts';
import { type Reply, serveReplies } from '../support/json-server.ts';
import { startMs } from '../support/jumping-clock.ts';
import { refusal, thrownBy } from '../support/refusal.ts';
import { serveSecurely, serveTunnels } from '../support/secure-server.ts';

/** A server that refuses the first request in some way and then answers. */
const refusingOnce = (reply: Reply) => serveReplies((_request, number) => (number === 0 ? reply : { body: {} }));

const inSevenSeconds = new Date(startMs + 7_000).toUTCString();
const past = new Date(startMs - 60_000).toUTCString();
/** Wait when a vendor does not say, or not in a form that can be read. */
const unstated = 5_000;

test.each([
  ['seconds', '7', 7_000],
  ['an HTTP date', inSevenSeconds, 7_000],
  ['decimals', '1.5', 1_500],
  ['two values, of which the longer counts', '2, 9', 9_000],
  ['a date that is past', past, unstated],
  ['a negative number', '-5', unstated],
  ['a word', 'abc', unstated],
  ['nothing', '', unstated],
  ['zero', '0', 0],
])('case 12: 429 with Retry-After of %s is waited for and never hammered', async (_, value, waitMs) => {
  // A date counts from the vendor's own clock, which here shows the same time as ours.
  const headers = { 'retry-after': value, date: new Date(startMs).toUTCString() };
  const server = await refusingOnce({ status: 429, body: {}, headers });
  const { get, clock } = openCalls(server.origin);
  await get();
  expect(server.requests).toHaveLength(2);
  // A tenth of the first back-off (200 ms, of which random says half) comes on top, so that callers do not come together.
  expect(clock.waits).toEqual([Math.max(100, waitMs + 10)]);
});

test('case 14: a RateLimit field that cannot be read is left alone, and the request is answered', async () => {
  for (const value of ['', '"', '"d";r=;t=x', 'r=0', ';;;=,,,', '"d";r=0;t=-1', 'limit=100', '\t"a\\"b";r=0']) {
    const server = await serveReplies(() => ({ body: { ok: true }, headers: { ratelimit: value } }));
    const { get, clock } = openCalls(server.origin);
    for (let call = 0; call < 3; call += 1) expect((await get()).body, value).toEqual({ ok: true });
    expect(clock.waits, value).toEqual([]);
  }
});

test('case 15: where Retry-After and RateLimit disagree, Retry-After wins', async () => {
  for (const [after, field, waitMs] of [
    ['3', '"d";r=0;t=48', 3_000],
    ['48', '"d";r=0;t=3', 48_000],
  ] as const) {
    const server = await refusingOnce({ status: 429, body: {}, headers: { 'retry-after': after, ratelimit: field } });
    const { get, clock } = openCalls(server.origin);
    await get();
    expect(clock.waits[0]).toBe(waitMs + 10);
  }
});

/** A fetch that answers at once, because on a virtual clock no time may go by outside of it. */
const storming = (clock: Clock, isDown: () => boolean) => {
  const log: { readonly at: number; readonly status: number }[] = [];
  const fetch: typeof globalThis.fetch = async () => {
    const status = isDown() ? 503 : 200;
    log.push({ at: clock.monotonic(), status });
    return Response.json({}, { status });
  };
  return { fetch, log };
};

const minutes = (count: number): number => count * 60_000;

/** Fifty workers that call a vendor over and over, resting a second after each call, until the clock says so. */
const work = (get: () => Promise<unknown>, { clock, untilMs }: { clock: Clock; untilMs: number }) => {
  const outcomes: string[] = [];
  const rest = () => new Promise<void>((resolve) => void clock.schedule(resolve, 1_000));
  const worker = async (): Promise<void> => {
    while (clock.monotonic() < untilMs) {
      const outcome = await get().then(
        () => 'ok',
        (error: unknown) => (isConnectorError(error) ? error.code : 'defect'),
      );
      outcomes.push(outcome);
      await rest();
    }
  };
  return { outcomes, done: Promise.all(Array.from({ length: 50 }, worker)) };
};

test('case 16: a storm of 503 costs at most 50 repeats, opens the breaker, and lets single probes through', async () => {
  const clock = virtualClock(startMs);
  const events: RuntimeEvent[] = [];
  const vendor = storming(clock, () => clock.monotonic() < minutes(1));
  const { get } = openCalls('https://vendor.example', {
    ...{ clock, fetch: vendor.fetch, events: (event) => void events.push(event) },
  });
  const workers = work(get, { clock, untilMs: minutes(2) });
  await clock.advance(minutes(3));
  await workers.done;

  const failed = vendor.log.filter(({ status }) => status === 503);
  const repeats = events.filter((event) => event.type === 'attempt-failed');
  expect(repeats.length).toBeLessThanOrEqual(50);
  // Without the breaker, 50 workers would have sent 3,000 requests in that minute.
  expect(failed.length).toBeLessThanOrEqual(50 + 50 + 3);

  const changes = events.filter((event) => event.type === 'breaker-changed');
  expect(changes[0]).toMatchObject({ state: 'open', until: changes[0] && changes[0].at + 30_000 });
  expect(changes.at(-1)).toMatchObject({ state: 'closed' });
  const closedAt = (changes.at(-1)?.at ?? 0) - startMs;
  const openedAt = (changes[0]?.at ?? 0) - startMs;
  const whileOpen = vendor.log.filter(({ at }) => at > openedAt && at < closedAt);
  const probes = changes.filter(({ state }) => state === 'half-open');
  // What was sent before it opened may still be answered; after that there are probes and nothing else.
  expect(whileOpen.filter(({ at }) => at > openedAt + 1_000).length).toBeLessThanOrEqual(probes.length);
  expect(new Set(workers.outcomes)).toEqual(new Set(['unavailable', 'ok']));
  expect(workers.outcomes.slice(-50)).toEqual(Array(50).fill('ok'));
});

test('case 16: an open breaker says when to come back, and sends nothing', async () => {
  const server = await serveReplies(() => ({ status: 503, body: {} }));
  const { get } = openCalls(server.origin, { limits: { attempts: 1 } });
  for (let call = 0; call < 20; call += 1) await refusal(get());
  const error = await refusal(get());
  expect(error).toMatchObject({ code: 'unavailable', attempts: 0 });
  expect(error.resumeAt).toBeGreaterThan(startMs);
  expect(server.requests).toHaveLength(20);
});

test('case 16: refusals and throttling do not open it', async () => {
  const replies = [400, 404, 409, 429, 423];
  const server = await serveReplies((_request, number) => ({ status: replies[number % 5] ?? 400, body: {} }));
  const { get, events } = openCalls(server.origin, { limits: { attempts: 1 } });
  for (let call = 0; call < 60; call += 1) await refusal(get());
  expect(events.filter(({ type }) => type === 'breaker-changed')).toEqual([]);
});

test('case 25: 204 is an answer, and an empty 200 where data was due is a failure with its own name', async () => {
  const empty = await serveReplies(() => ({ text: '' }));
  expect(await refusal(openCalls(empty.origin).get())).toMatchObject({
    code: 'empty-answer',
    status: 200,
    attempts: 4,
  });
  const none = await serveReplies(() => (response) => void response.writeHead(204).end());
  expect(await openCalls(none.origin).get()).toMatchObject({ status: 204, body: undefined });
});

test('case 26: a redirect to another host is not followed, and the error names both', async () => {
  const other = await serveReplies(() => ({ body: {} }));
  for (const status of [302, 307]) {
    const server = await serveReplies(() => ({ status, headers: { location: `${other.origin}/stolen` } }));
    const error = await refusal(openCalls(server.origin).get());
    expect(error).toMatchObject({ code: 'unsafe-url', attempts: 1 });
    expect(error.message).toContain(server.host);
    expect(error.message).toContain(other.host);
  }
  expect(other.requests).toHaveLength(0);
});

test('case 26: one to a listed host is followed without any credential, in whatever header it was', async () => {
  const files = await serveSecurely(certificates.server, (response) => response.end('{"file":true}'));
  const home = await serveSecurely(certificates.server, (response) => {
    response.writeHead(302, { location: 'https://files.example.com/export?signed=1' }).end();
  });
  const tunnels = await serveTunnels({ 'localhost:443': home.port, 'files.example.com:443': files.port });
  const { get } = openCalls('https://localhost', {
    network: { proxy: tunnels.url, ca: certificates.ca },
    rest: { hosts: ['files.example.com'], headers: { 'x-shop-access-token': token } },
  });
  expect((await get()).body).toEqual({ file: true });
  expect(home.requests).toMatchObject([
    { headers: { authorization: `Bearer ${token}`, 'x-shop-access-token': token } },
  ]);
  expect(files.requests).toMatchObject([{ url: '/export?signed=1', headers: { accept: 'application/json' } }]);
  expect(JSON.stringify(files.requests)).not.toContain(token);
});

test('case 27: a circle of redirects, and one that leaves https, end with an error', async () => {
  const circle = await serveReplies(() => ({ status: 302, headers: { location: '/again' } }));
  expect(await refusal(openCalls(circle.origin).get())).toMatchObject({ code: 'unexpected-content', attempts: 1 });
  expect(circle.requests).toHaveLength(6);
  const lower = await serveReplies(() => ({ body: {} }));
  const secure = await serveSecurely(certificates.server, (response) => {
    response.writeHead(302, { location: lower.origin }).end();
  });
  const options = { network: { ca: certificates.ca }, rest: { hosts: [lower.host] } };
  expect(await refusal(openCalls(secure.origin, options).get())).toMatchObject({ code: 'unsafe-url', attempts: 1 });
  expect(lower.requests).toHaveLength(0);
});

/** Hashes do not compress: with them a body is larger than what is inflated in one go. */
const noise = Buffer.concat(
  Array.from({ length: 4_000 }, (_, index) => createHash('sha512').update(`${index}`).digest()),
);
const cap = 32 * 1024 * 1024;
const zeros = Buffer.alloc(200 * 1024 * 1024);

test.each([
  ['gzip in one go', 'gzip', gzipSync(zeros)],
  ['gzip in pieces', 'gzip', gzipSync(Buffer.concat([noise, zeros]))],
  ['br in one go', 'br', brotliCompressSync(zeros.subarray(0, 2 * cap))],
])('case 28: a bomb of %s bursts at the cap', async (_, encoding, bytes) => {
  const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
  const server = await serveReplies(() => (response) => void response.writeHead(200, headers).end(bytes));
  const { get } = openCalls(server.origin, { limits: { maxBodyBytes: cap } });
  const before = process.memoryUsage().rss;
  expect(await refusal(get())).toMatchObject({ code: 'too-large', attempts: 1 });
  expect(process.memoryUsage().rss - before).toBeLessThan(2 * cap);
});

test('case 28: encodings stacked on each other are not unwrapped', async () => {
  const stacked = Array.from({ length: 6 }).reduce<Buffer>((bytes) => gzipSync(bytes), Buffer.from('{}'));
  const headers = { 'content-type': 'application/json', 'content-encoding': Array(6).fill('gzip').join(', ') };
  const server = await serveReplies(() => (response) => void response.writeHead(200, headers).end(stacked));
  expect(await refusal(openCalls(server.origin).get())).toMatchObject({ code: 'unexpected-content', attempts: 1 });
});

const answering = (type: string, bytes: Buffer) =>
  serveReplies(() => (response) => void response.writeHead(200, { 'content-type': type }).end(bytes));

test('case 29: bytes that are not UTF-8 are refused where UTF-8 was said or nothing', async () => {
  const latin = Buffer.from('{"city":"K\xf6ln"}', 'latin1');
  for (const type of ['application/json', 'application/json; charset=utf-8', 'application/json; charset="UTF-8"']) {
    const server = await answering(type, latin);
    const error = await refusal(openCalls(server.origin).get());
    expect(error, type).toMatchObject({ code: 'unexpected-content', status: 200, attempts: 1 });
    expect(error.message).toContain('UTF-8');
    expect(JSON.stringify(error)).not.toContain('K');
  }
});

test('case 29: a charset that is declared is read by its own rules', async () => {
  const text = '{"city":"Köln"}';
  const charsets = {
    'iso-8859-1': Buffer.from(text, 'latin1'),
    'windows-1252': Buffer.from(text, 'latin1'),
    'utf-16le': Buffer.from(text, 'utf16le'),
    'utf-8': Buffer.from(text),
  };
  for (const [charset, bytes] of Object.entries(charsets)) {
    const server = await answering(`application/json; charset=${charset}`, bytes);
    expect((await openCalls(server.origin).get()).body, charset).toEqual({ city: 'Köln' });
  }
  const server = await answering('application/json; charset=x-unheard-of', Buffer.from(text));
  expect((await refusal(openCalls(server.origin).get())).code).toBe('unexpected-content');
});

test('case 30: a header value with a line break or beyond ASCII is refused when the connection is opened', () => {
  for (const value of ['x\r\nevil: 1', 'x\ny', 'x\0', 'café', 'x\u2028']) {
    const error = thrownBy(() => openCalls('http://127.0.0.1:1', { rest: { headers: { 'X-Shop': value } } }));
    expect(error.code).toBe('invalid-settings');
    expect(error.message).toContain("the header 'x-shop'");
    expect(error.message).not.toContain('evil');
  }
});
