import { inspect } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { growingRedactor } from '../src/errors/redact.ts';
import {
  type Auth,
  connectorError,
  describeError,
  errorLines,
  type RuntimeEvent,
  redactor,
  sealSecret,
} from '../src/index.ts';
import { canary, connect, refusal } from './support/connection.ts';
import { json, serve } from './support/server.ts';

afterEach(() => vi.restoreAllMocks());

/** What is written to standard error from now on. */
const standardError = () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  return lines;
};

test('the events of a call come in order and hold names and numbers only', async () => {
  const server = await serve((response, _request, number) =>
    json(response, { name: 'alice' }, [503, 429, 200][number] ?? 200, { 'x-request-id': `r${number}` }),
  );
  const { send, events } = connect(server.origin, { id: 'acme-eu', random: () => 0 });
  const path = 'things/{id}';
  await send({ method: 'PUT', path, parameters: { id: 'bob' }, body: { name: 'carol' }, query: { q: 'dave' } });
  const facts = {
    connector: 'acme',
    connection: 'acme-eu',
    operation: 'things.get',
    method: 'PUT',
    template: '/things/{id}',
  };
  expect(events).toMatchObject([
    { type: 'attempt-failed', ...facts, attempt: 1, code: 'unavailable', status: 503, requestId: 'r0', waitMs: 0 },
    { type: 'attempt-failed', ...facts, attempt: 2, code: 'rate-limited', status: 429, requestId: 'r1', waitMs: 5_000 },
    { type: 'call-succeeded', ...facts, attempts: 3, durationMs: 5_000 },
  ]);
  expect(JSON.stringify(events)).not.toMatch(/alice|bob|carol|dave/);
});

test('a failed call is told once, with everything that the error knows', async () => {
  const server = await serve((response) => json(response, {}, 403, { 'x-request-id': 'r7' }));
  const { get, events } = connect(server.origin);
  const error = await refusal(get());
  expect(error).toMatchObject({ requestId: 'r7', attempts: 1 });
  const told = {
    type: 'call-failed',
    code: 'forbidden',
    status: 403,
    requestId: 'r7',
    message: 'the vendor answered 403',
  };
  expect(events).toMatchObject([told]);
});

test('a sink that throws or rejects does not break the call', async () => {
  const server = await serve((response) => json(response, {}));
  const throwing = () => {
    throw new Error('broken sink');
  };
  const rejecting = () => Promise.reject(new Error('broken sink')) as unknown as undefined;
  for (const events of [throwing, rejecting])
    expect((await connect(server.origin, { events }).get())?.status).toBe(200);
});

test('unless a sink is given, each error is one line of JSON on standard error, and nothing else is', async () => {
  const lines = standardError();
  const server = await serve((response, { url }, number) =>
    json(response, {}, url === '/bad' ? 400 : number === 0 ? 503 : 200),
  );
  const { get } = connect(server.origin, { events: errorLines });
  await get();
  await refusal(get('bad'));
  connect('http://shop.example', { events: errorLines, allowInsecureHost: 'shop.example' });
  expect(lines.map((line) => JSON.parse(line).type)).toEqual(['call-failed', 'insecure-host-allowed']);
  expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
});

const spellings = [
  canary,
  encodeURIComponent(canary),
  new URLSearchParams({ token: canary }).toString(),
  Buffer.from(canary).toString('base64'),
  Buffer.from(canary).toString('base64url'),
  Buffer.from(`user:${canary}`).toString('base64'),
  Buffer.from(`me:${canary}:x`).toString('base64'),
];
/** The middle of each spelling: what is left when an edge of it is cut off. */
const traces = spellings.map((text) => text.slice(6, 22));

test('a secret is in no error, event, JSON or print, however it is spelt', async () => {
  const lines = standardError();
  const server = await serve((response) => json(response, {}, 400, { 'x-request-id': canary }));
  for (const spelling of spellings) {
    const cause = Object.assign(new Error(`caused by ${spelling}`), {
      config: { headers: { authorization: spelling } },
    });
    const throwing: Auth<unknown> = {
      secrets: [],
      connect: () => ({
        headers: () => {
          throw connectorError('forbidden', `${spelling} is no good`, { vendorCode: spelling, cause });
        },
      }),
    };
    const events: RuntimeEvent[] = [];
    const sink = (event: RuntimeEvent) => {
      events.push(event);
      errorLines(event);
    };
    const plain = await refusal(connect(server.origin, { events: sink }).get());
    const thrown = await refusal(connect(server.origin, { auth: throwing, events: sink }).get());
    const shown = [plain, thrown].flatMap((error) => [
      inspect(error, { depth: 9, showHidden: true }),
      JSON.stringify(error),
      describeError(error),
      String(error),
    ]);
    const all = [...shown, JSON.stringify(events), ...lines].join('\n');
    expect(all).toContain('[secret]');
    for (const trace of traces) expect(all).not.toContain(trace);
  }
});

test('a cause without secrets is kept as it is', async () => {
  const cause = new Error('a plain defect');
  const auth: Auth<unknown> = {
    secrets: [],
    connect: () => ({
      headers: () => {
        throw cause;
      },
    }),
  };
  const error = await refusal(connect('http://127.0.0.1:1', { auth }).get());
  expect(error).toMatchObject({ code: 'internal', operation: 'things.get' });
  expect(error.cause).toBe(cause);
});

test('a redactor leaves short secrets and other text alone', () => {
  const redact = redactor([sealSecret('abc'), sealSecret('long enough'), sealSecret('long enough to hold the other')]);
  expect(redact('abc and long enough')).toBe('abc and [secret]');
  expect(redact('long enough to hold the other')).toBe('[secret]');
  expect(redact('bG9uZyBlbm91Z2g=')).toMatch(/^\[secret\].{0,2}$/);
  expect(redactor([])('text')).toBe('text');
});

test('what an auth method sends besides credentials stays readable in messages', async () => {
  const auth: Auth<unknown> = {
    secrets: [],
    connect: () => ({ headers: () => ({ 'x-shop': '127.0.0.1', 'x-acme-access-token': 'canary-token-9' }) }),
  };
  const server = await serve((response) => json(response, {}, 400, { 'x-request-id': '127.0.0.1 canary-token-9' }));
  expect((await refusal(connect(server.origin, { auth }).get())).requestId).toBe('127.0.0.1 [secret]');
});

test('tokens that come and go do not push a lasting secret out of the redactor', () => {
  const { redact, add } = growingRedactor([]);
  add('the proxy password', true);
  for (let count = 0; count < 100; count += 1) add(`token number ${count}`);
  expect(redact('the proxy password, token number 99')).toBe('[secret], [secret]');
});
