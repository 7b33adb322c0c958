import { zonedInstant } from '@mortise/models';
import { type Converter, isoInstant, open, type Page } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { rest } from '@mortise/runtime/rest';
import { defineSync, runSync } from '@mortise/sync';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { temporaryStore } from '../support/connections.ts';
import { type SeenRequest, serveReplies } from '../support/json-server.ts';
import { openPeople, peopleVendor, person } from '../support/mapped-people-vendor.ts';

const firstPage = async <Item>(pages: AsyncIterable<Page<Item>>): Promise<Page<Item>> => {
  for await (const page of pages) return page;
  throw new Error('the list has no page');
};

const recordsIn = ({ body }: SeenRequest): readonly Record<string, unknown>[] => JSON.parse(body).records;

/** A vendor that answers a list, and takes and answers what is written. */
const serve = (rows: readonly unknown[]) => {
  const text = JSON.stringify({ rows });
  return serveReplies((request) =>
    request.method === 'POST'
      ? { body: { results: recordsIn(request).map((given, index) => person(String(index + 1), given)) } }
      : { text },
  );
};

test('case 61: 1e400 is refused by the schema of the record, and the page goes on', async () => {
  const server = await serveReplies(() => ({
    text: `{"rows":[${JSON.stringify(person('1')).replace('"score":1', '"score":1e400')},${JSON.stringify(person('2'))}]}`,
  }));
  const page = await firstPage(openPeople(server.origin).people.list());
  expect(page.records.map(({ id }) => id)).toEqual(['2']);
  expect(page.rejected).toMatchObject([{ key: '1', issues: [{ path: 'score' }] }]);
});

test.each(['NaN', 'Infinity', '-Infinity'])('case 61: an answer that holds %s is no JSON', async (value) => {
  const server = await serveReplies(() => ({ text: `{"rows":[{"score":${value}}]}` }));
  await expect(firstPage(openPeople(server.origin).people.list())).rejects.toMatchObject({
    code: 'unexpected-content',
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'case 61: %s is not written as null: its record is refused by path, and the others go on',
  async (score) => {
    const server = await serve([]);
    const { people } = openPeople(server.origin);
    const models = [
      { name: 'Ada', score, state: 'active' as const },
      { name: 'Bob', score: 2, state: 'active' as const },
    ];
    const [refused, written] = await people.model.upsert(models);
    expect(refused).toMatchObject({ ok: false, error: { code: 'invalid-record', issues: [{ path: 'score' }] } });
    expect(written).toMatchObject({ ok: true, record: { name: 'Bob' } });
    const wire = models.map((model, index) => ({ ...model, id: String(index), updatedAt: '2026-11-23T12:00:00Z' }));
    const outcomes = await people.upsert(wire);
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, true]);
    expect(server.requests.flatMap(recordsIn).map(({ name }) => name)).toEqual(['Bob', 'Bob']);
  },
);

test('case 62: an unknown choice is put aside by its path, with the record as it came', async () => {
  const odd = person('1', { state: 'canary-suspended' });
  const server = await serve([odd, person('2')]);
  const page = await firstPage(openPeople(server.origin).people.model.list());
  expect(page.records.map(({ name }) => name)).toEqual(['Person 2']);
  expect(page.rejected).toEqual([{ key: '1', issues: [expect.objectContaining({ path: 'state' })], record: odd }]);
  expect(JSON.stringify(page.rejected[0]?.issues)).not.toContain('canary');
});

test('case 62: a new field is kept in the wire record and does not reach the model', async () => {
  const server = await serve([person('1', { mood: 'sunny' })]);
  const { people } = openPeople(server.origin);
  expect((await firstPage(people.list())).records).toMatchObject([{ id: '1', mood: 'sunny' }]);
  expect((await firstPage(people.model.list())).records).toEqual([{ name: 'Person 1', score: 1, state: 'active' }]);
});

test('case 62: a field that vanished puts its record aside, and the page goes on', async () => {
  const { name: _name, ...nameless } = person('1');
  const server = await serve([nameless, 'no record at all', null, person('2')]);
  const page = await firstPage(openPeople(server.origin).people.list());
  expect(page.records.map(({ id }) => id)).toEqual(['2']);
  expect(page.rejected.map(({ key, issues }) => [key, issues.map(({ path }) => path)])).toEqual([
    ['1', ['name']],
    [undefined, ['']],
    [undefined, ['']],
  ]);
});

/** Syncs one list into another vendor, and gives what the destination got and what the store kept. */
const syncInto = async (rows: readonly unknown[]) => {
  const source = await serve(rows);
  const destination = await serve([]);
  const { store } = await temporaryStore();
  const from = openPeople(source.origin, { id: 'source' }).people;
  const to = openPeople(destination.origin, { id: 'destination' }).people;
  const sync = defineSync({ name: 'people', from, to });
  const result = await runSync(sync, { store });
  const letters = await store.readDeadLetters({ sync: 'people', limit: 10 });
  const written = destination.requests.flatMap(recordsIn);
  return { result, letters, written };
};

test.each(['\ud800', 'half \udc00 pair', 'zero \u0000 inside', '\u0000'])(
  'case 63: %j in a record goes through links and dead letters of SQLite as it came',
  async (text) => {
    const odd = person('2', { note: text, state: 'unknown' });
    const { written, letters } = await syncInto([person('1', { note: text }), odd]);
    expect(written).toMatchObject([{ note: text }]);
    expect(letters).toHaveLength(1);
    expect(letters[0]?.payload).toEqual(odd);
  },
);

test.each(['a\ud800', 'a\udc00', 'a\u0000b'])(
  'case 63: the key %j, which no database keeps as it is, is no key: two could become one',
  async (key) => {
    const { written, result, letters } = await syncInto([person(key, { name: 'odd' }), person('1', { name: 'plain' })]);
    expect(written.map(({ name }) => name)).toEqual(['plain']);
    expect(result.deadLetters).toBe(1);
    expect(letters.map(({ code }) => code)).toEqual(['invalid-record']);
  },
);

const Visit = z.object({ id: z.string(), at: z.string() });
const VisitModel = z.object({ id: z.string(), at: z.date() });

/** Visits whose zone-less times are of a declared zone. */
const openVisits = (url: string, at: Converter<string, Date>) => {
  const visits = peopleVendor.resource({
    record: Visit,
    key: 'id',
    changes: 'none',
    mapping: mapping(Visit, VisitModel, { id: 'id', at: { from: 'at', as: at, access: 'read' } }),
    list: rest.list({ path: 'visits', items: 'rows', next: 'next', cursor: 'after' }),
  });
  const connector = peopleVendor.connector({ resources: { visits } });
  return open(connector, { settings: { url }, credentials: { token: 'x' }, events: () => {} }).visits;
};

const berlinTimes = {
  summer: '2026-07-01T12:00:00',
  winter: '2026-12-01 12:00',
  skipped: '2026-03-29T02:30:00',
  repeated: '2026-10-25T02:30:00',
};
const berlinRows = Object.entries(berlinTimes).map(([id, at]) => ({ id, at }));

test('case 111: times without a zone are read in the declared one; skipped and repeated hours are refused', async () => {
  const server = await serveReplies(() => ({ body: { rows: berlinRows } }));
  const page = await firstPage(openVisits(server.origin, zonedInstant('Europe/Berlin')).model.list());
  expect(page.records.map(({ id, at }) => [id, at.toISOString()])).toEqual([
    ['summer', '2026-07-01T10:00:00.000Z'],
    ['winter', '2026-12-01T11:00:00.000Z'],
  ]);
  expect(page.rejected.map(({ key, issues }) => [key, issues[0]?.path, issues[0]?.reason])).toEqual([
    ['skipped', 'at', 'time in Europe/Berlin: is a time that clocks skip in its zone'],
    ['repeated', 'at', 'time in Europe/Berlin: is a time that clocks show twice in its zone'],
  ]);
});

test.each([
  ['later', 'earlier', '2026-03-29T01:30:00.000Z', '2026-10-25T00:30:00.000Z'],
  ['earlier', 'later', '2026-03-29T00:30:00.000Z', '2026-10-25T01:30:00.000Z'],
] as const)(
  'case 111: with a policy, a skipped hour is read %s and a repeated one %s',
  async (gap, overlap, ...expected) => {
    const server = await serveReplies(() => ({ body: { rows: berlinRows } }));
    const page = await firstPage(
      openVisits(server.origin, zonedInstant('Europe/Berlin', { gap, overlap })).model.list(),
    );
    expect(page.records.slice(2).map(({ at }) => at.toISOString())).toEqual(expected);
  },
);

/** A source whose filter compares stamps as texts of one precision, to the last digit. */
const serveStamps = async (stamps: string[]) => {
  const server = await serveReplies(({ query }) => {
    const since = query.get('since') ?? '';
    const bound = since === '' ? '' : since.replace('Z', '000000Z');
    const rows = stamps.flatMap((updatedAt, index) =>
      nanoseconds(updatedAt) >= bound ? [person(String(index + 1), { updatedAt })] : [],
    );
    return { body: { rows } };
  });
  return server;
};

const nanoseconds = (stamp: string): string => {
  const [, whole = '', fraction = ''] = /^([^.]*?)(?:\.(\d+))?Z$/.exec(stamp) ?? [];
  return `${whole}.${fraction.padEnd(9, '0')}Z`;
};

test.each([
  ['seconds', '2026-11-23T12:00:00Z', '2026-11-23T12:00:00Z'],
  ['milliseconds', '2026-11-23T12:00:00.123Z', '2026-11-23T12:00:00.123Z'],
  ['microseconds', '2026-11-23T12:00:00.123999Z', '2026-11-23T12:00:00.123999Z'],
  ['nanoseconds', '2026-11-23T12:00:00.123456789Z', '2026-11-23T12:00:00.123456790Z'],
  ['a date beyond 2038', '2040-02-29T23:59:59.999999Z', '2040-02-29T23:59:59.999999Z'],
])('case 112: a mark made of %s never passes a record of the same or the next step', async (_name, first, later) => {
  const stamps = [first];
  const source = await serveStamps(stamps);
  const destination = await serve([]);
  const { store } = await temporaryStore();
  const from = openPeople(source.origin, { id: 'source' }).people;
  const to = openPeople(destination.origin, { id: 'destination' }).people;
  const sync = defineSync({ name: 'people', from, to });
  const clock = { ...systemAt('2041-01-01T00:00:00Z') };
  await runSync(sync, { store, clock });
  stamps.push(later);
  await runSync(sync, { store, clock });
  const names = destination.requests.flatMap(recordsIn).map(({ name }) => name);
  expect(names).toEqual(['Person 1', 'Person 2']);
  expect(source.requests.at(-1)?.query.get('since')).not.toBeNull();
});

/** A clock of that wall time, on the system's own timers. */
const systemAt = (instant: string) => ({
  now: () => Date.parse(instant),
  monotonic: () => performance.now(),
  schedule: (callback: () => void, milliseconds: number) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
});

test('case 112: a leap second is read as the end of the second before it', async () => {
  const server = await serve([person('1', { updatedAt: '2016-12-31T23:59:60Z' })]);
  const { people } = openPeople(server.origin);
  const page = await firstPage(people.list());
  expect(people.port.changedAt(page.records[0])).toBe(Date.parse('2016-12-31T23:59:59.999Z'));
  expect(isoInstant.decode('2016-12-31T23:59:60.9Z').getTime()).toBe(Date.parse('2016-12-31T23:59:59.999Z'));
});
