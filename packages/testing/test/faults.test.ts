import { once } from 'node:events';
import { createConnection } from 'node:net';
import { expect, test } from 'vitest';
import type { FaultRule } from '../src/index.ts';
import { send, startedNotes } from './fixtures/notes.ts';

const post = (url: string, text: string) => send(url, '/notes', { method: 'POST', body: { text } });

async function underFault(rule: FaultRule) {
  const sandbox = await startedNotes();
  sandbox.inject(rule);
  const outcome = await post(sandbox.url, 'a');
  return {
    outcome,
    texts: sandbox.state.texts(),
    logged: sandbox.requests().map(({ status, fault }) => ({ status, fault })),
  };
}

test('status: the answer is the rule, and the handler does not run', async () => {
  const rule: FaultRule = { kind: 'status', status: 429, body: { wait: 1 }, headers: { 'retry-after': '3' } };
  expect(await underFault(rule)).toEqual({
    outcome: { status: 429, text: '{"wait":1}' },
    texts: [],
    logged: [{ status: 429, fault: 'status' }],
  });
});

test("status with when 'after': the create succeeds and 500 is answered", async () => {
  const { outcome, texts } = await underFault({ kind: 'status', when: 'after' });
  expect(outcome).toMatchObject({ status: 500 });
  expect(texts).toEqual(['a']);
});

test('reset: no byte is answered and nothing changes', async () => {
  const { outcome, texts, logged } = await underFault({ kind: 'reset' });
  expect(outcome).toEqual({ error: expect.stringMatching(/ECONNRESET|other side closed/) });
  expect(texts).toEqual([]);
  expect(logged).toEqual([{ status: 0, fault: 'reset' }]);
});

test('drop-after-write: the state changes and no answer arrives', async () => {
  const { outcome, texts, logged } = await underFault({ kind: 'drop-after-write' });
  expect(outcome).toEqual({ error: expect.stringMatching(/ECONNRESET|other side closed/) });
  expect(texts).toEqual(['a']);
  expect(logged).toEqual([{ status: 0, fault: 'drop-after-write' }]);
});

test('truncate: the whole length is promised, half of the bytes arrive, the work is done', async () => {
  const sandbox = await startedNotes();
  sandbox.inject({ kind: 'truncate' });
  const socket = createConnection(sandbox.port, '127.0.0.1');
  socket.write('POST /notes HTTP/1.1\r\nhost: x\r\ncontent-length: 12\r\n\r\n{"text":"a"}');
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  await once(socket, 'close');
  const [head, body] = text.split('\r\n\r\n');
  expect(head).toContain(`content-length: ${'{"id":"1"}'.length}`);
  expect(body).toBe('{"id"');
  expect(sandbox.state.texts()).toEqual(['a']);
});

test('reorder: the lists of the answer come in reverse, and nothing is lost', async () => {
  const sandbox = await startedNotes();
  for (const text of ['a', 'b', 'c']) await post(sandbox.url, text);
  sandbox.inject({ kind: 'reorder' });
  expect(await send(sandbox.url, '/notes')).toEqual({ status: 200, text: '{"notes":["c","b","a"]}' });
  expect(await send(sandbox.url, '/notes')).toEqual({ status: 200, text: '{"notes":["a","b","c"]}' });
});

test('duplicate: the request is handled twice, which the write log tells', async () => {
  const sandbox = await startedNotes();
  sandbox.inject({ kind: 'duplicate' });
  expect(await post(sandbox.url, 'a')).toEqual({ status: 201, text: '{"id":"2"}' });
  expect(sandbox.duplicateCreates()).toEqual([{ type: 'notes', key: 'a', count: 2 }]);
});

test('empty and html: HTTP 200 without data, and nothing changes', async () => {
  const empty = await underFault({ kind: 'empty' });
  expect([empty.outcome, empty.texts]).toEqual([{ status: 200, text: '' }, []]);
  const html = await underFault({ kind: 'html' });
  expect(html.outcome).toMatchObject({ status: 200, text: expect.stringContaining('<!doctype html>') });
  expect(html.texts).toEqual([]);
});

test('latency: the request is held, then handled', async () => {
  const { outcome, texts, logged } = await underFault({ kind: 'latency', milliseconds: 20 });
  expect(outcome).toMatchObject({ status: 201 });
  expect(texts).toEqual(['a']);
  expect(logged).toEqual([{ status: 201, fault: 'latency' }]);
});

test('nth and count choose the requests that are hit', async () => {
  const sandbox = await startedNotes();
  sandbox.inject({ kind: 'status', status: 503, nth: 2, count: 2 });
  for (const text of ['1', '2', '3', '4']) await post(sandbox.url, text);
  expect(sandbox.requests().map(({ status }) => status)).toEqual([201, 503, 503, 201]);
  expect(sandbox.faults()).toMatchObject([{ matched: 4, hits: 2 }]);
});

test('a rule matches by method and by template, literal path or pattern', async () => {
  const sandbox = await startedNotes();
  sandbox.inject({ kind: 'status', status: 500, count: 'always', match: { method: 'post', path: '/notes' } });
  sandbox.inject({ kind: 'status', status: 501, count: 'always', match: { path: '/notes/{id}' } });
  sandbox.inject({ kind: 'status', status: 502, count: 'always', match: { path: '/no*/first' } });
  expect(await post(sandbox.url, 'a')).toMatchObject({ status: 500 });
  expect(await send(sandbox.url, '/notes/7')).toMatchObject({ status: 501 });
  expect(await send(sandbox.url, '/notes/first')).toMatchObject({ status: 502 });
  expect(await send(sandbox.url, '/notes')).toMatchObject({ status: 200 });
});

test('a rule is switched off by its id', async () => {
  const sandbox = await startedNotes();
  const id = sandbox.inject({ kind: 'status', count: 'always' });
  sandbox.clearFaults(id);
  expect(await post(sandbox.url, 'a')).toMatchObject({ status: 201 });
});
