import { rest } from '@mortise/runtime/rest';
import { expect, test } from 'vitest';
import { type SeenRequest, serveReplies } from '../support/json-server.ts';
import { filesHost, openList, reaching, upTo, walk } from '../support/paged-vendor.ts';

const cursorList = rest.list({ path: 'rows', items: 'rows', next: 'next', cursor: 'after', key: 'id' });
const minute = 60_000;

const refusedErrors = { classify: ({ body }: { body: unknown }) => errorsIn(body) };
const errorsIn = (body: unknown) =>
  typeof body === 'object' && body !== null && 'errors' in body
    ? ({ code: 'invalid-request', message: 'the vendor reports errors', vendorCode: 'E7' } as const)
    : undefined;

test('case 24: an answer of status 200 that holds errors is a failure, not an empty list', async () => {
  const server = await serveReplies(() => ({ body: { errors: [{ code: 'E7' }], rows: [] } }));
  const { error, pages } = await walk(openList(server.origin, cursorList, { rest: refusedErrors }).list);
  expect(error).toMatchObject({ code: 'invalid-request', vendorCode: 'E7', operation: 'rows.list' });
  expect(pages).toEqual([]);
  expect(server.requests).toHaveLength(1);
});

test('case 43: an empty page in the middle leads on to the next', async () => {
  const pages: Record<string, unknown> = {
    '': { rows: [{ id: 1 }], next: 'a' },
    a: { rows: [], next: 'b' },
    b: { rows: [{ id: 2 }] },
  };
  const server = await serveReplies(({ query }) => ({ body: pages[query.get('after') ?? ''] }));
  const { ids, error } = await walk(openList(server.origin, cursorList).list);
  expect(ids).toEqual([1, 2]);
  expect(error).toBeUndefined();
  expect(server.requests.map(({ query }) => query.get('after'))).toEqual([null, 'a', 'b']);
});

test('case 44: a next cursor that comes back is a circle and fails loudly', async () => {
  const next: Record<string, string> = { '': 'a', a: 'b', b: 'a' };
  const server = await serveReplies(({ query }, number) => ({
    body: { rows: [{ id: number }], next: next[query.get('after') ?? ''] },
  }));
  const { error } = await walk(openList(server.origin, cursorList).list);
  expect(error).toMatchObject({ code: 'unexpected-content' });
  expect(error?.message).toContain('lead back');
  expect(server.requests).toHaveLength(3);
});

test('case 44: a cursor that leads to itself is one, also where a walk begins with it', async () => {
  const server = await serveReplies(() => ({ body: { rows: [{ id: 1 }], next: 'same' } }));
  const { error } = await walk(openList(server.origin, cursorList).list, { cursor: 'same' });
  expect(error?.code).toBe('unexpected-content');
  expect(server.requests).toHaveLength(1);
});

test('case 44: a vendor that ignores the number of the page is a circle as well', async () => {
  const server = await serveReplies(() => ({ body: [{ id: 1 }, { id: 2 }] }));
  const { error } = await walk(openList(server.origin, rest.pages({ path: 'rows', page: 'page' })).list);
  expect(error?.code).toBe('unexpected-content');
  expect(server.requests).toHaveLength(2);
});

test('case 45: a next link to another host is refused, naming both', async () => {
  const other = await serveReplies(() => ({ body: [] }));
  const server = await serveReplies(() => ({
    body: [{ id: 1 }],
    headers: { link: `<${other.origin}/rows?page=2>; rel="next"` },
  }));
  const { error } = await walk(openList(server.origin, rest.links({ path: 'rows' })).list);
  expect(error?.code).toBe('unsafe-url');
  expect(error?.message).toContain(server.host);
  expect(error?.message).toContain(other.host);
  expect(other.requests).toEqual([]);
});

test('case 45: a listed host is asked, and neither credentials nor own headers go there', async () => {
  const other = await serveReplies(() => ({ body: [{ id: 2 }] }));
  const link = `<https://${filesHost}/2>; rel=next`;
  const server = await serveReplies(() => ({ body: [{ id: 1 }], headers: { link } }));
  const options = { rest: { hosts: [filesHost], headers: { 'x-api-key': 'a-key' } }, fetch: reaching(other.origin) };
  const { ids } = await walk(openList(server.origin, rest.links({ path: 'rows' }), options).list);
  expect(ids).toEqual([1, 2]);
  expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer a-token', 'x-api-key': 'a-key' });
  expect(other.requests).toHaveLength(1);
  expect(other.requests[0]?.headers).not.toHaveProperty('authorization');
  expect(other.requests[0]?.headers).not.toHaveProperty('x-api-key');
});

/** Rows 1 to `count` behind an offset, never more than `most` however many are asked for. */
const sliced = (count: number, most: number) => (request: SeenRequest) => {
  const skip = Number(request.query.get('skip'));
  const take = Math.min(Number(request.query.get('take')), most);
  return {
    body: upTo(count)
      .slice(skip, skip + take)
      .map((id) => ({ id })),
  };
};
const size = { parameter: 'take', records: 10 };
const offsetList = rest.offset({ path: 'rows', offset: 'skip', size, key: 'id' });

test.each([1, 3, 10])(
  'case 46: a vendor that gives %i records where 10 are asked for ends nothing early',
  async (most) => {
    const server = await serveReplies(sliced(25, most));
    const { ids, error } = await walk(openList(server.origin, offsetList).list);
    expect(error).toBeUndefined();
    expect(ids).toEqual(upTo(25));
  },
);

test('case 46: smaller pages of a numbered list leave no gap, and larger ones are counted anew', async () => {
  const server = await serveReplies(({ query }, number) => {
    const applied = number < 3 ? 5 : 10;
    const page = Number(query.get('page'));
    const rows = upTo(42).slice((page - 1) * applied, page * applied);
    return { body: { rows: rows.map((id) => ({ id })), size: applied } };
  });
  const list = rest.pages({ path: 'rows', items: 'rows', page: 'page', size, toldSize: 'size', key: 'id' });
  const { ids, error } = await walk(openList(server.origin, list).list);
  expect(error).toBeUndefined();
  expect(ids).toEqual(upTo(42));
});

const stamped = (id: number, at = id) => ({ id, changed: new Date(at * minute).toISOString() });

test('case 47: a cursor that the vendor no longer takes is an error of its own, never the end', async () => {
  const server = await serveReplies(({ query }) =>
    query.has('after') ? { status: 410, body: {} } : { body: { rows: [{ id: 1 }], next: 'old' } },
  );
  const { ids, cursor, error } = await walk(openList(server.origin, cursorList).list);
  expect(error).toMatchObject({ code: 'expired-cursor', status: 410 });
  expect(ids).toEqual([1]);
  expect(cursor).toBe('old');
  expect(server.requests).toHaveLength(2);
});

const resuming = rest.list({
  path: 'rows',
  items: 'rows',
  next: 'next',
  cursor: 'after',
  key: 'id',
  stamp: 'changed',
  resumeByStamp: true,
  query: ({ since }) => ({ since: since?.toISOString() }),
});

/** Gives pages of two rows by stamp; tokens name a row and are refused as `expired` says. */
const expiring = (expired: (token: string, number: number) => boolean) =>
  serveReplies(({ query }, number) => {
    const token = query.get('after');
    if (token !== null && expired(token, number)) return { status: 400, body: { error: 'TOKEN_EXPIRED' } };
    const since = Date.parse(query.get('since') ?? '') || 0;
    const first = token === null ? Math.max(1, Math.ceil(since / minute)) : Number(token.slice(1));
    const rows = upTo(9).slice(first - 1, first + 1);
    return { body: { rows: rows.map((id) => stamped(id)), next: first + 2 <= 9 ? `t${first + 2}` : null } };
  });

const tokenExpired = {
  classify: ({ body }: { body: unknown }, failure: object | undefined) =>
    failure && JSON.stringify(body).includes('TOKEN_EXPIRED')
      ? ({ code: 'expired-cursor', message: 'the token has expired', reach: 'refused', status: 400 } as const)
      : undefined,
};

test('case 47: a walk by stamp goes on from the last stamp, not from the begin', async () => {
  const server = await expiring((_token, number) => number === 2);
  const { ids, error } = await walk(openList(server.origin, resuming, { rest: tokenExpired }).list);
  expect(error).toBeUndefined();
  expect(ids).toEqual(upTo(9));
  const [, , refused, resumed] = server.requests;
  expect(refused?.query.get('after')).toBe('t5');
  expect(resumed?.query.has('after')).toBe(false);
  expect(resumed?.query.get('since')).toBe(stamped(4).changed);
});

test('case 47: a later walk goes on from the stamp in its cursor when the token in it has expired', async () => {
  const server = await expiring((token) => token === 't5');
  const rows = openList(server.origin, resuming, { rest: tokenExpired });
  const first = await walk(rows.list, {}, 2);
  const second = await walk(rows.list, { cursor: first.cursor });
  expect(second.error).toBeUndefined();
  expect(second.ids).toEqual([4, 5, 6, 7, 8, 9]);
  expect(server.requests.at(2)?.query.get('after')).toBe('t5');
  expect(server.requests.at(3)?.query.get('since')).toBe(stamped(4).changed);
});

/** A list of rows that changes before the request of a given number. */
const changing = (rows: { id: number }[], change: (number: number) => void) =>
  serveReplies(({ query }, number) => {
    change(number);
    const skip = Number(query.get('skip'));
    return { body: rows.slice(skip, skip + Number(query.get('take'))) };
  });

test.each([
  ['a row', 1],
  ['the rows of a page and a half', 15],
  ['all that was read', 19],
])('case 48: %s removed before the position during a walk by offset hides no other row', async (_what, removed) => {
  const rows = upTo(45).map((id) => ({ id }));
  const server = await changing(rows, (number) => number === 2 && rows.splice(0, removed));
  const { ids, error } = await walk(openList(server.origin, offsetList).list);
  expect(error).toBeUndefined();
  expect(new Set(ids)).toEqual(new Set(upTo(45)));
});

test('case 48: the last row read may itself be removed', async () => {
  const rows = upTo(25).map((id) => ({ id }));
  const server = await changing(rows, (number) => number === 1 && rows.splice(9, 1));
  const { ids } = await walk(openList(server.origin, offsetList).list);
  expect(ids).toEqual(upTo(25));
});

test('case 48: rows that come in before the position shift none that is read twice or not at all', async () => {
  const rows = upTo(25).map((id) => ({ id }));
  const server = await changing(rows, (number) => number === 1 && rows.unshift({ id: 98 }, { id: 99 }));
  const { ids } = await walk(openList(server.origin, offsetList).list);
  expect(ids).toEqual(upTo(25));
});

test('case 48: a list that has no order of its own fails instead of being read in circles', async () => {
  const server = await serveReplies(({ query }, number) => ({
    body: upTo(Number(query.get('take'))).map((id) => ({ id: number * 1_000 + id })),
  }));
  const { error } = await walk(openList(server.origin, offsetList).list);
  expect(error).toMatchObject({ code: 'unexpected-content' });
  expect(server.requests.length).toBeLessThan(30);
});

test('case 49: a record on two pages is given once and noted, and again when it has changed', async () => {
  const pages: Record<string, unknown> = {
    '': {
      rows: [
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
      ],
      next: 'p',
    },
    p: { rows: [{ id: 2, name: 'b' }, { id: 1, name: 'new' }, { id: 3 }] },
  };
  const server = await serveReplies(({ query }) => ({ body: pages[query.get('after') ?? ''] }));
  const walked = await walk(openList(server.origin, cursorList).list);
  expect(walked.ids).toEqual([1, 2, 1, 3]);
  expect(walked.notes).toEqual([{ kind: 'repeated', key: '2' }]);
});

interface Search {
  readonly filters: readonly { readonly field: string; readonly op: 'ge' | 'gt' | 'le'; readonly value: number }[];
  readonly sort: 'changed' | 'id';
  readonly take: number;
}

const searchList = rest.windows({
  items: 'rows',
  key: 'id',
  stamp: 'changed',
  more: 'more',
  request: ({ position, pageSize = 200 }) => {
    const { stamp, by } = position;
    const filters =
      position.by === 'ties'
        ? [
            { field: 'changed', op: 'ge', value: stamp },
            { field: 'changed', op: 'le', value: stamp },
            { field: 'id', op: 'gt', value: Number(position.key ?? 0) },
          ]
        : [{ field: 'changed', op: by === 'gte' ? 'ge' : 'gt', value: stamp }];
    const body = { filters, sort: by === 'ties' ? 'id' : 'changed', take: pageSize };
    return { method: 'POST', path: 'search', body };
  },
});

const compare = {
  ge: (a: number, b: number) => a >= b,
  gt: (a: number, b: number) => a > b,
  le: (a: number, b: number) => a <= b,
};

/** A search that gives no result beyond the 10,000th, and equal stamps in an order of its own. */
const capped = (rows: readonly { id: number; changed: number }[]) =>
  serveReplies(({ body }) => {
    const { filters, sort, take }: Search = JSON.parse(body);
    const fits = (row: { id: number; changed: number }) =>
      filters.every(({ field, op, value }) => compare[op](field === 'id' ? row.id : row.changed, value));
    const found = rows
      .filter(fits)
      .toSorted((a, b) => a[sort] - b[sort] || ((a.id * 7919) % 101) - ((b.id * 7919) % 101));
    const reachable = found.slice(0, 10_000);
    return { body: { rows: reachable.slice(0, take), more: reachable.length > take, total: found.length } };
  });

test('case 50: 10,500 rows of one stamp under a cap of 10,000 results are all read, by key', async () => {
  const rows = upTo(10_900).map((id) => ({ id, changed: id <= 200 ? 1_000 + id : id <= 10_700 ? 5_000 : 6_000 + id }));
  const server = await capped(rows);
  const { ids, error } = await walk(openList(server.origin, searchList).list);
  expect(error).toBeUndefined();
  expect(ids).toHaveLength(10_900);
  expect(new Set(ids).size).toBe(10_900);
  expect(server.requests.length).toBeLessThan(70);
});

test('case 51: a total that lies ends nothing and begins nothing', async () => {
  const pages: Record<string, unknown> = {
    '': { rows: [{ id: 1 }], next: 'a', total: 0 },
    a: { rows: [{ id: 2 }], total: 1_000 },
  };
  const server = await serveReplies(({ query }) => ({ body: pages[query.get('after') ?? ''] }));
  const list = rest.list({ path: 'rows', items: 'rows', next: 'next', cursor: 'after', total: 'total' });
  const walked = await walk(openList(server.origin, list).list);
  expect(walked.ids).toEqual([1, 2]);
  expect(walked.pages.map(({ total }) => total)).toEqual([0, 1_000]);
  expect(server.requests).toHaveLength(2);
});

const sorted = rest.list({
  ...{ path: 'rows', items: 'rows', next: 'next', cursor: 'after' },
  ...{ key: 'id', stamp: 'changed', sorted: true },
});

test('case 52: a row out of the declared order is an error, and nothing of its page or after it is given', async () => {
  const pages: Record<string, unknown> = {
    '': { rows: [stamped(1), stamped(2)], next: 'a' },
    a: { rows: [stamped(3), stamped(7, 1), stamped(4)], next: 'b' },
  };
  const server = await serveReplies(({ query }) => ({ body: pages[query.get('after') ?? ''] }));
  const walked = await walk(openList(server.origin, sorted).list);
  expect(walked.error).toMatchObject({ code: 'unexpected-content' });
  expect(walked.error?.message).toContain('order');
  expect(walked.ids).toEqual([1, 2]);
  expect(walked.cursor).toBe('a');
  expect(server.requests).toHaveLength(2);
});

const keyset = rest.keyset({
  path: 'rows',
  items: 'rows',
  key: 'id',
  stamp: 'changed',
  size: { parameter: 'take', records: 3 },
  query: ({ after, since, until }) => ({
    after: after && `${after.stamp}/${after.key}`,
    since: since?.toISOString(),
    until: until?.toISOString(),
  }),
});

interface StampedRow {
  readonly id: number;
  readonly changed?: string | null;
}

const byStamp = (a: StampedRow, b: StampedRow): number =>
  (a.changed ?? '').localeCompare(b.changed ?? '') || a.id - b.id;

/** Rows by stamp and id, those without a stamp first, behind a record and within a window. */
const keysetServer = (rows: readonly StampedRow[]) =>
  serveReplies(({ query }) => {
    const [stamp = '', id] = query.get('after')?.split('/') ?? [];
    const [since, until] = [query.get('since'), query.get('until')];
    const within = ({ changed }: StampedRow) =>
      changed == null || ((since === null || changed >= since) && (until === null || changed <= until));
    const behind = (row: StampedRow) => id === undefined || byStamp(row, { id: Number(id), changed: stamp }) > 0;
    const found = rows.filter((row) => within(row) && behind(row)).toSorted(byStamp);
    return { body: { rows: found.slice(0, Number(query.get('take'))) } };
  });

test('case 53: rows without a stamp are given and noted, and move no cursor', async () => {
  const server = await keysetServer([{ id: 8 }, { id: 9, changed: null }, ...upTo(5).map((id) => stamped(id))]);
  const walked = await walk(openList(server.origin, keyset).list);
  expect(walked.ids).toEqual([8, 9, 1, 2, 3, 4, 5]);
  expect(walked.notes).toEqual([
    { kind: 'stamp-missing', key: '8' },
    { kind: 'stamp-missing', key: '9' },
  ]);
  expect(JSON.parse(walked.pages[0]?.next ?? '')).toEqual([stamped(1).changed, '1']);
  expect(server.requests[1]?.query.get('after')).toBe(`${stamped(1).changed}/1`);
});

const future = { id: 77, changed: '2099-01-01T00:00:00.000Z' };

test('case 54: a row of the year 2099 is given and noted, and the cursor stays within the window', async () => {
  const server = await keysetServer([...upTo(4).map((id) => stamped(id)), future]);
  const rows = openList(server.origin, keyset);
  const walked = await walk(rows.list);
  expect(walked.ids).toEqual([1, 2, 3, 4, 77]);
  expect(walked.notes).toEqual([{ kind: 'stamp-ahead', key: '77' }]);
  expect(JSON.parse(walked.cursor ?? '')).toEqual([stamped(4).changed, '4']);
  // What a later walk from that cursor meets is what has come since.
  expect((await walk(rows.list, { cursor: walked.cursor })).ids).toEqual([77]);
});

test('case 54: the same holds where windows of a search follow the stamps', async () => {
  const last = Date.parse('2099-01-01T00:00:00Z');
  const server = await capped([
    ...upTo(300).map((id) => ({ id, changed: id * 10 })),
    { id: 301, changed: last },
    { id: 302, changed: last + 1 },
  ]);
  const before = Date.now();
  const { ids, pages } = await walk(openList(server.origin, searchList).list, { pageSize: 1 + 300 });
  expect(ids).toEqual(upTo(302));
  for (const { next = '' } of pages.slice(0, -1)) {
    const stamp = Number(next.split('.')[1]);
    expect(stamp).toBeLessThan(last);
    expect(stamp).toBeLessThan(before + minute);
  }
});

test('case 55: a window is widened by a whole step of a filter that knows only minutes or days', async () => {
  const day = 86_400_000;
  for (const granularityMs of [minute, day]) {
    const list = rest.pages({
      ...{ path: 'rows', page: 'page', key: 'id', stamp: 'changed', granularityMs },
      query: ({ since, until }) => ({ since: since?.getTime(), until: until?.getTime() }),
    });
    const server = await serveReplies(() => ({ body: [] }));
    const since = new Date('2026-03-14T15:09:26.535Z');
    const until = new Date('2026-03-15T09:26:53.589Z');
    await walk(openList(server.origin, list).list, { since, until });
    const asked = server.requests[0]?.query;
    const [from, to] = [Number(asked?.get('since')), Number(asked?.get('until'))];
    expect(from % granularityMs).toBe(0);
    expect(to % granularityMs).toBe(0);
    expect(since.getTime() - from).toBeGreaterThanOrEqual(granularityMs);
    expect(to - until.getTime()).toBeGreaterThanOrEqual(granularityMs);
    expect(since.getTime() - from).toBeLessThan(2 * granularityMs);
  }
});

test('case 56: of several relations in a Link header the next one is followed, relative to its page', async () => {
  const links = [
    '<first,page?x=",">; title="a, b; rel=\\"next\\""; rel="first prev"',
    '<?page=2>; rel="last NEXT"; title="next, please"',
  ];
  const server = await serveReplies((_request, number) => ({
    body: [{ id: number + 1 }],
    ...(number === 0 && { headers: { link: links.join(', ') } }),
  }));
  const { ids, error } = await walk(openList(`${server.origin}/v1/`, rest.links({ path: 'rows' })).list);
  expect(error).toBeUndefined();
  expect(ids).toEqual([1, 2]);
  expect(server.requests[1]).toMatchObject({ path: '/v1/rows' });
  expect(server.requests[1]?.query.get('page')).toBe('2');
});
