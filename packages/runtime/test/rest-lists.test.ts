import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rest } from '../src/protocols/rest/index.ts';
import { openList } from './support/list.ts';
import { json, type SeenRequest, serve } from './support/server.ts';

const queryOf = ({ url }: SeenRequest) => new URL(url, 'http://server').searchParams;
const rowsOf = (ids: readonly number[]) => ids.map((id) => ({ id }));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('a body that is no list, or has none where it should, is not taken for an empty one', async () => {
  for (const body of [{}, { rows: null }, { rows: {} }, 'x', null]) {
    const server = await serve((response) => json(response, body));
    const walk = openList(server.origin, rest.list({ path: 'rows', items: 'rows', next: 'next', cursor: 'after' }));
    expect((await walk()).error?.code).toBe('unexpected-content');
    expect((await openList(server.origin, rest.pages({ path: 'rows', page: 'p' }))()).error?.code).toBe(
      'unexpected-content',
    );
  }
});

test('a numbered list goes on while the vendor says that there is more, also behind an empty page', async () => {
  const bodies = [
    { rows: [{ id: 1 }], more: 2 },
    { rows: [], more: 3 },
    { rows: [{ id: 2 }], more: null },
  ];
  const server = await serve((response, _request, number) => json(response, bodies[number]));
  const list = rest.pages({ path: 'rows', items: 'rows', page: 'p', first: 0, more: 'more' });
  const { ids, error } = await openList(server.origin, list)();
  expect(error).toBeUndefined();
  expect(ids).toEqual([1, 2]);
  expect(server.requests.map((request) => queryOf(request).get('p'))).toEqual(['0', '1', '2']);
});

test('the caller may ask for smaller pages, and not for larger ones than the vendor gives', async () => {
  const server = await serve((response) => json(response, []));
  const list = rest.pages({ path: 'rows', page: 'p', size: { parameter: 'size', records: 50 } });
  for (const pageSize of [7, 500, 0, undefined]) await openList(server.origin, list)({ pageSize });
  expect(server.requests.map((request) => queryOf(request).get('size'))).toEqual(['7', '50', '1', '50']);
});

const offsetList = rest.offset({ path: 'rows', offset: 'skip', size: { parameter: 'take', records: 5 }, key: 'id' });

test('a walk by offset goes on at its cursor, wherever its last row is by then', async () => {
  let rows = upTo(20);
  const server = await serve((response, request) => {
    const skip = Number(queryOf(request).get('skip'));
    json(response, rowsOf(rows.slice(skip, skip + Number(queryOf(request).get('take')))));
  });
  const walk = openList(server.origin, offsetList);
  const first = await walk({}, 2);
  rows = rows.filter((id) => id > 7);
  const second = await walk({ cursor: first.pages.at(-1)?.next });
  expect(second.error).toBeUndefined();
  expect(new Set([...first.ids, ...second.ids])).toEqual(new Set(upTo(20)));
});

test('a cursor of another list is refused before anything is sent', async () => {
  const server = await serve((response) => json(response, []));
  const query = () => ({});
  const lists = [
    offsetList,
    rest.pages({ path: 'rows', page: 'p' }),
    rest.keyset({ path: 'rows', key: 'id', query }),
    rest.windows({ key: 'id', stamp: 'at', more: 'more', request: () => ({ method: 'GET', path: 'rows' }) }),
  ];
  for (const list of lists) {
    for (const cursor of ['{"a":1}', 'somewhere', '[]']) {
      expect((await openList(server.origin, list)({ cursor })).error?.code, cursor).toBe('invalid-request');
    }
  }
  expect(server.requests).toEqual([]);
});

/** Places of the rows that are removed before each request. */
const removals = fc.array(fc.array(fc.nat(60), { maxLength: 6 }), { maxLength: 12 });
const sizes = fc.integer({ min: 1, max: 5 });

test('whatever is removed between pages of whatever size, a walk by offset loses no row that stays', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 40 }), sizes, removals, async (count, most, removed) => {
      let rows = upTo(count);
      const server = await serve((response, request, number) => {
        rows = rows.filter((_id, index) => !removed[number]?.includes(index));
        const skip = Number(queryOf(request).get('skip'));
        json(response, rowsOf(rows.slice(skip, skip + Math.min(most, Number(queryOf(request).get('take'))))));
      });
      const { ids, error } = await openList(server.origin, offsetList)();
      expect(error).toBeUndefined();
      for (const id of rows) expect(ids).toContain(id);
    }),
    { numRuns: 100 },
  );
});

test('a page size that is lowered to a single record in the middle of a walk ends nothing early', async () => {
  const server = await serve((response, request, number) => {
    const skip = Number(queryOf(request).get('skip'));
    json(response, rowsOf(upTo(9).slice(skip, skip + (number < 1 ? 5 : 1))));
  });
  expect((await openList(server.origin, offsetList)()).ids).toEqual(upTo(9));
});

test('a list by key alone ends with the first page that has nothing new', async () => {
  const server = await serve((response, request) => {
    const after = Number(queryOf(request).get('since_id') ?? 0);
    json(response, rowsOf(upTo(7).filter((id) => id > after)).slice(0, 3));
  });
  const list = rest.keyset({ path: 'rows', key: 'id', query: ({ after }) => ({ since_id: after?.key }) });
  const { ids, pages, error } = await openList(server.origin, list)();
  expect(error).toBeUndefined();
  expect(ids).toEqual(upTo(7));
  expect(pages.at(-1)?.records).toEqual([]);
  const resumed = await openList(server.origin, list)({ cursor: pages[0]?.next });
  expect(resumed.ids).toEqual([4, 5, 6, 7]);
});

test('a vendor that ignores what the next page should lie behind is a circle', async () => {
  const server = await serve((response) => json(response, rowsOf([1, 2])));
  const list = rest.keyset({ path: 'rows', key: 'id', query: ({ after }) => ({ since_id: after?.key }) });
  expect((await openList(server.origin, list)()).error?.code).toBe('unexpected-content');
  expect(server.requests).toHaveLength(2);
});

test('the stamp of a keyset cursor keeps every digit that the vendor sent', async () => {
  const stamps = ['2026-03-01T00:00:00.123456Z', '2026-03-01T00:00:00.123457Z'];
  const server = await serve((response, request) => {
    const after = queryOf(request).get('after') ?? '';
    json(
      response,
      stamps
        .filter((at) => at > after)
        .map((at, id) => ({ id: id + 1, at }))
        .slice(0, 1),
    );
  });
  const query = ({ after }: { after: { stamp: string | number | undefined } | undefined }) => ({ after: after?.stamp });
  const list = rest.keyset({ path: 'rows', key: 'id', stamp: 'at', query });
  const { error } = await openList(server.origin, list)();
  expect(error).toBeUndefined();
  expect(server.requests.map((request) => queryOf(request).get('after'))).toEqual([null, ...stamps]);
});

const windows = rest.windows({
  ...{ items: 'rows', key: 'id', stamp: 'at', more: 'more' },
  request: ({ position }) => ({ method: 'POST', path: 'search', body: position }),
});

test.each([
  [
    'rows out of order',
    [
      { id: 1, at: 5 },
      { id: 2, at: 3 },
    ],
  ],
  [
    'rows before the begin of the window',
    [
      { id: 1, at: 0 },
      { id: 2, at: 3 },
    ],
  ],
])('a search that answers %s is refused, and nothing of it is given', async (_what, rows) => {
  const times = rows.map(({ id, at }) => ({ id, at: at === 0 ? 0 : 1_000 + at }));
  const server = await serve((response) => json(response, { rows: times, more: true }));
  const { ids, error } = await openList(server.origin, windows)({ since: new Date(1_000) });
  expect(error?.code).toBe('unexpected-content');
  expect(ids).toEqual([]);
});

test('ties that do not come in the order of their keys are refused: some would be left out', async () => {
  const pages = [
    [4, 9],
    [9, 4],
  ];
  const server = await serve((response, _request, number) =>
    json(response, { rows: (pages[number] ?? []).map((id) => ({ id, at: 7 })), more: true }),
  );
  const { ids, error } = await openList(server.origin, windows)();
  expect(error?.code).toBe('unexpected-content');
  expect(ids).toEqual([]);
  expect(server.requests.map(({ body }) => JSON.parse(body).by)).toEqual(['gte', 'ties']);
});
