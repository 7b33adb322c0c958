import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isConnectorError } from '@mortise/runtime';
import { afterAll, expect, test } from 'vitest';
import { startServer } from '../src/child-server.ts';
import { cleanUp, newFolder } from './demo-process.ts';

afterAll(cleanUp);

const serverFile = (source: string): string => {
  const file = join(newFolder(), 'server.mjs');
  writeFileSync(file, source);
  return file;
};

const ready = `process.send({ ready: true, url: 'http://127.0.0.1:1' });`;

const start = (source: string, { signal = new AbortController().signal } = {}) => {
  const crashes = new EventTarget();
  const crashed = once(crashes, 'crash').then(([event]) => event.detail);
  const options = { name: 'the server', file: serverFile(source), args: [], signal };
  const onCrash = (detail: Error) => crashes.dispatchEvent(new CustomEvent('crash', { detail }));
  return { server: startServer({ ...options, onCrash }), crashed };
};

test('a server that ends by itself is reported, with its last words', async () => {
  const { server, crashed } = start(
    `${ready} console.error('vendure server: no room left.'); setTimeout(() => process.exit(1), 100);`,
  );
  expect((await server).url).toBe('http://127.0.0.1:1');
  expect(await crashed).toMatchObject({
    code: 'unavailable',
    message: 'the server ended unexpectedly (vendure server: no room left); run again to go on',
  });
});

test('a server that ends before it is ready refuses the start', async () => {
  const { server } = start('process.exit(1);');
  await expect(server).rejects.toSatisfy((thrown) => isConnectorError(thrown) && thrown.code === 'unavailable');
});

test('a start can be cancelled', async () => {
  const controller = new AbortController();
  const { server } = start('setInterval(() => {}, 1_000);', controller);
  controller.abort();
  await expect(server).rejects.toSatisfy((thrown) => isConnectorError(thrown) && thrown.code === 'cancelled');
});

test('a server that is stopped is no crash', async () => {
  const { server, crashed } = start(`${ready} setInterval(() => {}, 1_000);`);
  const { stop } = await server;
  await stop();
  expect(await Promise.race([crashed, 'none'])).toBe('none');
});

test('a server is told nothing in confidence', async () => {
  process.env.HUBSPOT_TOKEN = 'do-not-hand-on';
  const { server } = start(`process.send({ url: String(process.env.HUBSPOT_TOKEN) }); setInterval(() => {}, 1_000);`);
  const { url, stop } = await server;
  delete process.env.HUBSPOT_TOKEN;
  expect(url).toBe('undefined');
  await stop();
});
