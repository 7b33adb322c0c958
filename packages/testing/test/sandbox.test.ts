import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { type SandboxAnswer, startSandbox } from '../src/index.ts';
import { send, startedNotes } from './fixtures/notes.ts';

test('state changes are answered and kept', async () => {
  const sandbox = await startedNotes();
  expect(await send(sandbox.url, '/notes', { method: 'POST', body: { text: 'a' } })).toEqual({
    status: 201,
    text: '{"id":"1"}',
  });
  expect(await send(sandbox.url, '/notes')).toEqual({ status: 200, text: '{"notes":["a"]}' });
});

test('path parameters are decoded, and a literal route wins over a parameter', async () => {
  const sandbox = await startedNotes();
  expect(await send(sandbox.url, '/notes/a%2Fb%20%C3%A4')).toEqual({ status: 200, text: '{"id":"a/b ä"}' });
  expect(await send(sandbox.url, '/notes/%E0%A4%A')).toEqual({ status: 200, text: '{"id":"%E0%A4%A"}' });
  expect(await send(sandbox.url, '/notes/first')).toEqual({ status: 200, text: '"the literal route"' });
});

test('malformed JSON reaches the handler as such, and an unknown path answers 404', async () => {
  const sandbox = await startedNotes();
  const response = await fetch(`${sandbox.url}/notes`, {
    method: 'POST',
    body: '{"text":',
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(400);
  expect(await send(sandbox.url, '/nowhere')).toMatchObject({ status: 404 });
});

test('a handler that throws leaves no trace in the state and none in the write log', async () => {
  const sandbox = await startedNotes();
  expect(await send(sandbox.url, '/notes', { method: 'POST', body: { text: 'poison' } })).toEqual({
    status: 500,
    text: '{"message":"poisoned"}',
  });
  expect(sandbox.state.texts()).toEqual([]);
  expect(sandbox.writes()).toEqual([]);
  expect(sandbox.requests()).toMatchObject([{ sequence: 1, status: 500 }]);
});

test('the request log holds attempt headers and never Authorization, cookies or secret query values', async () => {
  const sandbox = await startedNotes({ clock: { now: () => 42 } });
  const headers = {
    authorization: 'Bearer canary-1',
    cookie: 'canary-2',
    'idempotency-key': 'k1',
    'x-retry-count': '2',
    'user-agent': 'tester',
  };
  await fetch(`${sandbox.url}/notes?page=3&api_key=canary-3`, { headers });
  expect(sandbox.requests()).toEqual([
    {
      sequence: 1,
      at: 42,
      method: 'GET',
      path: '/notes',
      query: 'page=3&api_key=%5Bsecret%5D',
      template: '/notes',
      status: 200,
      requestBytes: 0,
      headers: { 'idempotency-key': 'k1', 'x-retry-count': '2', 'user-agent': 'tester' },
      fault: '',
    },
  ]);
  expect(JSON.stringify(sandbox.requests())).not.toContain('canary');
});

test('two creates of one key are found, one is not', async () => {
  const sandbox = await startedNotes();
  for (const text of ['a', 'b', 'a']) await send(sandbox.url, '/notes', { method: 'POST', body: { text } });
  expect(sandbox.duplicateCreates()).toEqual([{ type: 'notes', key: 'a', count: 2 }]);
  expect(sandbox.writes({ key: 'b' })).toMatchObject([{ kind: 'create', type: 'notes', id: '2', request: 2 }]);
});

test('an answer of `before` ends the request before its handler', async () => {
  const sandbox = await startedNotes({
    before: ({ headers }) => (headers.authorization === undefined ? { status: 401 } : undefined),
  });
  expect(await send(sandbox.url, '/notes', { method: 'POST', body: { text: 'a' } })).toEqual({ status: 401, text: '' });
  expect(sandbox.state.texts()).toEqual([]);
});

test('a body beyond the cap answers 413 and changes nothing', async () => {
  const sandbox = await startedNotes({ maxBodyBytes: 100 });
  expect(await send(sandbox.url, '/notes', { method: 'POST', body: { text: 'x'.repeat(200) } })).toMatchObject({
    status: 413,
  });
  expect(sandbox.state.texts()).toEqual([]);
});

test('a port that is taken rejects with the system error', async () => {
  const sandbox = await startedNotes();
  await expect(startedNotes({ port: sandbox.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('requests that arrive at once are handled one after the other, each under its own number', async () => {
  const sandbox = await startedNotes();
  const texts = Array.from({ length: 50 }, (_, index) => `n${index}`);
  await Promise.all(texts.map((text) => send(sandbox.url, '/notes', { method: 'POST', body: { text } })));
  expect(sandbox.state.texts().toSorted()).toEqual(texts.toSorted());
  expect(sandbox.requests().map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 50 }, (_, index) => index + 1),
  );
});

test('a hook that throws cuts the connection, warns by its own message and keeps nothing', async () => {
  const after = () => {
    throw new Error('broken hook');
  };
  const sandbox = await startedNotes({ after });
  const warned = once(process, 'warning');
  expect(await send(sandbox.url, '/notes', { method: 'POST', body: { text: 'a' } })).toHaveProperty('error');
  expect(await warned).toMatchObject([{ message: 'broken hook' }]);
  expect(sandbox.state.texts()).toEqual([]);
});

test('a hook adds headers to every answer, the answer of an error too', async () => {
  const after = (answer: SandboxAnswer) => ({ ...answer, headers: { 'x-seen': String(answer.status) } });
  const sandbox = await startedNotes({ after });
  expect((await fetch(`${sandbox.url}/notes`)).headers.get('x-seen')).toBe('200');
  expect((await fetch(`${sandbox.url}/nowhere`)).headers.get('x-seen')).toBe('404');
});

test('a handler sees how many requests are under way, and one after the other is one', async () => {
  const seen: number[] = [];
  const sandbox = await startSandbox({
    state: () => undefined,
    routes: [
      {
        method: 'GET',
        path: '/',
        handle: ({ inFlight }) => {
          seen.push(inFlight);
          return { status: 204 };
        },
      },
    ],
  });
  onTestFinished(() => sandbox.close());
  sandbox.inject({ kind: 'latency', milliseconds: 500, count: 3 });
  await Promise.all([1, 2, 3].map(() => fetch(sandbox.url)));
  await fetch(sandbox.url);
  expect(seen.toSorted()).toEqual([1, 1, 2, 3]);
});
