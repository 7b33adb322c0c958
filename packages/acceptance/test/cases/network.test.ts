import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { systemClock } from '@mortise/runtime';
import { startFaultProxy, type Toxic } from '@mortise/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openCalls } from '../support/call-vendor.ts';
import { certificates } from '../support/certificates.ts';
import { serveReplies } from '../support/json-server.ts';
import { refusal, thrownBy } from '../support/refusal.ts';
import { serveBytes, serveSecurely } from '../support/secure-server.ts';

const { ca } = certificates;
const answers = (body: unknown) => serveReplies(() => ({ body }));

/** A server behind a line with a fault. */
const behind = async (target: string, toxic: Toxic) => {
  const proxy = await startFaultProxy({ target });
  onTestFinished(() => proxy.close());
  proxy.set(toxic);
  return proxy;
};

test('case 1: a host that does not exist is unreachable, asked for within the budget, and named', async () => {
  const { get, clock } = openCalls('https://nowhere.invalid');
  const error = await refusal(get());
  expect(error).toMatchObject({ code: 'unreachable', attempts: 4 });
  expect(error.message).toContain('nowhere.invalid');
  expect(clock.waits).toHaveLength(3);
});

const literals = {
  loopback: '127.0.0.1',
  'the metadata of clouds': '169.254.169.254',
  'private, class A': '10.1.2.3',
  'private, class B': '172.16.0.1',
  'private, class C': '192.168.1.1',
  'carrier-grade NAT': '100.64.0.1',
  unspecified: '0.0.0.0',
  'a decimal number': '2130706433',
  'octal digits': '0177.0.0.1',
  'hexadecimal digits': '0x7f.1',
  'IPv6 loopback': '[::1]',
  'IPv4 in IPv6': '[::ffff:127.0.0.1]',
  'IPv4 behind NAT64': '[64:ff9b::7f00:1]',
  'link-local': '[fe80::1]',
  'unique local': '[fd00:ec2::254]',
};

test.each(Object.entries(literals))(
  'case 2: a redirect to %s is refused before a connection is made',
  async (_, host) => {
    const inner = await serveSecurely(certificates.server);
    const target = new URL(`https://${host}:${inner.port}/latest`);
    const server = await serveReplies(() => ({ status: 302, headers: { location: target.href } }));
    // Even a connector that lists the host does not make it public.
    const { get } = openCalls(server.origin, { rest: { hosts: [target.host] }, network: { ca } });
    const error = await refusal(get());
    expect(error).toMatchObject({ code: 'unsafe-url', attempts: 1 });
    expect(error.message).toContain(target.host);
    expect(inner.connections()).toBe(0);
  },
);

test('case 2: a listed name that resolves to a private address is refused by the socket, and not tried again', async () => {
  const inner = await serveSecurely(certificates.server);
  const location = `https://localhost:${inner.port}/latest`;
  const server = await serveReplies(() => ({ status: 302, headers: { location } }));
  const { get } = openCalls(server.origin, { rest: { hosts: [`localhost:${inner.port}`] }, network: { ca } });
  const error = await refusal(get());
  expect(error).toMatchObject({ code: 'unsafe-url', attempts: 1 });
  expect(error.message).toContain('localhost');
  expect(inner.connections()).toBe(0);
  expect(server.requests).toHaveLength(1);
});

/** Answers lookups of one name with these addresses in turn, the last one for good. */
const resolving = (name: string, turns: readonly (readonly string[])[]): { readonly count: () => number } => {
  let count = 0;
  const real = dns.lookup;
  const lookup = (host: string, options: dns.LookupAllOptions, callback: (...answer: unknown[]) => void) => {
    if (host !== name) return real(host, options, callback);
    const addresses = turns[Math.min(count, turns.length - 1)] ?? [];
    count += 1;
    setImmediate(() =>
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      ),
    );
  };
  const spy = vi.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup);
  syncBuiltinESMExports();
  onTestFinished(() => {
    spy.mockRestore();
    syncBuiltinESMExports();
  });
  return { count: () => count };
};

test('case 2: a name that is public when checked and private when asked again gains nothing', async () => {
  const inner = await serveSecurely(certificates.server);
  const host = `files.example.com:${inner.port}`;
  const server = await serveReplies(() => ({ status: 302, headers: { location: `https://${host}/export` } }));
  const names = resolving('files.example.com', [['192.88.99.1'], ['127.0.0.1']]);
  const options = { rest: { hosts: [host] }, network: { ca }, clock: systemClock };
  const { get } = openCalls(server.origin, { ...options, limits: { attempts: 1, requestTimeoutMs: 500 } });
  const first = await refusal(get());
  expect(first.code).toMatch(/^(timeout|unreachable)$/);
  expect(first.message).toContain(host);
  // One lookup for the one connection: what was checked is what it went to.
  expect(names.count()).toBe(1);
  expect((await refusal(get())).code).toBe('unsafe-url');
  expect(names.count()).toBe(2);
  expect(inner.connections()).toBe(0);
});

test('case 2: a name with one private address among public ones is refused', async () => {
  const inner = await serveSecurely(certificates.server);
  const host = `files.example.com:${inner.port}`;
  const server = await serveReplies(() => ({ status: 302, headers: { location: `https://${host}/export` } }));
  resolving('files.example.com', [['192.88.99.1', '127.0.0.1']]);
  const { get } = openCalls(server.origin, { rest: { hosts: [host] }, network: { ca } });
  expect(await refusal(get())).toMatchObject({ code: 'unsafe-url', attempts: 1 });
  expect(inner.connections()).toBe(0);
});

test("case 2: the user's own base URL may be private", async () => {
  const server = await answers({ own: true });
  expect((await openCalls(server.origin).get()).body).toEqual({ own: true });
});

test('case 3: a reset before the answer is repeated for a read and for a keyed write', async () => {
  for (const request of [
    { method: 'GET', path: 'things' },
    { method: 'POST', path: 'things', body: { a: 1 }, effect: 'keyed' },
  ] as const) {
    const server = await answers({ ok: true });
    const proxy = await behind(server.origin, { kind: 'reset' });
    const { send } = openCalls(proxy.url, {
      events: (event) => {
        if (event.type === 'attempt-failed') proxy.clear();
      },
    });
    expect((await send(request)).body, request.method).toEqual({ ok: true });
    expect(server.requests).toHaveLength(1);
    expect(proxy.counters().connections).toBe(2);
  }
});

test('case 3: a refused connection is repeated, whatever was to be sent, because nothing was', async () => {
  const { send } = openCalls('http://127.0.0.1:1');
  const error = await refusal(send({ method: 'POST', path: 'things', body: {} }));
  expect(error).toMatchObject({ code: 'unreachable', attempts: 4 });
});

test('case 5: a half-open connection ends at the time limit, and its socket is closed', async () => {
  const server = await answers({});
  const proxy = await behind(server.origin, { kind: 'hang' });
  const limits = { requestTimeoutMs: 200, attempts: 2, backoffBaseMs: 0 };
  const error = await refusal(openCalls(proxy.url, { clock: systemClock, limits }).get());
  expect(error).toMatchObject({ code: 'timeout', attempts: 2 });
  expect(server.requests).toHaveLength(0);
  await vi.waitFor(() => expect(proxy.counters()).toMatchObject({ connections: 2, open: 0 }));
});

test('case 6: a body that trickles is given up at the time limit of the request and of the call', async () => {
  const server = await answers({ text: 'x'.repeat(100_000) });
  const proxy = await behind(server.origin, { kind: 'slow', bytesPerSecond: 40 });
  const limits = { requestTimeoutMs: 200, callTimeoutMs: 500, attempts: 99, backoffBaseMs: 0 };
  const error = await refusal(openCalls(proxy.url, { clock: systemClock, limits }).get());
  expect(error.code).toBe('timeout');
  expect(error.attempts).toBeGreaterThan(1);
  await vi.waitFor(() => expect(proxy.counters().open).toBe(0));
});

test('case 6: of an endless body no more than the cap is read, however slowly it comes', async () => {
  let written = 0;
  const server = await serveBytes((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n');
    const drip = setInterval(() => {
      written += 100;
      socket.write(' '.repeat(100));
    }, 1);
    socket.on('close', () => clearInterval(drip));
  });
  const error = await refusal(openCalls(server.origin, { limits: { maxBodyBytes: 1_000 } }).get());
  expect(error).toMatchObject({ code: 'too-large', attempts: 1 });
  await vi.waitFor(() => expect(server.open()).toBe(0));
  expect(written).toBeLessThan(100_000);
});

test('case 7: an answer that is cut is truncated and read again, and nothing of the cut one is given', async () => {
  const whole = { items: Array.from({ length: 500 }, (_, id) => ({ id })) };
  const server = await answers(whole);
  const proxy = await behind(server.origin, { kind: 'truncate', bytes: 600 });
  const codes: string[] = [];
  const { get } = openCalls(proxy.url, {
    events: (event) => {
      if (event.type !== 'attempt-failed') return;
      codes.push(event.code);
      proxy.clear();
    },
  });
  expect((await get()).body).toEqual(whole);
  expect(codes).toEqual(['truncated']);
});

test('case 7: one that ends in the middle of a chunk is truncated too', async () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
  const server = await serveBytes((socket) => socket.end(`${head}20\r\n{"half":`));
  expect(await refusal(openCalls(server.origin).get())).toMatchObject({ code: 'truncated', attempts: 4 });
  expect(server.connections()).toBe(4);
});

const { key } = certificates.server;
const untrusted = {
  'signed by nobody we know': { options: certificates.server, network: {} },
  expired: { options: { key, cert: certificates.expired }, network: { ca } },
  "another host's": { options: { key, cert: certificates.otherHost }, network: { ca } },
};

test.each(Object.entries(untrusted))(
  'case 8: a certificate that is %s ends the call before a byte is sent',
  async (_, given) => {
    const server = await serveSecurely(given.options);
    const { send } = openCalls(server.origin, { network: given.network });
    const error = await refusal(send({ method: 'POST', path: 'things', body: {} }));
    expect(error).toMatchObject({ code: 'untrusted-certificate', attempts: 1 });
    expect(server.requests).toHaveLength(0);
  },
);

test('case 8: the switch of Node.js that turns verification off is not heard', async () => {
  const server = await serveSecurely(certificates.server);
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await refusal(openCalls(server.origin).get())).toMatchObject({ code: 'untrusted-certificate' });
  expect(server.requests).toHaveLength(0);
});

test('case 9: plain http beyond loopback is refused unless the host is allowed by name, which warns', () => {
  const error = thrownBy(() => openCalls('http://shop.example'));
  expect(error).toMatchObject({ code: 'unsafe-url', connector: 'acme' });
  expect(error.message).toContain("allowInsecureHost to 'shop.example'");
  const { events } = openCalls('http://shop.example', { allowInsecureHost: 'shop.example' });
  expect(events).toMatchObject([{ type: 'insecure-host-allowed', host: 'shop.example' }]);
  expect(thrownBy(() => openCalls('http://other.example', { allowInsecureHost: 'shop.example' })).code).toBe(
    'unsafe-url',
  );
});

test('case 10: a captive portal that answers 200 with HTML is no empty list', async () => {
  const server = await serveReplies(() => ({ text: '<p>log in</p>', headers: { 'content-type': 'text/html' } }));
  expect(await refusal(openCalls(server.origin).get())).toMatchObject({
    code: 'unexpected-content',
    status: 200,
    attempts: 1,
  });
});
