import ky from 'ky';
import { expect, test } from 'vitest';
import { httpClient } from '../src/http/client.ts';
import { callRoad } from '../src/resilience/call-road.ts';
import { json, serve, serveBytes } from './support/server.ts';

// src/http/client.ts takes a fetch of the host's through ky and carries our answer in place of a Response, which rests
// on what ky does not touch. An upgrade of ky that changes it fails here.

const send = (origin: string) => {
  const url = new URL(origin);
  const options = { fetch: globalThis.fetch };
  const facts = { connector: 'acme', connection: 'acme', options, quota: [] };
  const road = callRoad({ ...facts, redact: (text) => text, remember: () => {}, auth: { headers: () => ({}) } });
  const request = { method: 'GET', url, headers: {}, body: undefined, maxBytes: 1_000 };
  return httpClient(road, { baseUrl: url }).send(request, { timeoutMs: 9_000 });
};

test('ky touches nothing of a response but what the carried answer has', async () => {
  const touched = new Set<PropertyKey>();
  const carried = { ok: true, [Symbol.toStringTag]: 'Response' };
  const watched: unknown = new Proxy(carried, {
    get: (target, name) => {
      touched.add(name);
      return Reflect.get(target, name);
    },
  });
  const client = ky.create({
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    // Stands for a Response as the carried answer of the client does.
    fetch: async () => watched as Response,
  });
  const response: unknown = await client('http://127.0.0.1/', { method: 'GET' });
  expect(response).toBe(watched);
  for (const name of touched) expect(['then', 'ok', 'constructor', Symbol.toStringTag], String(name)).toContain(name);
});

test('the client gives the answer of the wire, of whatever status', async () => {
  const server = await serve((response) => json(response, { a: 1 }, 418, { 'x-one': '1' }));
  const result = await send(server.origin);
  expect(result).toMatchObject({ answer: { status: 418, headers: { 'x-one': '1' } } });
  expect('answer' in result && result.answer.bytes.toString()).toBe('{"a":1}');
});

test('the client sees on its own exchange that an answer had begun', async () => {
  const server = await serveBytes((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'));
  const result = await send(server.origin);
  expect(result).toMatchObject({ failure: { code: 'truncated' } });
});
