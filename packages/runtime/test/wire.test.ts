import { expect, test } from 'vitest';
import { transportFailure } from '../src/http/failure.ts';
import { type Effect, systemClock } from '../src/index.ts';
import { connect, refusal } from './support/connection.ts';
import { json, serve, serveBytes, serveUntrusted } from './support/server.ts';

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const complete = `${head}content-length: 2\r\n\r\n{}`;
const hasBody = (received: string): boolean => received.includes('\r\n\r\n') && received.endsWith('}');

/** Answers the first connection with some bytes and closes it, later ones with an empty object. */
const cutting = (bytes: string) => {
  let cut = false;
  return serveBytes((socket, received) => {
    if (!received.includes('\r\n\r\n')) return;
    if (cut) return void socket.end(complete);
    cut = true;
    socket.end(bytes);
  });
};

const always = (bytes: string) =>
  serveBytes((socket, received) => void (received.includes('\r\n\r\n') && socket.end(bytes)));

test('an answer cut before its content-length is truncated, and read again', async () => {
  const server = await cutting(`${head}content-length: 500\r\n\r\n{"half":`);
  const { get, events } = connect(server.origin);
  expect((await get())?.body).toEqual({});
  expect(events[0]).toMatchObject({ type: 'attempt-failed', code: 'truncated' });
});

test('an answer cut in the middle of a chunk is truncated', async () => {
  const server = await always(`${head}transfer-encoding: chunked\r\n\r\n20\r\n{"half":`);
  expect(await refusal(connect(server.origin).get())).toMatchObject({ code: 'truncated', attempts: 4 });
  expect(server.received).toHaveLength(4);
});

test('an answer cut between two chunks is truncated, although the text would parse', async () => {
  const server = await always(`${head}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n`);
  expect(await refusal(connect(server.origin).get())).toMatchObject({ code: 'truncated' });
});

test('a connection lost before the head of the answer is repeated for a read', async () => {
  const server = await cutting('');
  const { get, events } = connect(server.origin);
  expect((await get())?.status).toBe(200);
  expect(events[0]).toMatchObject({ type: 'attempt-failed', code: 'unreachable' });
});

test('an unsafe write that was sent and not answered is never repeated: its outcome is unknown', async () => {
  const server = await serveBytes((socket, received) => void (hasBody(received) && socket.resetAndDestroy()));
  const error = await refusal(connect(server.origin).post({ name: 'x' }));
  expect(error).toMatchObject({ code: 'unknown-outcome', attempts: 1 });
  expect(server.received).toHaveLength(1);
  expect(server.received[0]).toContain('{"name":"x"}');
});

test('the same holds for a timeout, a cut answer, a 503 and an answer that is none', async () => {
  const answers = [
    `${head}content-length: 500\r\n\r\n{"half":`,
    'HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n',
    `${head}content-length: 0\r\n\r\n`,
    'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>',
    `${head}content-length: 1\r\n\r\n{`,
    'SSH-2.0-OpenSSH_9.9\r\n',
  ];
  for (const bytes of answers) {
    const server = await serveBytes((socket, received) => void (hasBody(received) && socket.end(bytes)));
    expect(await refusal(connect(server.origin).post()), bytes).toMatchObject({ code: 'unknown-outcome', attempts: 1 });
    expect(server.received).toHaveLength(1);
  }
});

test('a write that is safe to repeat is sent again after a reset', async () => {
  const effects: Effect[] = ['idempotent', 'external-id', 'keyed', 'conditional', 'read'];
  for (const effect of effects) {
    let resets = 0;
    const server = await serveBytes((socket, received) => {
      if (!hasBody(received)) return;
      if (resets++ === 0) socket.resetAndDestroy();
      else socket.end(complete);
    });
    const answer = await connect(server.origin).send({ method: 'POST', path: 'things', body: { name: 'x' }, effect });
    expect(answer?.status, effect).toBe(200);
    expect(server.received.map((text) => text.split('\r\n\r\n')[1])).toEqual(['{"name":"x"}', '{"name":"x"}']);
  }
});

test('PUT and DELETE count as repeatable, POST and PATCH do not', async () => {
  for (const [method, count] of [
    ['PUT', 4],
    ['DELETE', 4],
    ['POST', 1],
    ['PATCH', 1],
  ] as const) {
    const server = await serve((response) => json(response, {}, 503));
    await refusal(connect(server.origin).send({ method, path: 'things/1', body: {} }));
    expect(server.requests, method).toHaveLength(count);
  }
});

test('a refused unsafe write is a plain refusal, not an open outcome', async () => {
  const server = await serve((response) => json(response, { detail: 'no' }, 400));
  expect(await refusal(connect(server.origin).post())).toMatchObject({ code: 'invalid-request', status: 400 });
});

test('a page of HTML is not taken for an answer without records', async () => {
  const server = await serve(
    (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>log in'),
  );
  const error = await refusal(connect(server.origin).get());
  expect(error).toMatchObject({ code: 'unexpected-content', status: 200, attempts: 1 });
  expect(error.message).toBe('the answer is text/html, not JSON');
});

test('the message of a wrong content type shows nothing but a media type', async () => {
  const server = await serve((response) => void response.writeHead(200, { 'content-type': 'hello alice' }).end('x'));
  expect((await refusal(connect(server.origin).get())).message).toBe('the answer is of no stated type, not JSON');
});

test('JSON is known by its type in any spelling', async () => {
  for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'application/vnd.api+json', 'text/json']) {
    const server = await serve((response) => void response.writeHead(200, { 'content-type': type }).end('{"a":1}'));
    expect((await connect(server.origin).get())?.body, type).toEqual({ a: 1 });
  }
});

test('an empty answer where data was due is its own failure, and is asked for again', async () => {
  const server = await serve((response) => void response.writeHead(200, { 'content-type': 'application/json' }).end());
  expect(await refusal(connect(server.origin).get())).toMatchObject({ code: 'empty-answer', attempts: 4 });
});

test('204, and an empty answer to a removal, are answers', async () => {
  const server = await serve((response, { method }) => void response.writeHead(method === 'DELETE' ? 200 : 204).end());
  const { get, send } = connect(server.origin);
  expect(await get()).toMatchObject({ status: 204, body: undefined });
  expect(await send({ method: 'DELETE', path: 'things/1' })).toMatchObject({ status: 200, body: undefined });
});

test('text that is not JSON is refused without quoting it', async () => {
  for (const text of ['{"name":"alice"', '{name:1}', 'alice', '{"a":1}{"b":2}', '[1,]']) {
    const server = await serve(
      (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(text),
    );
    const error = await refusal(connect(server.origin).get());
    expect(error).toMatchObject({ code: 'unexpected-content', attempts: 1 });
    expect(JSON.stringify(error)).not.toContain('alice');
  }
});

test('the body of an error answer reaches the connector, and one that is no JSON does no harm', async () => {
  const bodies: unknown[] = [];
  const server = await serve((response, _request, number) =>
    number === 0
      ? json(response, { code: 'X1' }, 400)
      : void response.writeHead(400, { 'content-type': 'text/html' }).end('<p>'),
  );
  const { get } = connect(server.origin, {
    rest: {
      classify: (answer, failure) => {
        bodies.push(answer.body);
        return failure && { ...failure, vendorCode: 'X1' };
      },
    },
  });
  expect(await refusal(get())).toMatchObject({ code: 'invalid-request', vendorCode: 'X1' });
  await refusal(get());
  expect(bodies).toEqual([{ code: 'X1' }, undefined]);
});

test('a connector may take an error answer for a success, or a success for a failure', async () => {
  const server = await serve((response, { method }) => json(response, { ok: false }, method === 'DELETE' ? 404 : 200));
  const { get, send } = connect(server.origin, {
    rest: {
      classify: ({ status }) => (status === 404 ? undefined : { code: 'conflict', message: 'the vendor says no' }),
    },
  });
  expect((await send({ method: 'DELETE', path: 'things/1' }))?.status).toBe(404);
  expect(await refusal(get())).toMatchObject({ code: 'conflict', message: 'the vendor says no' });
});

test('an untrusted certificate is refused before anything is sent, and not tried again', async () => {
  const server = await serveUntrusted((response) => json(response, {}));
  expect(await refusal(connect(server.origin).post())).toMatchObject({ code: 'untrusted-certificate', attempts: 1 });
  expect(server.requests).toHaveLength(0);
});

test('a write that never got a connection ended before it was sent, and is sent again', async () => {
  // Accepts connections and never says a word, so that no TLS comes about.
  const server = await serveBytes(() => undefined);
  const limits = { requestTimeoutMs: 200, attempts: 2, backoffBaseMs: 0 };
  const { post } = connect(server.origin.replace('http:', 'https:'), { clock: systemClock, limits });
  expect(await refusal(post())).toMatchObject({ code: 'timeout', attempts: 2 });
});

test('plain http behind an https address is unreachable, and nothing was sent', async () => {
  const server = await serve((response) => json(response, {}));
  const error = await refusal(connect(server.origin.replace('http:', 'https:')).post());
  expect(error).toMatchObject({ code: 'unreachable', attempts: 4 });
  expect(server.requests).toHaveLength(0);
});

test('bytes that are no HTTP are named as such, without quoting them', async () => {
  const server = await always('hello alice\r\n\r\n');
  const error = await refusal(connect(server.origin).get());
  expect(error.code).toBe('unexpected-content');
  const { inspect } = await import('node:util');
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('alice');
});

test('a standard fetch may carry the calls, in pieces of any size', async () => {
  const text = JSON.stringify({ name: 'ü'.repeat(70_000) });
  const server = await serve((response, { url }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(url === '/small' ? '{"a":"ü"}' : text);
  });
  const { get } = connect(server.origin, { fetch: globalThis.fetch });
  expect((await get('small'))?.body).toEqual({ a: 'ü' });
  expect((await get('large'))?.body).toEqual(JSON.parse(text));
});

test('a standard fetch fails as the own transport does', async () => {
  const cut = await always(`${head}content-length: 500\r\n\r\n{"half":`);
  const moved = await serve((response) => void response.writeHead(302, { location: 'https://other.example/' }).end());
  const options = { fetch: globalThis.fetch, limits: { attempts: 1 } };
  expect(await refusal(connect(cut.origin, options).get())).toMatchObject({ code: 'truncated' });
  expect(await refusal(connect(moved.origin, options).get())).toMatchObject({ code: 'unsafe-url' });
  expect(await refusal(connect('http://127.0.0.1:1', options).get())).toMatchObject({ code: 'unreachable' });
});

test.each([
  { code: 'EHOSTUNREACH', syscall: 'read' },
  { code: 'ENETUNREACH', syscall: 'write' },
  { code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC' },
])('a line that broke with $code after the request had left leaves open what the vendor did', (facts) => {
  const thrown = Object.assign(new Error('lost'), facts);
  const after = transportFailure(thrown, { host: 'vendor.example', sent: true, answered: false });
  expect([after.code, after.reach]).toEqual(['unreachable', undefined]);
  const before = transportFailure(thrown, { host: 'vendor.example', sent: false, answered: false });
  expect([before.code, before.reach]).toEqual(['unreachable', 'not-sent']);
});

test.each([
  { code: 'EHOSTUNREACH', syscall: 'connect' },
  { code: 'ECONNREFUSED', syscall: 'connect' },
  { code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
  { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' },
])('a connection that failed with $code carried no request, whatever a fetch of the host says', (facts) => {
  const thrown = new Error('fetch failed', { cause: Object.assign(new Error('no connection'), facts) });
  const failure = transportFailure(thrown, { host: 'vendor.example', sent: true, answered: false });
  expect([failure.code, failure.reach]).toEqual(['unreachable', 'not-sent']);
});
