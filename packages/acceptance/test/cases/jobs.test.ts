import { isConnectorError, type ListRequest } from '@mortise/runtime';
import { type JobState, rest } from '@mortise/runtime/rest';
import { startFaultProxy } from '@mortise/testing';
import { expect, onTestFinished, test } from 'vitest';
import { serveReplies } from '../support/json-server.ts';
import { filesHost, openList, reaching, upTo, walk } from '../support/paged-vendor.ts';

interface ExportState {
  readonly state: 'running' | 'done' | 'failed';
  readonly url?: string;
  readonly rows?: number;
  readonly reason?: string;
}

/** The vendor's words for how an export stands, read as any connector would. */
const stateOf = ({ body }: { body: unknown }): JobState => {
  const { state, url = '', rows, reason } = body as ExportState; // the server of this test wrote it
  if (state === 'failed') return { is: 'failed', vendorCode: reason };
  if (state === 'running') return { is: 'running' };
  return { is: 'done', result: { method: 'GET', path: url, isLines: true, count: rows } };
};

const runExport = rest.job({
  start: () => ({ method: 'POST', path: 'exports', body: { of: 'rows' }, idempotencyKey: 'export-1' }),
  poll: () => ({ method: 'GET', path: 'exports/{id}', parameters: { id: '1' } }),
  state: stateOf,
  intervalMs: 1,
  deadlineMs: 10_000,
});

async function* exported(call: Parameters<typeof runExport>[0], _request: ListRequest) {
  const records = await runExport(call, undefined);
  if (Array.isArray(records)) yield { records };
}

const fileOf = (count: number) =>
  `${upTo(count)
    .map((id) => JSON.stringify({ id }))
    .join('\n')}\n`;

/** A vendor that exports rows to a file; `file` answers each fetch of it, by its number. */
const exporting = (file: (number: number) => string, rows = 500) => {
  let fetched = 0;
  return serveReplies(({ method, path }) => {
    if (method === 'POST') return { status: 202, body: { id: 1 } };
    if (path === '/exports/1') return { body: { state: 'done', url: 'files/1', rows } };
    return { text: file(fetched++), headers: { 'content-type': 'application/x-ndjson' } };
  });
};

const openExport = (origin: string, filesAt?: string) =>
  openList(origin, exported, {
    rest: { hosts: [filesHost] },
    ...(filesAt !== undefined && { fetch: reaching(filesAt) }),
  }).list;

const fetches = (requests: readonly { path: string }[]) => requests.filter(({ path }) => path === '/files/1').length;

test.each([
  ['a cut last line', fileOf(500).slice(0, -4)],
  ['a last line cut to what would parse', `${fileOf(499)}5`],
  ['fewer lines than were promised', fileOf(499)],
])('case 64: a file with %s is fetched again, and nothing of the first one is given', async (_what, broken) => {
  const server = await exporting((number) => (number === 0 ? broken : fileOf(500)));
  const { ids, pages, error } = await walk(openExport(server.origin));
  expect(error).toBeUndefined();
  expect(pages).toHaveLength(1);
  expect(ids).toEqual(upTo(500));
  expect(fetches(server.requests)).toBe(2);
});

test('case 64: a file that stays cut is truncated, and nothing of it is given', async () => {
  const server = await exporting(() => fileOf(500).slice(0, -4));
  const { ids, error } = await walk(openExport(server.origin));
  expect(error).toMatchObject({ code: 'truncated', attempts: 2, template: '/files/1' });
  expect(ids).toEqual([]);
  expect(fetches(server.requests)).toBe(2);
});

test('case 64: a line that dies in the middle of the file has it fetched again', async () => {
  let fetched = 0;
  const server = await serveReplies(({ method, path }) => {
    if (method === 'POST') return { status: 202, body: { id: 1 } };
    if (path === '/exports/1') return { body: { state: 'done', url: `https://${filesHost}/files/1`, rows: 2_000 } };
    fetched += 1;
    if (fetched > 1) proxy.clear();
    return { text: fileOf(2_000), headers: { 'content-type': 'application/x-ndjson' } };
  });
  const proxy = await startFaultProxy({ target: server.origin });
  onTestFinished(() => proxy.close());
  proxy.set({ kind: 'truncate', bytes: 8_000 });
  const { ids, error } = await walk(openExport(server.origin, proxy.url));
  expect(error).toBeUndefined();
  expect(ids).toEqual(upTo(2_000));
  expect(fetched).toBe(2);
});

test('an export is started once under its key, asked after until it is done, and fetched from a listed host', async () => {
  const files = await serveReplies(() => ({ text: fileOf(3), headers: { 'content-type': 'application/jsonl' } }));
  const states: ExportState[] = [
    { state: 'running' },
    { state: 'running' },
    { state: 'done', url: `https://${filesHost}/f` },
  ];
  const server = await serveReplies(({ method }, number) =>
    method === 'POST' ? { status: 202, body: { id: 1 } } : { body: states[number - 1] },
  );
  const { ids } = await walk(openExport(server.origin, files.origin));
  expect(ids).toEqual([1, 2, 3]);
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /exports',
    'GET /exports/1',
    'GET /exports/1',
    'GET /exports/1',
  ]);
  expect(server.requests[0]?.headers['idempotency-key']).toBe('export-1');
  expect(files.requests[0]?.headers).not.toHaveProperty('authorization');
});

test('an export that fails at the vendor fails with its code', async () => {
  const server = await serveReplies(({ method }) =>
    method === 'POST' ? { status: 202, body: { id: 1 } } : { body: { state: 'failed', reason: 'TOO_MANY_ROWS' } },
  );
  const { error } = await walk(openExport(server.origin));
  expect(error).toMatchObject({ code: 'invalid-request', vendorCode: 'TOO_MANY_ROWS', operation: 'rows.list' });
});

test('an export ends with the signal of its caller, also while it waits', async () => {
  const stop = new AbortController();
  const server = await serveReplies(({ method }, number) => {
    if (number === 1) setImmediate(() => stop.abort());
    return method === 'POST'
      ? { status: 202, body: { id: 1 } }
      : { body: { state: 'running' }, headers: { 'retry-after': '5' } };
  });
  const thrown: unknown = await openExport(server.origin)({ signal: stop.signal })
    [Symbol.asyncIterator]()
    .next()
    .catch((error: unknown) => error);
  expect(isConnectorError(thrown) && thrown.code).toBe('cancelled');
  expect(server.requests).toHaveLength(2);
});
