import { startFaultProxy } from '@mortise/testing';
import { expect, onTestFinished, test } from 'vitest';
import { type Reply, type SeenRequest, serveReplies } from '../support/json-server.ts';
import { batchCreate, openPeople, people } from '../support/people-vendor.ts';

interface Input {
  readonly externalId: string;
  readonly name: string;
}

const inputsOf = ({ body }: SeenRequest): readonly Input[] => JSON.parse(body).inputs;

/** A vendor that keeps people: each POST adds what it holds, also where the same person comes twice. */
const peopleServer = async () => {
  const kept: (Input & { id: string })[] = [];
  const server = await serveReplies((request): Reply => {
    if (request.method === 'GET') {
      const externalId = request.query.get('externalId');
      return { body: { results: kept.filter((person) => person.externalId === externalId) } };
    }
    const added = inputsOf(request).map((input) => ({ ...input, id: `id-${input.externalId}` }));
    kept.push(...added);
    return { body: { results: added } };
  });
  const posts = () => server.requests.filter(({ method }) => method === 'POST');
  const gets = () => server.requests.filter(({ method }) => method === 'GET');
  const ids = () => kept.map(({ externalId }) => externalId);
  return { ...server, posts, gets, ids };
};

/** The same behind a proxy that spoils the line until the write is known to have failed, or for good. */
const behindProxy = async (toxic: 'drop-after-request' | 'reset', { heals = true } = {}) => {
  const server = await peopleServer();
  const proxy = await startFaultProxy({ target: server.origin });
  onTestFinished(() => proxy.close());
  proxy.set({ kind: toxic });
  const opened = openPeople(proxy.url, {
    events: ({ type }) => {
      if (type === 'call-failed' && heals) proxy.clear();
    },
  });
  return { server, proxy, ...opened };
};

test('case 4: a create whose answer was cut off is looked up by its external id after the lag, and not sent again', async () => {
  const { server, people: live, clock } = await behindProxy('drop-after-request');
  const outcomes = await live.create(people('a', 'b'));
  expect(outcomes).toMatchObject([
    { ok: true, resolved: true, record: { id: 'id-a', externalId: 'a' } },
    { ok: true, resolved: true, record: { id: 'id-b', externalId: 'b' } },
  ]);
  expect(outcomes.map((outcome) => 'created' in outcome)).toEqual([false, false]);
  expect(server.posts()).toHaveLength(1);
  expect(server.gets().map(({ query }) => query.get('externalId'))).toEqual(['a', 'b']);
  expect(server.ids()).toEqual(['a', 'b']);
  expect(clock.waits).toContain(5_000);
});

test('case 4: a create that never reached the vendor is looked up, not found, and sent once more', async () => {
  const { server, people: live } = await behindProxy('reset');
  expect(await live.create(people('a', 'b'))).toMatchObject([
    { ok: true, record: { externalId: 'a' } },
    { ok: true, record: { externalId: 'b' } },
  ]);
  expect(server.gets()).toHaveLength(2);
  expect(server.posts()).toHaveLength(1);
  expect(server.ids()).toEqual(['a', 'b']);
});

test('case 4: while the vendor cannot be asked the outcome stays unknown, and nothing is sent again', async () => {
  const { server, people: live } = await behindProxy('drop-after-request', { heals: false });
  await expect(live.create(people('a'))).rejects.toMatchObject({ code: 'unknown-outcome', operation: 'people.create' });
  expect(server.posts()).toHaveLength(1);
  expect(server.ids()).toEqual(['a']);
});

test('case 4: a resource that cannot look up leaves the outcome unknown', async () => {
  const { server, blind } = await behindProxy('drop-after-request');
  await expect(blind.create(people('a'))).rejects.toMatchObject({ code: 'unknown-outcome' });
  expect(server.posts()).toHaveLength(1);
  expect(server.gets()).toHaveLength(0);
});

test('case 4: a lag longer than is slept is handed back with the time to look again', async () => {
  const server = await serveReplies(() => (response) => response.destroy());
  const { people: live, clock } = openPeople(server.origin, { lagMs: 90_000 });
  await expect(live.create(people('a'))).rejects.toMatchObject({
    code: 'unknown-outcome',
    resumeAt: clock.now() + 90_000,
  });
  expect(server.requests).toHaveLength(1);
  expect(clock.waits).toEqual([]);
});

test('case 4: of a batch that was written in part, only the part that is missing is sent again', async () => {
  const kept = new Set(['b']);
  const server = await serveReplies((request, number): Reply => {
    if (request.method === 'GET') {
      const externalId = request.query.get('externalId') ?? '';
      return { body: { results: kept.has(externalId) ? [{ id: `id-${externalId}`, externalId, name: '' }] : [] } };
    }
    if (number === 0) return (response) => void response.destroy();
    return { body: { results: inputsOf(request).map((input) => ({ ...input, id: `new-${input.externalId}` })) } };
  });
  const outcomes = await openPeople(server.origin).people.create(people('a', 'b', 'c'));
  expect(outcomes.map((outcome) => outcome.ok && [outcome.record.id, outcome.resolved])).toEqual([
    ['new-a', undefined],
    ['id-b', true],
    ['new-c', undefined],
  ]);
  expect(inputsOf(server.requests.at(-1) as SeenRequest).map(({ externalId }) => externalId)).toEqual(['a', 'c']);
});

const keyed = { ...batchCreate, effect: 'keyed', run: keyedRun() } as const;

/** A create that leaves its idempotency key to the transport. */
function keyedRun(): typeof batchCreate.run {
  return async (call, records) => {
    const request = { method: 'POST', path: 'people', body: { inputs: records }, effect: 'keyed' } as const;
    const { body } = await call.transports.rest.send(request);
    return (body as { results: unknown[] }).results.map((record) => ({ ok: true, record }));
  };
}

const keyOf = ({ headers }: SeenRequest) => headers['idempotency-key'];

test('case 17: a create answered with 500 that did succeed is sent again under the same key, and there is one record', async () => {
  const answered = new Map<string, unknown>();
  const server = await serveReplies((request): Reply => {
    const key = `${keyOf(request)}`;
    const known = answered.get(key);
    if (known !== undefined) return { body: known };
    answered.set(key, { results: inputsOf(request).map((input) => ({ ...input, id: `id-${answered.size}` })) });
    return { status: 500, body: {} };
  });
  const { people: live } = openPeople(server.origin, { create: keyed });
  expect(await live.create(people('a'))).toMatchObject([{ ok: true, record: { id: 'id-0' } }]);
  expect(server.requests).toHaveLength(2);
  expect(answered.size).toBe(1);
  expect(keyOf(server.requests[0] as SeenRequest)).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-0-1$/,
  );
});

test('case 17: a write that its caller names has the same keys when it is run again, and each request one of its own', async () => {
  const server = await serveReplies((request): Reply => {
    return { body: { results: inputsOf(request).map((input) => ({ ...input, id: 'x' })) } };
  });
  const { people: live } = openPeople(server.origin, { create: { ...keyed, max: 2 } });
  for (let run = 0; run < 2; run += 1) await live.create(people('a', 'b', 'c'), { idempotencyKey: 'import-7' });
  expect(server.requests.map(keyOf)).toEqual(['import-7-0-2', 'import-7-2-1', 'import-7-0-2', 'import-7-2-1']);
});

const draftAnswers = { create: keyed, rest: { idempotencyAnswers: { inFlight: 409, reused: 422 } } };

test('case 18: while the first request with a key is under way the same request is asked again after a wait', async () => {
  const server = await serveReplies((request, number): Reply => {
    if (number === 0) return { status: 409, headers: { 'retry-after': '7' }, body: {} };
    if (number === 1) return { status: 409, body: {} };
    return { body: { results: inputsOf(request).map((input) => ({ ...input, id: 'x' })) } };
  });
  const { people: live, clock } = openPeople(server.origin, draftAnswers);
  expect(await live.create(people('a'))).toMatchObject([{ ok: true }]);
  expect(clock.waits.map((wait) => Math.floor(wait / 1_000))).toEqual([7, 1]);
  expect(new Set(server.requests.map(keyOf)).size).toBe(1);
  expect(new Set(server.requests.map(({ body }) => body)).size).toBe(1);
});

test('case 18: a key that belongs to another request is a defect that is told, and nothing is sent again', async () => {
  const server = await serveReplies(() => ({ status: 422, body: {} }));
  const { people: live } = openPeople(server.origin, draftAnswers);
  const refused = {
    code: 'invalid-request',
    status: 422,
    attempts: 1,
    message: expect.stringContaining('idempotency key'),
  };
  await expect(live.create(people('a'))).rejects.toMatchObject(refused);
  expect(server.requests).toHaveLength(1);
});

test('case 18: without being told so, 409 is a conflict', async () => {
  const server = await serveReplies(() => ({ status: 409, body: {} }));
  await expect(openPeople(server.origin, { create: keyed }).people.create(people('a'))).rejects.toMatchObject({
    code: 'conflict',
    attempts: 1,
  });
  expect(server.requests).toHaveLength(1);
});

/** Answers each input by its name, as a batch of a 207 does. */
const perItem = (request: SeenRequest, statuses: Readonly<Record<string, number>>): Reply => ({
  status: 207,
  body: {
    results: inputsOf(request).map(({ externalId, name }) => {
      const status = statuses[externalId] ?? 201;
      return status < 400 ? { id: `id-${externalId}`, externalId, name } : { status };
    }),
  },
});

test('case 21: a record of a batch that is gone at the vendor is told by its own outcome, and the others go on', async () => {
  const server = await serveReplies((request) => perItem(request, { b: 404 }));
  const outcomes = await openPeople(server.origin).people.create(people('a', 'b', 'c'));
  expect(outcomes).toMatchObject([
    { ok: true, record: { id: 'id-a' } },
    { ok: false, error: { code: 'not-found', operation: 'people.create' } },
    { ok: true, record: { id: 'id-c' } },
  ]);
  expect(server.requests).toHaveLength(1);
});

/** A vendor that takes so many records at once, and none that is too heavy by itself. */
const narrowServer = async (most: number) => {
  const created: string[] = [];
  const server = await serveReplies((request): Reply => {
    const inputs = inputsOf(request);
    if (inputs.length > most || inputs.some(({ name }) => name === 'heavy')) return { status: 413, body: {} };
    created.push(...inputs.map(({ externalId }) => externalId));
    return { body: { results: inputs.map((input) => ({ ...input, id: `id-${input.externalId}` })) } };
  });
  return { ...server, created, sizes: () => server.requests.map((request) => inputsOf(request).length) };
};

test('case 22: a batch that is too large is halved down to the one record that is too large by itself', async () => {
  const server = await narrowServer(8);
  const records = people('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h').map((record) =>
    record.externalId === 'c' ? { ...record, name: 'heavy' } : record,
  );
  const outcomes = await openPeople(server.origin).people.create(records);
  expect(server.sizes()).toEqual([8, 4, 2, 2, 1, 1, 4]);
  expect(server.created).toEqual(['a', 'b', 'd', 'e', 'f', 'g', 'h']);
  expect(outcomes.map((outcome) => (outcome.ok ? outcome.record.externalId : outcome.error.code))).toEqual([
    ...['a', 'b', 'too-large', 'd', 'e', 'f', 'g', 'h'],
  ]);
});

test('case 22: a single record that is too large is an outcome and no failure of the call', async () => {
  const server = await narrowServer(8);
  const outcomes = await openPeople(server.origin).people.create([{ id: '', externalId: 'a', name: 'heavy' }]);
  expect(outcomes).toMatchObject([{ ok: false, error: { code: 'too-large', status: 413 } }]);
  expect(server.requests).toHaveLength(1);
});

test('case 22: an answer too large for us is no refusal: the write is done and not sent again', async () => {
  const server = await serveReplies(() => ({ body: { results: [], filler: 'x'.repeat(10_000) } }));
  const { blind } = openPeople(server.origin, { limits: { maxBodyBytes: 1_000 } });
  await expect(blind.create(people('a', 'b'))).rejects.toMatchObject({ code: 'unknown-outcome' });
  expect(server.requests).toHaveLength(1);
});

test('case 23: errors of single records are their outcomes, and what succeeded is not sent again', async () => {
  const server = await serveReplies((request) => perItem(request, { a: 400, c: 409, d: 429, e: 500 }));
  const outcomes = await openPeople(server.origin).people.create(people('a', 'b', 'c', 'd', 'e'));
  expect(outcomes.map((outcome) => (outcome.ok ? outcome.record.id : outcome.error.code))).toEqual([
    ...['invalid-request', 'id-b', 'conflict', 'rate-limited', 'unavailable'],
  ]);
  expect(server.requests).toHaveLength(1);
});
