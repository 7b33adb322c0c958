import { createServer } from 'node:http';
import { constants, createSecureServer as createHttp2Server } from 'node:http2';
import { sealSecret, systemClock } from '@mortise/runtime';
import { createProxy } from 'proxy';
import { expect, test } from 'vitest';
import { openCalls } from './support/call-vendor.ts';
import { certificates } from './support/certificates.ts';
import { serveReplies } from './support/json-server.ts';
import { refusal, thrownBy } from './support/refusal.ts';
import { listen, serveSecurely } from './support/secure-server.ts';

const { ca, server: own, client } = certificates;

/** A proxy by the npm package of that name, which keeps what it was asked for. */
const startProxy = async (authenticate?: (credentials: string | undefined) => boolean) => {
  const asked: string[] = [];
  const server = createProxy(createServer());
  if (authenticate !== undefined) server.authenticate = ({ headers }) => authenticate(headers['proxy-authorization']);
  server.prependListener('connect', ({ url }) => asked.push(`CONNECT ${url}`));
  server.prependListener('request', ({ method, url }) => asked.push(`${method} ${url}`));
  const { port } = await listen(server);
  return { host: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}`, asked };
};

test('requests to https go through a tunnel of the proxy, which does not see them', async () => {
  const vendor = await serveSecurely(own);
  const proxy = await startProxy();
  const { get } = openCalls(vendor.origin, { network: { proxy: proxy.url, ca } });
  expect((await get('people?email=alice')).status).toBe(200);
  expect(vendor.requests).toMatchObject([{ method: 'GET', url: '/people?email=alice' }]);
  expect(proxy.asked).toEqual([`CONNECT 127.0.0.1:${vendor.port}`]);
});

test('requests to plain http go to the proxy with their whole address', async () => {
  const vendor = await serveReplies(() => ({ body: { ok: true } }));
  const proxy = await startProxy();
  expect((await openCalls(vendor.origin, { network: { proxy: proxy.url } }).get()).body).toEqual({ ok: true });
  expect(proxy.asked).toEqual([`GET ${vendor.origin}/things`]);
});

test('user name and password of a proxy are sent to it and shown nowhere', async () => {
  const vendor = await serveSecurely(own);
  const wanted = `Basic ${Buffer.from('me:canary-proxy-word').toString('base64')}`;
  const proxy = await startProxy((given) => given === wanted);
  const through = (password: string) =>
    openCalls(vendor.origin, { network: { proxy: sealSecret(`http://me:${password}@${proxy.host}`), ca } });
  expect((await through('canary-proxy-word').get()).status).toBe(200);
  const error = await refusal(through('canary-wrong-word').get());
  expect(error).toMatchObject({ code: 'unreachable' });
  expect(error.message).toContain('the proxy lets no request to');
  expect(error.message).toContain('407');
  expect(JSON.stringify(error) + String(error.cause)).not.toContain('canary');
  expect(vendor.requests).toHaveLength(1);
  expect(vendor.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
});

test('a proxy that is not there is unreachable, and nothing goes round it', async () => {
  const vendor = await serveSecurely(own);
  const { get } = openCalls(vendor.origin, { network: { proxy: 'http://127.0.0.1:1', ca }, limits: { attempts: 1 } });
  expect((await refusal(get())).code).toBe('unreachable');
  expect(vendor.connections()).toBe(0);
});

test('an authority of the company is trusted where it is given, and only there', async () => {
  const vendor = await serveSecurely(own);
  expect((await openCalls(vendor.origin, { network: { ca: [ca] } }).get()).status).toBe(200);
  expect((await refusal(openCalls(vendor.origin).get())).code).toBe('untrusted-certificate');
});

test('a host that demands a certificate gets the one of the settings, and without it ends the call', async () => {
  const demanding = { ...own, ca, requestCert: true, rejectUnauthorized: true };
  const vendor = await serveSecurely(demanding);
  const network = { ca, clientCertificate: client };
  expect((await openCalls(vendor.origin, { network }).get()).status).toBe(200);
  const limits = { attempts: 1, requestTimeoutMs: 5_000 };
  const error = await refusal(openCalls(vendor.origin, { network: { ca }, limits, clock: systemClock }).get());
  expect(error.code).toBe('unreachable');
  expect(vendor.requests).toHaveLength(1);
});

test('a server that speaks HTTP/2 alone is asked over it, and a stream that it cuts is a cut answer', async () => {
  const seen: string[] = [];
  const server = createHttp2Server(own, ({ httpVersion, url }, response) => {
    seen.push(`${httpVersion} ${url}`);
    response.writeHead(200, { 'content-type': 'application/json' });
    if (url === '/things') return response.end('{"ok":true}');
    response.write('{"half":');
    setTimeout(() => response.stream.close(constants.NGHTTP2_INTERNAL_ERROR), 20);
  });
  const { port } = await listen(server);
  const { get } = openCalls(`https://127.0.0.1:${port}`, { network: { ca }, limits: { attempts: 1 } });
  expect((await get()).body).toEqual({ ok: true });
  expect((await refusal(get('cut'))).code).toBe('truncated');
  expect(seen).toEqual(['2.0 /things', '2.0 /cut']);
});

test('network settings that cannot be are refused when the connection is opened, without showing them', () => {
  const wrong = {
    "'network.ca'": { ca: 'canary, no certificate' },
    "'network.clientCertificate'": { clientCertificate: { cert: client.cert, key: own.key } },
    "'proxy'": { proxy: 'ftp://canary.example' },
    "did you mean 'proxy'": { porxy: 'http://127.0.0.1:1' },
  };
  for (const [named, network] of Object.entries(wrong)) {
    const error = thrownBy(() => openCalls('https://vendor.example', { network: network as object }));
    expect(error).toMatchObject({ code: 'invalid-settings' });
    expect(error.message).toContain(named);
    expect(error.message).not.toContain('canary');
  }
  const both = { network: { ca }, fetch: globalThis.fetch };
  expect(thrownBy(() => openCalls('https://vendor.example', both)).message).toContain('exclude each other');
});
