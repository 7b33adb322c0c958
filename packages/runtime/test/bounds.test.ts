import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { session } from '../src/auth/index.ts';
import { type RuntimeEvent, sealSecret } from '../src/index.ts';
import type { RestTransport } from '../src/protocols/rest/index.ts';
import { canary, connect, refusal, thrownBy } from './support/connection.ts';
import { json, serve, serveBytes } from './support/server.ts';

test('plain http is refused, but for loopback', () => {
  const error = thrownBy(() => connect('http://shop.example/api'));
  expect(error).toMatchObject({ code: 'unsafe-url', connector: 'acme' });
  expect(error.message).toContain("https://shop.example, or set allowInsecureHost to 'shop.example'");
  for (const origin of ['http://localhost:1', 'http://127.0.0.1', 'http://127.9.9.9', 'http://[::1]:1'])
    connect(origin);
  for (const url of ['http://127.0.0.1.example', 'ftp://127.0.0.1', 'file:///etc/passwd', 'http://localhost.example']) {
    expect(thrownBy(() => connect(url)).code, url).toBe('unsafe-url');
  }
});

test('the one insecure host that is allowed by name is warned of, once', () => {
  const events: RuntimeEvent[] = [];
  const options = { allowInsecureHost: 'shop.example', events: (event: RuntimeEvent) => void events.push(event) };
  connect('http://shop.example:8080/', options);
  expect(events).toMatchObject([{ type: 'insecure-host-allowed', connector: 'acme', host: 'shop.example:8080' }]);
  expect(thrownBy(() => connect('http://other.example/', options)).code).toBe('unsafe-url');
});

test('a URL with a password is refused and not shown', () => {
  const error = thrownBy(() => connect('https://user:canary-password@shop.example/'));
  expect(error.code).toBe('unsafe-url');
  expect(error.message).not.toContain('canary');
  expect(thrownBy(() => connect('not a url')).code).toBe('invalid-settings');
});

test('a redirect on the origin is followed, with the method and body where the status keeps them', async () => {
  const server = await serve((response, { url }) =>
    url === '/moved' ? json(response, { url }) : void response.writeHead(307, { location: '/moved' }).end(),
  );
  const { get, send } = connect(server.origin);
  expect((await get())?.body).toEqual({ url: '/moved' });
  await send({ method: 'PUT', path: 'things', body: { a: 1 } });
  expect(server.requests.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
    'GET /things ',
    'GET /moved ',
    'PUT /things {"a":1}',
    'PUT /moved {"a":1}',
  ]);
});

test('a redirect elsewhere is not followed, and the error names both hosts', async () => {
  const other = await serve((response) => json(response, {}));
  for (const status of [301, 302, 303, 307, 308]) {
    const server = await serve((response) => void response.writeHead(status, { location: `${other.origin}/x` }).end());
    const error = await refusal(connect(server.origin).get());
    expect(error.code).toBe('unsafe-url');
    expect(error.message).toContain(server.host);
    expect(error.message).toContain(other.host);
  }
  expect(other.requests).toHaveLength(0);
});

test('a redirect to plain http, or to no URL at all, is refused', async () => {
  for (const location of [
    'http://',
    'ftp://127.0.0.1/',
    'javascript:alert(1)',
    '//evil.example/x',
    '\\\\evil.example',
  ]) {
    const server = await serve((response) => void response.writeHead(302, { location }).end());
    expect((await refusal(connect(server.origin).get())).code, location).toBe('unsafe-url');
  }
});

test('a connection lost after a redirect is not taken for a cut answer', async () => {
  const server = await serveBytes((socket, received) => {
    if (received.startsWith('GET /moved')) return void socket.destroy();
    socket.end('HTTP/1.1 302 Found\r\nlocation: /moved\r\ncontent-length: 0\r\n\r\n');
  });
  const { get } = connect(server.origin, { limits: { attempts: 1 } });
  expect((await refusal(get())).code).toBe('unreachable');
  expect(server.received.map((text) => text.split(' HTTP')[0])).toEqual(['GET /things', 'GET /moved']);
});

test('a circle of redirects ends', async () => {
  const server = await serve((response) => void response.writeHead(302, { location: '/again' }).end());
  const error = await refusal(connect(server.origin).get());
  expect(error).toMatchObject({ code: 'unexpected-content', attempts: 1 });
  expect(error.message).toContain('redirects more than 5 times');
  expect(server.requests).toHaveLength(6);
});

test('a POST is not turned into a GET by a redirect', async () => {
  const server = await serve((response) => void response.writeHead(302, { location: '/moved' }).end());
  await refusal(connect(server.origin).post());
  expect(server.requests).toHaveLength(1);
});

test('a path stays on the origin whatever it looks like', async () => {
  const server = await serve((response) => json(response, {}));
  const { get } = connect(`${server.origin}/api`);
  await get('/people');
  await get('//people');
  await get('people:batchGet');
  await get(`${server.origin}/next?page=2`);
  expect(server.requests.map(({ url }) => url)).toEqual([
    '/api/people',
    '/api/people',
    '/api/people:batchGet',
    '/next?page=2',
  ]);
  expect((await refusal(get('https://other.example/next'))).code).toBe('unsafe-url');
});

test('a path parameter is one segment, and cannot climb or vanish', async () => {
  const server = await serve((response) => json(response, {}));
  const { send } = connect(server.origin);
  const remove = (id: string) => send({ method: 'DELETE', path: 'things/{id}', parameters: { id } });
  await remove('a/../b?c#d e');
  expect(server.requests.map(({ url }) => url)).toEqual(['/things/a%2F..%2Fb%3Fc%23d%20e']);
  for (const id of ['', '.', '..']) expect((await refusal(remove(id))).code, id).toBe('invalid-request');
  expect((await refusal(send({ method: 'GET', path: 'things/{id}' }))).code).toBe('invalid-definition');
  expect(server.requests).toHaveLength(1);
});

test('the template of an error has the placeholder and not the id', async () => {
  const server = await serve((response) => json(response, {}, 404));
  const { send } = connect(server.origin);
  const error = await refusal(send({ method: 'GET', path: 'things/{id}', parameters: { id: 'alice' } }));
  expect(error.template).toBe('/things/{id}');
  expect(JSON.stringify(error)).not.toContain('alice');
});

test('a query repeats arrays and leaves out what is undefined', async () => {
  const server = await serve((response) => json(response, {}));
  const query = { a: 1, b: true, c: undefined, d: ['x', 'y&z'] };
  await connect(server.origin).send({ method: 'GET', path: 'things?fixed=1', query });
  expect(server.requests[0]?.url).toBe('/things?fixed=1&a=1&b=true&d=x&d=y%26z');
});

test('an answer beyond the cap is dropped while it streams, and its socket closed', async () => {
  let written = 0;
  const server = await serveBytes((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n');
    const chunk = Buffer.alloc(64 * 1024, 32);
    const more = () => {
      while (!socket.destroyed && socket.write(chunk)) written += chunk.length;
    };
    socket.on('drain', more);
    more();
  });
  const error = await refusal(connect(server.origin, { limits: { maxBodyBytes: 1_000_000 } }).get());
  expect(error).toMatchObject({ code: 'too-large', attempts: 1 });
  await Promise.all(server.closed);
  expect(written).toBeLessThan(100_000_000);
});

const zeros = Buffer.alloc(40 * 1024 * 1024);
/** Hashes do not compress: they bring the compressed body over the size that is inflated in place. */
const noise = Buffer.concat(
  Array.from({ length: 4_000 }, (_, index) => createHash('sha512').update(`${index}`).digest()),
);

const bombs = {
  'gzip, small': { encoding: 'gzip', bytes: gzipSync(zeros) },
  'gzip, large': { encoding: 'gzip', bytes: gzipSync(Buffer.concat([noise, zeros])) },
  'br, small': { encoding: 'br', bytes: brotliCompressSync(zeros) },
  'br, large': { encoding: 'br', bytes: brotliCompressSync(Buffer.concat([noise, zeros])) },
};

test('compressed bombs burst at the cap, in place and streaming', async () => {
  for (const [name, { encoding, bytes }] of Object.entries(bombs)) {
    expect(bytes.length > 128 * 1024, name).toBe(name.includes('large'));
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    const server = await serve((response) => void response.writeHead(200, headers).end(bytes));
    const error = await refusal(connect(server.origin, { limits: { maxBodyBytes: 4 * 1024 * 1024 } }).get());
    expect(error, name).toMatchObject({ code: 'too-large', attempts: 1 });
  }
});

test('compressed answers are read, small and large', async () => {
  const small = { text: 'ü'.repeat(1_000) };
  const large = { text: noise.toString('latin1') };
  const packers = { gzip: gzipSync, 'x-gzip': gzipSync, br: brotliCompressSync };
  for (const [encoding, pack] of Object.entries(packers)) {
    for (const body of [small, large]) {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      const server = await serve((response) => void response.writeHead(200, headers).end(pack(JSON.stringify(body))));
      expect((await connect(server.origin).get())?.body).toEqual(body);
      expect(server.requests[0]?.headers['accept-encoding']).toBe('gzip, br');
    }
  }
});

test('stacked and unknown encodings are refused', async () => {
  for (const encoding of ['gzip, gzip', 'gzip, gzip, gzip, gzip, gzip, gzip', 'deflate', 'zstd', 'unheard-of']) {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    const server = await serve((response) => void response.writeHead(200, headers).end(gzipSync(gzipSync('{}'))));
    expect((await refusal(connect(server.origin).get())).code, encoding).toBe('unexpected-content');
  }
});

test('a compressed body that is damaged is unreadable, and one that is cut is truncated', async () => {
  for (const [encoding, pack] of Object.entries({ gzip: gzipSync, br: brotliCompressSync })) {
    const packed = pack(JSON.stringify({ text: noise.toString('latin1') }));
    const cases = {
      'unexpected-content': Buffer.from('neither of them, that much is sure'),
      truncated: packed.subarray(0, -9),
    };
    for (const [code, bytes] of Object.entries({ ...cases })) {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      const server = await serve((response) => void response.writeHead(200, headers).end(bytes));
      expect((await refusal(connect(server.origin).get())).code, `${encoding} ${code}`).toBe(code);
    }
  }
});

test('a header with a line break from the settings is refused when the connection is opened', () => {
  for (const value of ['x\r\nevil: 1', 'x\ny', 'x\0y', 'café', 'x\u2028']) {
    const error = thrownBy(() => connect('http://127.0.0.1:1', { rest: { headers: { 'X-Shop': value } } }));
    expect(error.code).toBe('invalid-settings');
    expect(error.message).toContain("the header 'x-shop'");
    expect(error.message).not.toContain('evil');
  }
  expect(thrownBy(() => connect('http://127.0.0.1:1', { rest: { headers: { 'x\r\nevil': '1' } } })).code).toBe(
    'invalid-settings',
  );
});

test('a header with a line break from a request or a login is refused before anything is sent', async () => {
  const server = await serve((response) => json(response, {}));
  const evil = { 'x-shop': 'x\r\nevil: 1' };
  const { send } = connect(server.origin);
  expect((await refusal(send({ method: 'GET', path: 'things', headers: evil }))).code).toBe('invalid-settings');
  const auth = session<{ rest: RestTransport }>({ secrets: [sealSecret(canary)], login: async () => 'x\r\nevil: 1' });
  expect(await refusal(connect(server.origin, { auth }).get())).toMatchObject({
    code: 'invalid-settings',
    attempts: 1,
  });
  expect(server.requests).toHaveLength(0);
});

test('headers are joined whatever the case of their names, the most special last', async () => {
  const server = await serve((response) => json(response, {}));
  const { send } = connect(server.origin, { rest: { headers: { Accept: 'application/vnd.acme+json', 'X-One': '1' } } });
  await send({
    method: 'POST',
    path: 'things',
    body: {},
    headers: { 'Content-Type': 'application/merge+json', 'x-ONE': '2' },
  });
  const { rawNames, ...headers } = { rawNames: 0, ...server.requests[0]?.headers };
  expect(headers).toMatchObject({
    accept: 'application/vnd.acme+json',
    'content-type': 'application/merge+json',
    'x-one': '2',
  });
});

test('the template of a link that the vendor gave has no ids either, and the version of its API', async () => {
  const { get, events } = connect((await serve((response) => json(response, {}))).origin);
  const [first] = await Promise.all([get('one')]);
  const links = ['/v3/jobs/8f3e-77/result?token=canary', '/admin/api/2026-10/things?page=2', '/v2.1/files/'];
  for (const link of links) await get(new URL(link, first?.url).href);
  const templates = events.flatMap((event) => (event.type === 'call-succeeded' ? [event.template] : []));
  expect(templates).toEqual(['/one', '/v3/jobs/{id}/result', '/admin/api/2026-10/things', '/v2.1/files/']);
});

test('a refusal of another host is none of the connection’s permissions or credentials', async () => {
  let asked = 0;
  const granted = async () => {
    asked += 1;
    return [];
  };
  const auth = { secrets: [], connect: () => ({ headers: () => ({}), granted, remedy: 'connect again' }) };
  for (const status of [401, 403]) {
    const fetch = async () => Response.json({}, { status });
    const { get } = connect('https://api.invalid', { auth, fetch, rest: { hosts: ['files.invalid'] } });
    const { message } = await refusal(get('https://files.invalid/result'));
    expect(message).toBe(`the vendor answered ${status}`);
  }
  expect(asked).toBe(0);
});
