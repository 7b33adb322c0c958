import { expect, test } from 'vitest';
import { send, startedNotes } from './fixtures/notes.ts';

async function admin(url: string, call: string, body?: unknown): Promise<unknown> {
  const [method = 'GET', path = ''] = call.split(' ');
  const outcome = await send(url, `/__sandbox/${path}`, body === undefined ? { method } : { method, body });
  if ('error' in outcome) return outcome;
  return { status: outcome.status, body: outcome.text === '' ? undefined : JSON.parse(outcome.text) };
}

test('another process reads the logs over HTTP', async () => {
  const sandbox = await startedNotes({ clock: { now: () => 42 } });
  for (const text of ['a', 'a', 'b']) await send(sandbox.url, '/notes', { method: 'POST', body: { text } });
  expect(await admin(sandbox.url, 'GET health')).toEqual({
    status: 200,
    body: { ok: true, now: 42, requests: 3, writes: 3 },
  });
  expect(await admin(sandbox.url, 'GET writes?key=b')).toEqual({
    status: 200,
    body: {
      writes: [{ sequence: 3, at: 42, kind: 'create', type: 'notes', id: '3', key: 'b', request: 3 }],
      duplicateCreates: [{ type: 'notes', key: 'a', count: 2 }],
    },
  });
  expect(await admin(sandbox.url, 'GET requests?after=1&limit=1')).toMatchObject({
    body: { requests: [{ sequence: 2 }] },
  });
});

test('another process switches faults on and off over HTTP', async () => {
  const sandbox = await startedNotes();
  const rule = { kind: 'status', status: 503, count: 'always' };
  expect(await admin(sandbox.url, 'POST faults', rule)).toEqual({ status: 201, body: { id: '1' } });
  expect(await send(sandbox.url, '/notes')).toMatchObject({ status: 503 });
  expect(await admin(sandbox.url, 'GET faults')).toMatchObject({
    body: { faults: [{ ...rule, id: '1', matched: 1, hits: 1 }] },
  });
  expect(await admin(sandbox.url, 'DELETE faults')).toEqual({ status: 204, body: undefined });
  expect(await send(sandbox.url, '/notes')).toMatchObject({ status: 200 });
});

test('a bad fault rule, a bad filter and an unknown call are each refused with a sentence', async () => {
  const sandbox = await startedNotes();
  expect(await admin(sandbox.url, 'POST faults', { kind: 'fire' })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('A fault rule needs "kind"') },
  });
  expect(await admin(sandbox.url, 'GET writes?sort=id')).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('Unknown filter "sort"') },
  });
  expect(await admin(sandbox.url, 'GET everything')).toMatchObject({ status: 404 });
  expect(sandbox.faults()).toEqual([]);
});

test('reset empties state, logs and faults', async () => {
  const sandbox = await startedNotes();
  await send(sandbox.url, '/notes', { method: 'POST', body: { text: 'a' } });
  sandbox.inject({ kind: 'reset', count: 'always' });
  expect(await admin(sandbox.url, 'POST reset')).toEqual({ status: 204, body: undefined });
  expect([sandbox.state.texts(), sandbox.requests(), sandbox.writes(), sandbox.faults()]).toEqual([[], [], [], []]);
});

test('admin calls are neither logged nor faulted', async () => {
  const sandbox = await startedNotes();
  sandbox.inject({ kind: 'reset', count: 'always' });
  expect(await admin(sandbox.url, 'GET health')).toMatchObject({ status: 200 });
  expect(sandbox.requests()).toEqual([]);
});
