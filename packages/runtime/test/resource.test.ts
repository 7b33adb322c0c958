import { expect, test } from 'vitest';
import { z } from 'zod';
import { bearer } from '../src/auth/index.ts';
import {
  connectorError,
  defineVendor,
  type ItemOutcome,
  isConnectorError,
  isoInstant,
  open,
  type Page,
  secret,
} from '../src/index.ts';
import { mapping } from '../src/mapping/index.ts';
import { rest } from '../src/protocols/rest/index.ts';
import { refusal, thrownBy } from './support/connection.ts';
import { json, serve } from './support/server.ts';

const Wire = z.object({ id: z.string(), changed: z.string(), mail: z.string().nullish(), born: z.string().nullish() });
const Person = z.object({ id: z.string(), email: z.email().nullable(), born: z.date().nullish(), updatedAt: z.date() });
const personMapping = mapping(Wire, Person, {
  id: { from: 'id', access: 'read' },
  email: { from: 'mail', onMissing: 'null' },
  born: { from: 'born', as: isoInstant },
  updatedAt: { from: 'changed', as: isoInstant, access: 'read' },
});
const changed = '2026-11-23T10:00:00.000Z';
const wire = (id: string, mail: string | null = null) => ({ id, changed, mail });

type Written = { mail?: string | null | undefined };
type Run = (records: readonly Written[]) => Promise<readonly ItemOutcome<unknown>[]>;

const echo: Run = async (records) =>
  records.map(({ mail }, index) => ({ ok: true, record: wire(`n${index}`, mail ?? null) }));

/** A connector of people whose batches are written by `run`, two records at a time, opened on a server. */
const people = (origin = 'http://127.0.0.1:1', run: Run = echo) => {
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({ token: secret() }),
    transports: () => ({ rest: rest({ baseUrl: origin }) }),
    auth: ({ credentials }) => bearer(credentials.token),
  });
  const resource = vendor.resource({
    record: Wire,
    key: 'id',
    changes: { field: 'changed', granularityMs: 1, lagMs: 0 },
    mapping: personMapping,
    list: rest.list({ path: 'people', items: 'results', next: 'paging.after', cursor: 'after' }),
    get: async (call, id) =>
      (await call.transports.rest.send({ method: 'GET', path: 'people/{id}', parameters: { id } })).body,
    find: async (call, { field, value }) =>
      (await call.transports.rest.send({ method: 'GET', path: 'find', query: { [field]: value } })).body,
    create: { effect: 'unsafe', max: 2, run: (_call, records) => run(records) },
    upsert: { effect: 'external-id', key: 'mail', max: 2, run: (_call, records) => run(records) },
    update: { effect: 'idempotent', run: async (_call, { id, change }) => ({ id, changed, ...change }) },
    remove: {
      effect: 'idempotent',
      run: async (call, id) => {
        await call.transports.rest.send({ method: 'DELETE', path: 'people/{id}', parameters: { id } });
      },
    },
    deletions: async function* (call, { since }) {
      yield { ids: [`${call.connection} since ${since?.toISOString()}`] };
    },
  });
  const events = () => undefined;
  return open(vendor.connector({ resources: { people: resource } }), { credentials: { token: 'canary-token' }, events })
    .people;
};

const collected = async <Item>(pages: AsyncIterable<Page<Item>>): Promise<Page<Item>[]> => {
  const all: Page<Item>[] = [];
  for await (const page of pages) all.push(page);
  return all;
};

const pagesOf = (pages: Record<string, unknown>) =>
  serve((response, { url }) => json(response, pages[new URL(url, 'http://x').searchParams.get('after') ?? 'start']));

test('bad records of a page are put aside with their key and issues, and the others go on', async () => {
  const bad = { id: 'b', changed: 7, mail: 'canary' };
  const server = await pagesOf({ start: { results: [wire('a'), bad, 'nothing', wire('c')] } });
  const [page] = await collected(people(server.origin).list());
  expect(page?.records).toEqual([wire('a'), wire('c')]);
  expect(page?.rejected).toMatchObject([
    { key: 'b', issues: [{ path: 'changed' }] },
    { key: undefined, issues: [{ path: '' }] },
  ]);
  expect(page?.rejected[0]?.record).toEqual(bad);
  expect(JSON.stringify(page?.rejected.map(({ issues }) => issues))).not.toContain('canary');
});

test('in model terms a record that does not fit its mapping is put aside too', async () => {
  const server = await pagesOf({
    start: { results: [wire('a', 'a@example.com'), { ...wire('b'), changed: 'yesterday' }] },
  });
  const [page] = await collected(people(server.origin).model.list());
  expect(page?.records).toEqual([{ id: 'a', email: 'a@example.com', updatedAt: new Date(changed) }]);
  expect(page?.rejected.map(({ key }) => key)).toEqual(['b']);
});

test('a list follows its cursor through an empty page and can be taken up again', async () => {
  const server = await pagesOf({
    start: { results: [wire('a')], paging: { after: 'p2' } },
    p2: { results: [], paging: { after: 3 } },
    3: { results: [wire('c')], paging: {} },
  });
  const pages = await collected(people(server.origin).list());
  expect(pages.map(({ records, next }) => [records.length, next])).toEqual([
    [1, 'p2'],
    [0, '3'],
    [1, undefined],
  ]);
  expect((await collected(people(server.origin).list({ cursor: '3' }))).flatMap(({ records }) => records)).toEqual([
    wire('c'),
  ]);
});

test('a list whose cursor comes back fails loudly, as does an answer without the list', async () => {
  const circle = await pagesOf({
    start: { results: [], paging: { after: 'p2' } },
    p2: { results: [], paging: { after: 'p3' } },
    p3: { results: [], paging: { after: 'p2' } },
  });
  expect(await refusal(collected(people(circle.origin).list()))).toMatchObject({
    code: 'unexpected-content',
    connector: 'acme',
    operation: 'people.list',
  });
  expect(circle.requests).toHaveLength(3);
  const itself = await pagesOf({ p2: { results: [], paging: { after: 'p2' } } });
  expect((await refusal(collected(people(itself.origin).list({ cursor: 'p2' })))).code).toBe('unexpected-content');
  const other = await pagesOf({ start: { items: [] } });
  expect((await refusal(collected(people(other.origin).list()))).message).toContain("no list at 'results'");
});

test('one record is read by id or by another key, parsed, or not found', async () => {
  const server = await serve((response, { url }) => {
    if (url === '/find?mail=x') return void response.writeHead(204).end();
    return json(response, url === '/people/bad' ? { id: 1 } : wire('a', 'a@example.com'));
  });
  const live = people(server.origin);
  expect(await live.get('a')).toEqual(wire('a', 'a@example.com'));
  expect((await live.model.get('a')).updatedAt).toEqual(new Date(changed));
  expect(await live.find({ field: 'mail', value: 'x' })).toBeUndefined();
  expect(await live.model.find({ field: 'mail', value: 'x' })).toBeUndefined();
  expect(await refusal(live.get('bad'))).toMatchObject({ code: 'invalid-record', operation: 'people.get' });
});

test('batches are cut to the size of a request, and outcomes come in the order of the records', async () => {
  const sizes: number[] = [];
  const live = people(undefined, (records) => {
    sizes.push(records.length);
    return echo(records);
  });
  const outcomes = await live.upsert(['1', '2', '3', '4', '5'].map((mail) => ({ mail })));
  expect(sizes).toEqual([2, 2, 1]);
  expect(outcomes.map((outcome) => outcome.ok && outcome.record.mail)).toEqual(['1', '2', '3', '4', '5']);
  expect(await live.upsert([])).toEqual([]);
  expect(sizes).toHaveLength(3);
});

test('what was written before a request failed stays reported, and the rest says that it was not sent', async () => {
  const live = people(undefined, async (records) => {
    if (records.some(({ mail }) => mail === '3')) throw connectorError('unknown-outcome', 'no answer');
    return echo(records);
  });
  const outcomes = await live.create(['1', '2', '3', '4', '5'].map((mail) => ({ mail })));
  expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code))).toEqual([
    'ok',
    'ok',
    'unknown-outcome',
    'unknown-outcome',
    'unavailable',
  ]);
  expect(outcomes.every((outcome) => outcome.ok || outcome.error.operation === 'people.create')).toBe(true);
});

test('when the first request fails, the call fails', async () => {
  const live = people(undefined, () => Promise.reject(connectorError('forbidden', 'no')));
  expect(await refusal(live.upsert([{ mail: '1' }]))).toMatchObject({ code: 'forbidden', operation: 'people.upsert' });
});

test('outcomes that are not as many as the records are a defect of the connector', async () => {
  const live = people(undefined, async (records) => (await echo(records)).slice(1));
  const error = await refusal(live.upsert([{ mail: '1' }, { mail: '2' }]));
  expect(error).toMatchObject({ code: 'internal', message: '2 records were written and 1 outcomes came back' });
});

test('an item that failed, or came back unlike its schema, is an outcome and no throw', async () => {
  const live = people(undefined, async () => [
    { ok: false, error: connectorError('conflict', 'canary-token was there first') },
    { ok: true, record: { id: 7 } },
  ]);
  const outcomes = await live.upsert([{ mail: '1' }, { mail: '2' }]);
  expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code))).toEqual(['conflict', 'invalid-record']);
  expect(outcomes[0]?.ok === false && outcome(outcomes[0]).message).toBe('[secret] was there first');
});

const outcome = <Item>(of: ItemOutcome<Item> & { ok: false }) => of.error;

test('a model that does not fit its mapping is an outcome, and the others are written', async () => {
  const sent: Written[] = [];
  const live = people(undefined, (records) => {
    sent.push(...records);
    return echo(records);
  });
  const outcomes = await live.model.upsert([
    { email: 'a@example.com' },
    { email: null, born: new Date(Number.NaN) },
    { email: null },
  ]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
  expect(outcomes[1]).toMatchObject({ error: { code: 'invalid-record' } });
  expect(outcomes[2]).toMatchObject({ record: { email: null, updatedAt: new Date(changed) } });
  expect(sent).toHaveLength(2);
});

test('an update writes the changed fields, and a removal is asked for by id', async () => {
  const server = await serve((response) => void response.writeHead(204).end());
  const live = people(server.origin);
  expect(await live.update('a', { mail: 'x' })).toEqual({ id: 'a', changed, mail: 'x' });
  expect(await live.model.update('a', { email: 'b@example.com' })).toMatchObject({ id: 'a', email: 'b@example.com' });
  await live.model.remove('a/b');
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['DELETE /people/a%2Fb']);
});

test('deletions are passed on with the request', async () => {
  const pages = [];
  for await (const page of people().deletions({ since: new Date(changed) })) pages.push(page);
  expect(pages).toEqual([{ ids: [`acme since ${changed}`] }]);
});

test('whatever else a connector throws is an internal error that names the operation', async () => {
  for (const thrown of [new TypeError('canary-token'), 'canary-token', undefined]) {
    const live = people(undefined, () => Promise.reject(thrown));
    const error = await refusal(live.create([{ mail: '1' }]));
    expect(error).toMatchObject({
      code: 'internal',
      connector: 'acme',
      connection: 'acme',
      operation: 'people.create',
    });
    expect(String(error.cause)).not.toContain('canary-token');
  }
});

test('the port serves engines: keys, stamps, and the same operations without types', async () => {
  const { port } = people();
  expect(port).toMatchObject({ id: 'acme.people', connection: 'acme', hasMapping: true });
  expect(port.keyOf(wire('a'))).toBe('a');
  expect([port.keyOf({ id: '' }), port.keyOf(null), port.keyOf({ id: 7 })]).toEqual([undefined, undefined, '7']);
  expect(port.changedAt(wire('a'))).toBe(Date.parse(changed));
  expect(port.changedAt({ changed: 'yesterday' })).toBeUndefined();
  expect(port.upsert).toMatchObject({ effect: 'external-id', key: 'mail', max: 2 });
  expect(port.encode({ email: 'a@example.com' })).toMatchObject({ ok: true, value: { mail: 'a@example.com' } });
});

test('without a mapping the model is the wire record, and absent operations are absent', () => {
  const vendor = defineVendor({
    id: 'plain',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ rest: rest({ baseUrl: 'http://127.0.0.1:9' }) }),
    auth: () => ({ secrets: [], connect: () => ({ headers: () => ({}) }) }),
  });
  const things = vendor.resource({ record: Wire, key: 'id', changes: 'none', get: async () => wire('a') });
  const live = open(vendor.connector({ resources: { things } }), {});
  expect(Object.keys(live.things).toSorted()).toEqual(['get', 'model', 'port']);
  expect(Object.keys(live.things.model)).toEqual(['get']);
  expect(live.things.port.decode({ any: 1 })).toEqual({ ok: true, value: { any: 1 } });
  expect(isConnectorError(thrownBy(() => open({ ...vendor.connector({ resources: {} }), contract: 0 }, {})))).toBe(
    true,
  );
});
