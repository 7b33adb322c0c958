import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sealSecret } from '@mortise/runtime';
import { createProxy } from 'proxy';
import { expect, onTestFinished, test } from 'vitest';
import { canary, endOf, openStock, take } from './support/live-stock.ts';
import { sendJson, serveSockets } from './support/socket-server.ts';

const password = 'canary-proxy-password';

/** A proxy that asks for a password and keeps the names of the hosts that it was asked to open. */
const startProxy = async () => {
  const opened: (string | undefined)[] = [];
  const proxy = createProxy(createServer());
  proxy.authenticate = ({ headers }) =>
    headers['proxy-authorization'] === `Basic ${Buffer.from(`acme:${password}`).toString('base64')}`;
  proxy.on('connect', ({ url }) => opened.push(url));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  // A TCP server has an address and a port once it listens.
  const { port } = proxy.address() as AddressInfo;
  return { opened, url: (secret: string) => sealSecret(`http://acme:${secret}@127.0.0.1:${port}`) };
};

test('a subscription goes through the proxy of the network settings, in a tunnel', async () => {
  const proxy = await startProxy();
  const server = await serveSockets((socket) => sendJson(socket, { id: '1', onHand: 1 }));
  const { plain } = openStock(server.url, { network: { proxy: proxy.url(password) } });
  expect(await take(plain.subscribe(), 1)).toEqual([{ id: '1', onHand: 1 }]);
  expect(proxy.opened).toEqual([new URL(server.url).host]);
  expect(server.connections[0]?.headers).toMatchObject({ authorization: `Bearer ${canary}` });
  expect(server.connections[0]?.headers).not.toHaveProperty('proxy-authorization');
});

test('a proxy that refuses ends the subscription with its status, and tells no password', async () => {
  const proxy = await startProxy();
  const server = await serveSockets(() => undefined);
  const { plain, events } = openStock(server.url, {
    network: { proxy: proxy.url('canary-wrong-password') },
    plain: { limits: { attempts: 2 } },
  });
  const error = await endOf(plain.subscribe());
  expect(error).toMatchObject({ code: 'unreachable', attempts: 2 });
  expect(error.message).toMatch(/^the proxy 127\.0\.0\.1:\d+ answered 407 instead of opening a tunnel$/);
  expect(server.connections).toEqual([]);
  expect(JSON.stringify([error, events])).not.toContain('canary-wrong-password');
});
