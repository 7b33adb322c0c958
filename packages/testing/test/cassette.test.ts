import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { record, replay, type Secrets } from '../src/index.ts';

/** A server on loopback that ends with the test. */
const serve = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no address');
  return `http://127.0.0.1:${address.port}`;
};

/** A file for a cassette in a folder that ends with the test. */
const cassettePath = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-cassette-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return { folder, path: join(folder, 'cassette.json') };
};

/** Records what `speak` says to a server. */
const recorded = async (target: string, speak: (url: string) => Promise<unknown>, secrets: Secrets = {}) => {
  const { path, folder } = await cassettePath();
  const recording = await record({ target, cassette: path, ...secrets });
  await speak(recording.url);
  expect(await readdir(folder)).toEqual([]);
  const cassette = await recording.close();
  return { path, cassette, text: await readFile(path, 'utf8') };
};

const replayed = async (options: Parameters<typeof replay>[0]) => {
  const server = await replay(options);
  onTestFinished(() => server.close());
  return server;
};

const echo: RequestListener = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'x-path': request.url ?? '' });
  response.end(JSON.stringify({ path: request.url }));
};

const canaries = {
  token: 'canary-token-1f9c',
  cookie: 'canary-cookie-77aa',
  key: 'canary-key-0b1c',
  refresh: 'canary-refresh-5d2e',
  signature: 'canary-signature-99',
  value: 'canary value/with+signs',
  digits: '918273645546372819',
};

test('no secret of a request or an answer reaches the disk, by name or by value, in whatever form', async () => {
  const seen: IncomingHttpHeaders[] = [];
  const target = await serve((request, response) => {
    seen.push(request.headers);
    response.setHeader('set-cookie', `session=${canaries.cookie}`);
    response.setHeader('x-auth-token', canaries.token);
    const body = {
      access_token: canaries.token,
      nested: { clientSecret: { parts: [canaries.key] }, expires_in: 30, next_page_token: 'page-2' },
      file: `https://files.example/a?X-Amz-Signature=${canaries.signature}&part=1`,
      note: `for ${canaries.value}`,
      encoded: `q=${encodeURIComponent(canaries.value)}`,
      basic: Buffer.from(`user:${canaries.value}`).toString('base64'),
    };
    const text = `${JSON.stringify(body).slice(0, -1)},"password":${canaries.digits}}`;
    if (request.url?.startsWith('/xml') !== true) {
      return void response.setHeader('content-type', 'application/json').end(text);
    }
    response.setHeader('content-type', 'text/xml');
    response.end(
      `<e:Envelope><w:Password Type="x">${canaries.key}</w:Password><a token="${canaries.token}">1</a></e:Envelope>`,
    );
  });
  const { text, cassette } = await recorded(
    target,
    async (url) => {
      const headers = {
        authorization: `Bearer ${canaries.token}`,
        'x-shopify-access-token': canaries.token,
        cookie: canaries.cookie,
        'x-api-key': canaries.key,
        'x-plain': canaries.value,
      };
      const form = `grant_type=refresh_token&refresh_token=${canaries.refresh}&code=${canaries.key}`;
      await fetch(`${url}/a?hapikey=${canaries.key}&q=${encodeURIComponent(canaries.value)}`, { headers });
      await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams(form) });
      await fetch(`${url}/json`, { method: 'POST', body: `{"secret":"${canaries.key}","digits":9007199254740993}` });
      await fetch(`${url}/xml`, {
        method: 'POST',
        body: `<x>${canaries.value}</x>`,
        headers: { 'content-type': 'text/xml' },
      });
    },
    { secrets: [canaries.value] },
  );
  expect(seen[0]?.authorization).toBe(`Bearer ${canaries.token}`);
  for (const secret of Object.values(canaries)) {
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').slice(0, 12)]) {
      expect(text).not.toContain(form);
    }
  }
  expect(text).not.toContain('canary');
  // What leads from page to page, and every digit, stay.
  expect(text).toContain('page-2');
  expect(cassette.exchanges[2]?.request.body).toEqual({ text: '{"secret":"[redacted]","digits":9007199254740993}' });
});

test('a secret too short to be told from words is refused', async () => {
  const { path } = await cassettePath();
  await expect(record({ target: 'http://127.0.0.1:1', cassette: path, secrets: ['abc'] })).rejects.toThrow(TypeError);
});

test('what was recorded is served without the vendor, whatever the credentials', async () => {
  const target = await serve(echo);
  const { path } = await recorded(target, (url) =>
    fetch(`${url}/a?b=1&a=2`, { headers: { authorization: 'Bearer one' } }),
  );
  const { url, unmatched, unused } = await replayed({ cassette: path });
  const answer = await fetch(`${url}/a?a=2&b=1`, { headers: { authorization: 'Bearer two' } });
  expect(answer.headers.get('x-path')).toBe('/a?b=1&a=2');
  expect(await answer.json()).toEqual({ path: '/a?b=1&a=2' });
  expect([unmatched(), unused()]).toEqual([[], []]);
});

test('answers to the same request come in the order of the recording, and then no more', async () => {
  let number = 0;
  const target = await serve((_request, response) => {
    number += 1;
    response.writeHead(number === 1 ? 429 : 200).end(`${number}`);
  });
  const { path } = await recorded(target, async (url) => {
    await (await fetch(url)).text();
    await (await fetch(url)).text();
  });
  const { url, unmatched } = await replayed({ cassette: path });
  expect((await fetch(url)).status).toBe(429);
  expect(await (await fetch(url)).text()).toBe('2');
  const third = await fetch(url);
  expect([third.status, third.headers.get('x-mortise-replay')]).toEqual([400, 'unmatched']);
  expect(unmatched()).toEqual(['GET / was recorded 2 times and asked for more often']);
});

test('a request that was not recorded is told how it differs from the nearest', async () => {
  const target = await serve(echo);
  const post = (url: string, body: object) =>
    fetch(`${url}/search?limit=10`, { method: 'POST', body: JSON.stringify(body) });
  const { path } = await recorded(target, (url) => post(url, { filters: [{ value: 'a' }], sort: 'id' }));
  const { url, unmatched, unused } = await replayed({ cassette: path });
  // The order of keys means nothing.
  const answer = await post(url, { sort: 'name', filters: [{ value: 'b' }] });
  const reason =
    'POST /search?limit=10 was not recorded; the nearest is POST /search?limit=10: body.filters[0].value was "a", is "b"; body.sort was "id", is "name"';
  expect(await answer.json()).toEqual({ error: reason });
  expect(unmatched()).toEqual([reason]);
  expect(unused()).toEqual(['POST /search?limit=10']);
});

test('links to the vendor lead back to whoever serves the answer', async () => {
  const origin: { url?: string } = {};
  const target = await serve((request, response) => {
    const next = `${origin.url}/page2`;
    response.setHeader('link', `<${next}>; rel="next"`);
    response.setHeader('content-type', 'application/json');
    response.end(request.url === '/page2' ? '{"page":2}' : `{"next":"${next.replaceAll('/', '\\/')}"}`);
  });
  origin.url = target;
  const follow = async (url: string) => {
    const { next }: { next: string } = await (await fetch(url)).json();
    expect(new URL(next).origin).toBe(url);
    return (await fetch(next)).json();
  };
  const { path, text } = await recorded(target, follow);
  expect(text).not.toContain(target);
  const { url } = await replayed({ cassette: path });
  expect(await follow(url)).toEqual({ page: 2 });
});

test('compressed answers are kept inflated, and bytes that are no text as they are', async () => {
  const bytes = Buffer.from([0, 255, 128, 10]);
  const target = await serve((request, response) => {
    if (request.url === '/bytes') return void response.setHeader('content-type', 'image/png').end(bytes);
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(gzipSync('{"zipped":true}'));
  });
  const both = async (url: string) => [
    await (await fetch(`${url}/zip`)).json(),
    Buffer.from(await (await fetch(`${url}/bytes`)).arrayBuffer()),
  ];
  const { path, text } = await recorded(target, async (url) =>
    expect(await both(url)).toEqual([{ zipped: true }, bytes]),
  );
  expect(text).toContain('{\\"zipped\\":true}');
  expect(await both((await replayed({ cassette: path })).url)).toEqual([{ zipped: true }, bytes]);
});

test('fields that vary from run to run do not count when they are named', async () => {
  const target = await serve(echo);
  const ask = (url: string, stamp: string) => fetch(`${url}/a?id=1&timestamp=${stamp}`);
  const { path } = await recorded(target, (url) => ask(url, '1'), { fields: ['timestamp'] });
  const { url } = await replayed({ cassette: path });
  expect((await ask(url, '2')).status).toBe(200);
});

test('a file that is no cassette is refused', async () => {
  await expect(replay({ cassette: join(import.meta.dirname, '..', 'package.json') })).rejects.toThrow(TypeError);
});
