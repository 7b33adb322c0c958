import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { startWire } from '../../src/conformance/wire.ts';

/** A vendor that upgrades every connection, behind the suite's line; both ends of the socket. */
const upgraded = async () => {
  const server = createServer();
  const atVendor = new Promise<Duplex>((resolve) => {
    server.on('upgrade', (_message, socket) => {
      socket.on('error', () => {});
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n');
      resolve(socket);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const wire = await startWire(`http://127.0.0.1:${port}`, Date.now);
  const outgoing = request(wire.url, { headers: { connection: 'upgrade', upgrade: 'echo' } });
  const [, client]: [unknown, Duplex] = await new Promise((resolve) => {
    outgoing.on('upgrade', (answer, socket) => resolve([answer, socket])).end();
  });
  client.on('error', () => {});
  const vendor = await atVendor;
  onTestFinished(async () => {
    vendor.destroy();
    await wire.close();
    server.close();
  });
  return { wire, client, vendor };
};

test('the line is busy while a vendor may still answer on a socket: a clock that goes on would end the connection', async () => {
  const { wire, client, vendor } = await upgraded();
  expect(wire.isBusy()).toBe(false);
  const before = wire.activity();
  client.write('question');
  await once(vendor, 'data');
  expect(wire.isBusy()).toBe(true);
  expect(wire.activity()).toBeGreaterThan(before);
  vendor.write('answer');
  await once(client, 'data');
  expect(wire.isBusy()).toBe(false);
});

test('a word on a socket that nobody answers holds the line for a moment only', async () => {
  const { wire, client, vendor } = await upgraded();
  client.write('a subscription');
  await once(vendor, 'data');
  expect(wire.isBusy()).toBe(true);
  await expect.poll(() => wire.isBusy(), { timeout: 20_000 }).toBe(false);
});
