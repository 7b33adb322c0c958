import { expect, test } from 'vitest';
import { z } from 'zod';
import { type FileJob, type FileJobState, type RestCall, rest } from '../src/protocols/rest/index.ts';
import { canary } from './support/connection.ts';
import { openBackfill } from './support/line-file.ts';
import { json, type SeenRequest, serve } from './support/server.ts';

const State = z.object({
  is: z.enum(['running', 'done', 'failed', 'gone']),
  file: z.string().optional(),
  rows: z.number().optional(),
});
type State = z.output<typeof State>;

const stateOf = ({ is, file, rows }: State): FileJobState => {
  if (is !== 'done') return { is };
  return { is, count: rows, file: file === undefined ? undefined : { method: 'GET', path: file } };
};

const job: FileJob<RestCall> = {
  start: async (call, { since }) => {
    const asked = { method: 'POST', path: 'jobs', body: { since }, effect: 'idempotent' } as const;
    const { body } = await call.transports.rest.send(asked);
    return z.object({ id: z.string() }).parse(body).id;
  },
  state: async (call, id) => {
    const { body } = await call.transports.rest.send({ method: 'GET', path: 'jobs/{id}', parameters: { id } });
    return stateOf(State.parse(body));
  },
};

const rows = (count: number) => Array.from({ length: count }, (_, index) => `{"id":${index + 1}}\n`).join('');

/** A vendor whose job is in these states, one for each question and the last one for good. */
const serveJob = (states: readonly State[], file = rows(2_500)) => {
  let asked = 0;
  return serve((response, { method, url }: SeenRequest) => {
    if (method === 'POST') return json(response, { id: 'gid://acme/Job/1+1' }, 201);
    if (url !== '/file') return json(response, states[Math.min(asked++, states.length - 1)]);
    response.writeHead(200, { 'content-type': 'application/jsonl' }).end(file);
  });
};
const done: State = { is: 'done', file: 'file', rows: 2_500 };
const asked = ({ requests }: { requests: readonly SeenRequest[] }) =>
  requests.map(({ method, url }) => `${method} ${url}`);
const jobPath = '/jobs/gid%3A%2F%2Facme%2FJob%2F1%2B1';

test('a job is started, waited for with empty pages, and its file read page by page', async () => {
  const server = await serveJob([{ is: 'running' }, { is: 'running' }, done]);
  const { pages, ids, error } = await openBackfill(server.origin, rest.backfill(job)).read();
  expect(error).toBeUndefined();
  expect(pages.map((page) => page.ids.length)).toEqual([0, 0, 0, 1_000, 1_000, 500]);
  expect(ids).toHaveLength(2_500);
  expect(pages.map(({ next }) => next !== undefined)).toEqual([true, true, true, true, true, false]);
  expect(asked(server)).toEqual(['POST /jobs', ...Array(3).fill(`GET ${jobPath}`), 'GET /file']);
});

test('after a crash while the job runs, the same job is asked after and none is started', async () => {
  const server = await serveJob([{ is: 'running' }, done]);
  const { read } = openBackfill(server.origin, rest.backfill(job));
  const crashed = await read({ mostPages: 1 });
  const { ids } = await read({ cursor: crashed.pages[0]?.next ?? '' });
  expect(ids).toHaveLength(2_500);
  expect(asked(server).filter((line) => line.startsWith('POST'))).toHaveLength(1);
});

test('after a crash in the middle of the file, it is read on behind the last page', async () => {
  const server = await serveJob([done]);
  const { read } = openBackfill(server.origin, rest.backfill(job));
  const crashed = await read({ mostPages: 2 });
  expect(crashed.ids).toHaveLength(1_000);
  const { ids } = await read({ cursor: crashed.pages.at(-1)?.next ?? '' });
  expect(ids).toEqual(Array.from({ length: 1_500 }, (_, index) => index + 1_001));
  expect(server.requests.at(-1)?.headers.range).toMatch(/^bytes=\d+-$/);
});

test.each<[string, State, string]>([
  ['is gone', { is: 'gone' }, 'expired-cursor'],
  ['has failed', { is: 'failed' }, 'invalid-request'],
  ['names no file for lines that it counts', { is: 'done', rows: 3 }, 'truncated'],
])('a job that %s gives no record and its error', async (_what, state, code) => {
  const server = await serveJob([state]);
  const { ids, error } = await openBackfill(server.origin, rest.backfill(job)).read();
  expect(error).toMatchObject({ code, operation: 'rows.backfill' });
  expect(ids).toEqual([]);
});

test('a job without a file that counts nothing has found nothing', async () => {
  const server = await serveJob([{ is: 'done', rows: 0 }]);
  expect(await openBackfill(server.origin, rest.backfill(job)).read()).toMatchObject({ ids: [], error: undefined });
});

test('a job that is not done in its time is left, and its cursor goes on with it', async () => {
  const server = await serveJob([{ is: 'running' }]);
  const slow = rest.backfill({ ...job, intervalMs: 10_000, deadlineMs: 35_000 });
  const { pages, error } = await openBackfill(server.origin, slow).read();
  expect(error?.code).toBe('timeout');
  expect(pages.at(-1)?.next).toContain('Job');
});

test('a cursor of something else is refused before anything is asked', async () => {
  const server = await serveJob([done]);
  const { error } = await openBackfill(server.origin, rest.backfill(job)).read({ cursor: 'abc' });
  expect(error?.code).toBe('invalid-request');
  expect(server.requests).toEqual([]);
});

test('a file on a host that is not listed is not asked for; on a listed one it is, without credentials', async () => {
  const files = await serveJob([done], rows(3));
  const server = await serveJob([{ is: 'done', file: 'https://files.acme.invalid/file?X-Signature=abc', rows: 3 }]);
  const refused = await openBackfill(server.origin, rest.backfill(job)).read();
  expect(refused.error?.code).toBe('unsafe-url');
  const reaching: typeof globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return fetch(url.hostname === 'files.acme.invalid' ? new URL('/file', files.origin) : url, init);
  };
  const options = { rest: { hosts: ['files.acme.invalid'] }, fetch: reaching };
  expect((await openBackfill(server.origin, rest.backfill(job), options).read()).ids).toEqual([1, 2, 3]);
  expect(JSON.stringify(files.requests.map(({ headers }) => headers))).not.toContain(canary);
  expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${canary}`);
});

test('records may be put together from the lines of a page', async () => {
  const file = '{"id":1}\n{"id":11,"of":1}\n{"id":2}\n';
  const server = await serveJob([{ is: 'done', file: 'file', rows: 3 }], file);
  const parents = rest.backfill<RestCall>({
    ...job,
    startsRecord: (line) => typeof line === 'object' && line !== null && !('of' in line),
    records: (lines) => [{ id: lines.length }],
  });
  expect((await openBackfill(server.origin, parents).read()).ids).toEqual([3]);
});
