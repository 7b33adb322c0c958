import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { systemClock } from '../src/index.ts';
import { openFile } from './support/line-file.ts';
import { type SeenRequest, serve, serveBytes } from './support/server.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const fileOf = (count: number) =>
  upTo(count)
    .map((id) => `${JSON.stringify({ id, name: `Ærø ${id} 東京` })}\n`)
    .join('');
const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n';

/** Serves a file as hosts of files do: whole, or from a byte on. */
const serveRanges = (file: string, answer: { etag?: string; cut?: (number: number) => number | undefined } = {}) =>
  serve((response, { headers }: SeenRequest, number) => {
    const bytes = Buffer.from(file);
    const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
    const begin = Number(from ?? 0);
    const range = from === undefined ? {} : { 'content-range': `bytes ${begin}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(from === undefined ? 200 : 206, {
      'content-type': 'application/x-ndjson',
      'content-length': bytes.length - begin,
      ...(answer.etag !== undefined && { etag: answer.etag }),
      ...range,
    });
    const end = answer.cut?.(number);
    if (end === undefined) return void response.end(bytes.subarray(begin));
    response.write(bytes.subarray(begin, end), () => response.destroy());
  });

test('a file is given in pages, and each but the last says where the next one begins', async () => {
  const server = await serveRanges(fileOf(5));
  const { pages } = await openFile(server.origin, { count: 5, bytes: Buffer.byteLength(fileOf(5)) }).read();
  expect(pages.map(({ ids }) => ids)).toEqual([[1, 2], [3, 4], [5]]);
  expect(pages.map(({ next }) => next && JSON.parse(next))).toEqual([
    { byte: Buffer.byteLength(fileOf(2)), line: 2 },
    { byte: Buffer.byteLength(fileOf(4)), line: 4 },
    undefined,
  ]);
  expect(server.requests).toHaveLength(1);
});

test('a compressed file is inflated as it arrives', async () => {
  const server = await serve((response) => {
    const bytes = gzipSync(fileOf(4_000));
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' });
    response.end(bytes);
  });
  const { ids } = await openFile(server.origin, { count: 4_000 }).read();
  expect(ids).toEqual(upTo(4_000));
  expect(server.requests[0]?.headers['accept-encoding']).toBe('gzip, br');
});

test('a character that is cut between two packets is whole in the record', async () => {
  const line = Buffer.from('{"id":"東"}\n');
  const server = await serveBytes((socket) => {
    socket.write(`${head}content-length: ${line.length}\r\n\r\n`);
    socket.write(line.subarray(0, 8));
    setTimeout(() => socket.write(line.subarray(8)), 30);
  });
  expect((await openFile(server.origin).read()).ids).toEqual(['東']);
});

test('a connection that breaks in the middle is taken up behind the last whole line', async () => {
  const bytes = Buffer.byteLength(fileOf(3)) + 5;
  const server = await serveRanges(fileOf(6), { etag: '"v1"', cut: (number) => (number === 0 ? bytes : undefined) });
  const { read, events } = openFile(server.origin, { count: 6 });
  const { ids, error } = await read();
  expect(error).toBeUndefined();
  expect(ids).toEqual(upTo(6));
  expect(server.requests[1]?.headers).toMatchObject({
    range: `bytes=${Buffer.byteLength(fileOf(3)) - 1}-`,
    'if-range': '"v1"',
    'accept-encoding': 'identity',
  });
  expect(events.filter(({ type }) => type === 'attempt-failed')).toMatchObject([{ code: 'truncated', attempt: 1 }]);
});

test('a host that gives no parts is read from its beginning, and what was read is left out', async () => {
  const server = await serve((response, _request, number) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    if (number > 0) return void response.end(fileOf(6));
    response.write(fileOf(3), () => response.destroy());
  });
  expect((await openFile(server.origin, { count: 6 }).read()).ids).toEqual(upTo(6));
});

test('a part that is compressed, or another one than was asked for, is not used', async () => {
  const server = await serve((response, { headers }, number) => {
    const type = { 'content-type': 'application/x-ndjson' };
    if (number === 0) return void response.writeHead(200, type).write(fileOf(3), () => response.destroy());
    if (headers.range === undefined) return void response.writeHead(200, type).end(fileOf(6));
    response.writeHead(206, { ...type, 'content-range': 'bytes 0-9/99' }).end('{"id":99}\n');
  });
  expect((await openFile(server.origin, { count: 6 }).read()).ids).toEqual(upTo(6));
  expect(server.requests).toHaveLength(3);
});

test('a file that stays cut is truncated, and its last page is not given', async () => {
  const server = await serve((response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(fileOf(5).slice(0, -9), () => response.destroy());
  });
  const { ids, error } = await openFile(server.origin).read();
  expect(ids).toEqual([1, 2]);
  expect(error).toMatchObject({ code: 'truncated', operation: 'rows.backfill', template: '/file', attempts: 4 });
  // The whole file first, then the part behind its fourth line.
  expect(server.requests.map(({ headers }) => headers.range !== undefined)).toEqual([false, true, true, true]);
});

test.each([
  ['its last line', fileOf(4).slice(0, -6)],
  ['all lines behind the third', fileOf(3)],
])('a file that ends without %s, as if it were whole, is truncated where the count tells', async (_what, cut) => {
  const server = await serve((response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(cut);
  });
  const { ids, error } = await openFile(server.origin, { count: 4 }).read();
  expect(error?.code).toBe('truncated');
  expect(ids).toEqual([1, 2]);
});

test('a file of more lines or bytes than the vendor spoke of is none of the job, and not asked for again', async () => {
  const server = await serveRanges(fileOf(4));
  expect((await openFile(server.origin, { count: 3 }).read()).error?.code).toBe('unexpected-content');
  expect((await openFile(server.origin, { bytes: 30 }).read()).error?.code).toBe('unexpected-content');
  expect((await openFile(server.origin, { bytes: 3_000 }).read()).error?.code).toBe('truncated');
  expect(server.requests).toHaveLength(2 + 4);
});

test('a reading goes on where an earlier one stood', async () => {
  const server = await serveRanges(fileOf(6), { etag: '"v1"' });
  const { read } = openFile(server.origin, { count: 6 });
  const [first] = (await read({ mostPages: 1 })).pages;
  const rest = await read({ cursor: first?.next ?? '' });
  expect(rest).toMatchObject({ ids: [3, 4, 5, 6], error: undefined });
  expect(server.requests[1]?.headers.range).toBe(`bytes=${Buffer.byteLength(fileOf(2)) - 1}-`);
});

test.each([
  ['has another tag', JSON.stringify({ byte: 23, line: 1, version: '"v0"' })],
  ['has no line end where one was', JSON.stringify({ byte: 20, line: 1 })],
])('a file that %s is another one: the cursor has expired', async (_what, cursor) => {
  const server = await serveRanges(fileOf(6), { etag: '"v1"' });
  const { ids, error } = await openFile(server.origin).read({ cursor });
  expect(error?.code).toBe('expired-cursor');
  expect(ids).toEqual([]);
});

test('a file that is shorter than what was read of it is another one', async () => {
  const server = await serve((response) => void response.writeHead(416).end());
  const { error } = await openFile(server.origin).read({ cursor: JSON.stringify({ byte: 900, line: 9 }) });
  expect(error?.code).toBe('expired-cursor');
});

test('a page of HTML is no file of lines, and a status of an error none either', async () => {
  const html = await serve((response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<p>log in');
  });
  expect((await openFile(html.origin).read()).error?.code).toBe('unexpected-content');
  const gone = await serve((response) => void response.writeHead(403).end());
  expect((await openFile(gone.origin).read()).error?.code).toBe('forbidden');
});

test('lines that belong together are given on one page', async () => {
  const lines = [
    { id: 1 },
    { id: 'a', parent: 1 },
    { id: 'b', parent: 1 },
    { id: 2 },
    { id: 'c', parent: 2 },
    { id: 3 },
  ];
  const server = await serveRanges(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const startsRecord = (line: unknown) => typeof line === 'object' && line !== null && !('parent' in line);
  const { pages } = await openFile(server.origin, { startsRecord }).read();
  expect(pages.map(({ ids }) => ids)).toEqual([[1, 'a', 'b'], [2, 'c'], [3]]);
});

/** Writes a file of any length as fast as it is read, and counts. */
const serveEndless = async (lines: number) => {
  const written = { bytes: 0 };
  const line = Buffer.from(`${JSON.stringify({ id: 'x'.repeat(1_000) })}\n`.repeat(64));
  const server = await serve(async (response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (let count = 0; count < lines && !response.destroyed; count += 64) {
      written.bytes += line.length;
      if (response.write(line)) continue;
      await new Promise<void>((resolve) => {
        const go = () => {
          response.off('drain', go).off('close', go);
          resolve();
        };
        response.once('drain', go).once('close', go);
      });
    }
    response.end();
  });
  return { ...server, written };
};

test('a slow reader holds the socket back, and leaving the loop closes it', async () => {
  const server = await serveEndless(1_000_000);
  const { live } = openFile(server.origin);
  let pages = 0;
  for await (const page of live.backfill()) {
    expect(page.records).toHaveLength(2);
    pages += 1;
    if (pages === 3) await new Promise((resolve) => setTimeout(resolve, 100));
    if (pages === 4) break;
  }
  // A gigabyte is there to be sent: what was written are buffers on the way.
  expect(server.written.bytes).toBeLessThan(50_000_000);
});

/** Bytes of buffers that are still held once the garbage is gone: without it the figure would be a matter of luck. */
const heldBytes = async (): Promise<number> => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  // Buffers are freed behind the collection, by another thread.
  for (let pass = 0; pass < 2; pass += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return process.memoryUsage().arrayBuffers;
};

test('reading a large file takes no more memory than its pages', async () => {
  const server = await serveEndless(200_000);
  const { live } = openFile(server.origin, { pageLines: 500 });
  let lines = 0;
  let highest = 0;
  for await (const page of live.backfill()) {
    lines += page.records.length;
    if (lines % 20_000 === 0) highest = Math.max(highest, await heldBytes());
  }
  expect(lines).toBe(200_000);
  // 200 MB went through.
  expect(highest).toBeLessThan(60_000_000);
});

test('a line without an end is refused at its cap', async () => {
  const server = await serve((response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.end(`{"id":1}\n{"id":"${'x'.repeat(50_000)}"}\n`);
  });
  const { error } = await openFile(server.origin, { maxLineBytes: 20_000 }).read();
  expect(error?.code).toBe('too-large');
});

test('aborting while the file arrives closes its socket', async () => {
  const stop = new AbortController();
  const server = await serveBytes((socket) => {
    socket.write(`${head}content-length: 9999\r\n\r\n${fileOf(5)}`);
    setTimeout(() => stop.abort(), 50);
  });
  const { error } = await openFile(server.origin).read({ signal: stop.signal });
  expect(error?.code).toBe('cancelled');
  await Promise.all(server.closed);
  expect(server.closed).toHaveLength(1);
});

test('a file that stops coming is taken up again after the time of one request', async () => {
  const server = await serve((response, _request, number) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    if (number > 0) return void response.end(fileOf(6));
    response.write(fileOf(3));
  });
  const limits = { requestTimeoutMs: 200, backoffBaseMs: 1 };
  const { read, events } = openFile(server.origin, { count: 6 }, { clock: systemClock, limits });
  expect((await read()).ids).toEqual(upTo(6));
  expect(events.filter(({ type }) => type === 'attempt-failed')).toMatchObject([{ code: 'timeout' }]);
});

test('a fetch that the host gives is read as it arrives too', async () => {
  const server = await serveRanges(fileOf(6), { cut: (number) => (number === 0 ? 80 : undefined) });
  expect((await openFile(server.origin, { count: 6 }, { fetch: globalThis.fetch }).read()).ids).toEqual(upTo(6));
});
