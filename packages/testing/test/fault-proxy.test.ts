import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createConnection } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type FaultProxy, startFaultProxy, type Toxic } from '../src/index.ts';
import { send, startedNotes } from './fixtures/notes.ts';

async function proxied() {
  const sandbox = await startedNotes();
  const proxy = await startFaultProxy({ target: sandbox.url });
  onTestFinished(() => proxy.close());
  return { sandbox, proxy };
}

/** A request on a connection of its own, so that no pooled socket hides what the line did. */
function fresh(
  url: string,
  method = 'GET',
  body = '',
): Promise<{ status: number; text: string } | { error: string; text: string }> {
  return new Promise((resolve) => {
    let text = '';
    const headers = { 'content-type': 'application/json' };
    const call = request(`${url}/notes`, { method, headers, agent: new Agent({ keepAlive: false }) }, (response) => {
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('error', (error) => resolve({ error: error.message, text }));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    call.on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message, text }));
    call.end(body);
  });
}

const post = (proxy: FaultProxy, text: string) => fresh(proxy.url, 'POST', JSON.stringify({ text }));

test('without a toxic every byte passes and is counted', async () => {
  const { proxy } = await proxied();
  expect(await post(proxy, 'a')).toEqual({ status: 201, text: '{"id":"1"}' });
  const counters = proxy.counters();
  expect(counters.connections).toBe(1);
  expect(counters.requestBytes).toBeGreaterThan('{"text":"a"}'.length);
  expect(counters.responseBytes).toBeGreaterThan('{"id":"1"}'.length);
});

test.each<[string, Toxic]>([
  ['latency', { kind: 'latency', milliseconds: 10 }],
  ['slow', { kind: 'slow', bytesPerSecond: 20_000 }],
])('%s: the answer still arrives whole', async (_name, toxic) => {
  const { sandbox, proxy } = await proxied();
  sandbox.state.add('x'.repeat(3000));
  proxy.set(toxic);
  const outcome = await fresh(proxy.url);
  expect(outcome).toEqual({ status: 200, text: `{"notes":["${'x'.repeat(3000)}"]}` });
});

test('reset: a new connection that speaks is reset, and the server sees nothing', async () => {
  const { sandbox, proxy } = await proxied();
  proxy.set({ kind: 'reset' });
  expect(await post(proxy, 'a')).toEqual({ error: 'ECONNRESET', text: '' });
  expect(sandbox.requests()).toEqual([]);
});

test('reset: a connection that is open when the toxic is set is reset at once', async () => {
  const { proxy } = await proxied();
  const socket = createConnection(proxy.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /notes HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(socket, 'data');
  proxy.set({ kind: 'reset' });
  expect(await once(socket, 'error')).toMatchObject([{ code: 'ECONNRESET' }]);
});

test('refuse: the connection is closed on accept', async () => {
  const { sandbox, proxy } = await proxied();
  proxy.set({ kind: 'refuse' });
  expect(await post(proxy, 'a')).toMatchObject({ error: expect.stringMatching(/ECONNRESET|EPIPE/) });
  expect(sandbox.requests()).toEqual([]);
  expect(proxy.counters()).toMatchObject({ connections: 1, open: 0, requestBytes: 0 });
});

test('truncate: exactly so many bytes of the answer arrive', async () => {
  const { proxy } = await proxied();
  proxy.set({ kind: 'truncate', bytes: 40 });
  const socket = createConnection(proxy.port, '127.0.0.1');
  socket.write('GET /notes HTTP/1.1\r\nhost: x\r\n\r\n');
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  await once(socket, 'close');
  expect(text).toHaveLength(40);
  expect(text.startsWith('HTTP/1.1 200 OK')).toBe(true);
  expect(proxy.counters().responseBytes).toBe(40);
});

test('hang: the connection is taken, nothing is answered, and the server sees nothing', async () => {
  const { sandbox, proxy } = await proxied();
  proxy.set({ kind: 'hang' });
  const controller = new AbortController();
  const pending = fetch(`${proxy.url}/notes`, { signal: controller.signal }).then(
    () => 'answered',
    () => 'aborted',
  );
  await expect.poll(() => proxy.counters().requestBytes).toBeGreaterThan(0);
  controller.abort();
  expect(await pending).toBe('aborted');
  expect(sandbox.requests()).toEqual([]);
});

test('drop-after-request: the server did the work, the client hears nothing', async () => {
  const { sandbox, proxy } = await proxied();
  proxy.set({ kind: 'drop-after-request' });
  expect(await post(proxy, 'a')).toEqual({ error: 'ECONNRESET', text: '' });
  expect(sandbox.state.texts()).toEqual(['a']);
  expect(proxy.counters().responseBytes).toBe(0);
});

test('a toxic that was switched off no longer acts', async () => {
  const { proxy } = await proxied();
  proxy.set({ kind: 'refuse' });
  proxy.set({ kind: 'latency', milliseconds: 1 });
  proxy.clear('refuse');
  expect(proxy.toxics()).toEqual({ latency: { kind: 'latency', milliseconds: 1 } });
  expect(await send(proxy.url, '/notes')).toMatchObject({ status: 200 });
  proxy.clear();
  expect(proxy.toxics()).toEqual({});
});

test('a target that is down closes the connection and the proxy lives on', async () => {
  const { sandbox, proxy } = await proxied();
  await sandbox.close();
  expect(await post(proxy, 'a')).toMatchObject({ error: expect.stringMatching(/ECONNRESET|EPIPE/) });
  expect(proxy.counters().connections).toBe(1);
});

test('a target without a port is refused with a sentence', async () => {
  await expect(startFaultProxy({ target: 'foo://x' })).rejects.toThrow('The proxy target "foo://x" has no port');
});
