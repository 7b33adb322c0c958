import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAhead } from '../src/index.ts';
import { rest } from '../src/protocols/rest/index.ts';
import { openList, openRows } from './support/list.ts';
import { json, type SeenRequest, serve, serveBytes } from './support/server.ts';

const queryOf = ({ url }: SeenRequest) => new URL(url, 'http://server').searchParams;
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const rowsOf = (ids: readonly number[]) => ids.map((id) => ({ id }));

/** A list by offset of which four pages are read at once. */
const offsetOfRows = {
  ...{ path: 'rows', items: 'rows', total: 'total', offset: 'skip', key: 'id' },
  ...{ size: { parameter: 'take', records: 5 }, sideBySide: 4 },
} as const;

const byOffset = rest.offset(offsetOfRows);

const slice = (request: SeenRequest, rows: readonly number[]) => {
  const skip = Number(queryOf(request).get('skip'));
  return rowsOf(rows.slice(skip, skip + Number(queryOf(request).get('take'))));
};

/** Answers a request only when so many are there, and knows how many there were at once. */
const gathering = (most: number) => {
  const waiting: (() => void)[] = [];
  const seen = { atOnce: 0, open: 0 };
  return {
    seen,
    arrive: async () => {
      seen.open += 1;
      seen.atOnce = Math.max(seen.atOnce, seen.open);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        const go = () => {
          for (const each of waiting.splice(0)) each();
        };
        if (seen.open >= most) go();
        else setTimeout(go, 30);
      });
      seen.open -= 1;
    },
  };
};

test('pages by offset are asked for at once and given in their order', async () => {
  const { arrive, seen } = gathering(4);
  const server = await serve(async (response, request) => {
    await arrive();
    json(response, { rows: slice(request, upTo(41)), total: 41 });
  });
  const { ids, pages, error } = await openList(server.origin, byOffset)();
  expect(error).toBeUndefined();
  expect(ids).toEqual(upTo(41));
  expect(pages.slice(0, 3).map(({ next }) => next)).toEqual(['4+5', '8+9', '12+13']);
  expect(seen.atOnce).toBe(4);
  // Nothing behind the total is guessed: the last question is the walk's own.
  expect(server.requests.filter((request) => Number(queryOf(request).get('skip')) > 40)).toHaveLength(1);
});

test('a quota of two requests at once holds for pages side by side', async () => {
  const { arrive, seen } = gathering(4);
  const server = await serve(async (response, request) => {
    await arrive();
    json(response, { rows: slice(request, upTo(30)), total: 30 });
  });
  const quota = [{ name: 'default', concurrent: 2 }];
  expect((await openList(server.origin, byOffset, { rest: { quota }, limits: { quotaReserve: 0 } })()).ids).toEqual(
    upTo(30),
  );
  expect(seen.atOnce).toBe(2);
});

const removals = fc.array(fc.array(fc.nat(60), { maxLength: 6 }), { maxLength: 12 });

test('whatever is removed between pages, a walk side by side loses no row that stays', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(40), fc.integer({ min: 1, max: 5 }), removals, async (count, most, removed) => {
      let rows = upTo(count);
      const server = await serve((response, request, number) => {
        rows = rows.filter((_id, index) => !removed[number]?.includes(index));
        json(response, { rows: slice(request, rows).slice(0, most), total: rows.length });
      });
      const { ids, error } = await openList(server.origin, byOffset)();
      expect(error).toBeUndefined();
      for (const id of rows) expect(ids).toContain(id);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('the error of a page is told behind the pages before it, and none of those behind it is given', async () => {
  const server = await serve((response, request) => {
    const skip = Number(queryOf(request).get('skip'));
    if (skip === 8) return void setTimeout(() => json(response, {}, 403), 40);
    if (skip > 8) return json(response, {}, 401);
    json(response, { rows: slice(request, upTo(99)) });
  });
  const { ids, error } = await openList(server.origin, byOffset)();
  expect(ids).toEqual(upTo(9));
  expect(error?.code).toBe('forbidden');
});

test('an error of a page that the walk does not come to is nobody’s', async () => {
  const server = await serve((response, request) => {
    const rows = slice(request, upTo(12));
    if (Number(queryOf(request).get('skip')) > 12) return json(response, {}, 400);
    json(response, { rows });
  });
  expect(await openList(server.origin, byOffset)()).toMatchObject({ ids: upTo(12), error: undefined });
});

test('aborting closes the sockets of all pages that are on their way', async () => {
  const stop = new AbortController();
  const page = JSON.stringify({ rows: rowsOf(upTo(5)) });
  let opened = 0;
  const server = await serveBytes((socket, received) => {
    opened += 1;
    const isFirst = received.includes('skip=0');
    if (isFirst && received.split('GET ').length === 2) {
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${page.length}\r\n\r\n${page}`,
      );
    }
    if (opened === 5) stop.abort();
  });
  const { error } = await openList(server.origin, byOffset)({ signal: stop.signal });
  expect(error?.code).toBe('cancelled');
  await Promise.all(server.closed);
  expect(server.closed).toHaveLength(5);
});

test('numbered pages are asked for at once, up to the total', async () => {
  const { arrive, seen } = gathering(3);
  const list = rest.pages({ path: 'rows', items: 'rows', total: 'total', page: 'p', sideBySide: 3 });
  const server = await serve(async (response, request) => {
    await arrive();
    const page = Number(queryOf(request).get('p'));
    json(response, { rows: rowsOf(upTo(23).slice((page - 1) * 5, page * 5)), total: 23 });
  });
  expect((await openList(server.origin, list)()).ids).toEqual(upTo(23));
  expect(seen.atOnce).toBe(3);
  expect(server.requests).toHaveLength(6);
});

interface Row {
  readonly id: number;
  readonly at: number;
}

/** A search over rows by stamp, of which so many windows are read at once. */
const byWindows = (sideBySide: number) =>
  rest.windows({
    items: 'rows',
    total: 'total',
    key: 'id',
    stamp: 'at',
    more: 'more',
    sideBySide,
    request: ({ position, until }) => ({
      method: 'POST',
      path: 'search',
      body: { ...position, until: until?.getTime() },
    }),
  });

interface Search {
  readonly by: 'gte' | 'gt' | 'ties';
  readonly stamp: number;
  readonly key?: string;
  readonly until?: number;
}

/** Answers a search as vendors do: five rows, and whether there are more. */
const found = (rows: readonly Row[], { by, stamp, key, until = Number.POSITIVE_INFINITY }: Search) => {
  const within = rows.filter(({ id, at }) => {
    if (by === 'ties') return at === stamp && id > Number(key ?? 0);
    return (by === 'gte' ? at >= stamp : at > stamp) && at <= until;
  });
  const sorted = within.toSorted((left, right) => (by === 'ties' ? left.id - right.id : left.at - right.at));
  return { rows: sorted.slice(0, 5), more: sorted.length > 5, total: sorted.length };
};

const rowsAt = (stamps: readonly number[]): Row[] => stamps.map((at, index) => ({ id: index + 1, at }));
const sorted = (ids: readonly unknown[]) => [...new Set(ids)].map(Number).toSorted((left, right) => left - right);

test('windows of time are read at once and given in their order', async () => {
  const { arrive, seen } = gathering(4);
  const rows = rowsAt(upTo(60).map((number) => 1_000_000 + number * 1_000));
  const server = await serve(async (response, { body }) => {
    await arrive();
    json(response, found(rows, JSON.parse(body)));
  });
  const { ids, error } = await openList(
    server.origin,
    byWindows(4),
  )({ since: new Date(0), until: new Date(1_100_000) });
  expect(error).toBeUndefined();
  expect(ids).toEqual(upTo(60));
  expect(seen.atOnce).toBe(4);
});

test('changes that are bunched in a corner of the window are read at once too', async () => {
  const { arrive, seen } = gathering(4);
  const rows = rowsAt(upTo(200).map((number) => 1_000_000_000 + number * 1_000));
  const server = await serve(async (response, { body }) => {
    await arrive();
    json(response, found(rows, JSON.parse(body)));
  });
  const year = { since: new Date(0), until: new Date(31_536_000_000) };
  const { ids, error } = await openList(server.origin, byWindows(4))(year);
  expect(error).toBeUndefined();
  expect(ids).toEqual(upTo(200));
  expect(seen.atOnce).toBe(4);
});

const stamps = fc.array(fc.integer({ min: 1_000, max: 1_400 }), { maxLength: 60 });

test('whatever the stamps and the total that is claimed, windows side by side give every row', async () => {
  await fc.assert(
    fc.asyncProperty(stamps, fc.option(fc.nat(1_000), { nil: undefined }), fc.boolean(), async (given, lie, isOpen) => {
      const rows = rowsAt(given);
      const server = await serve((response, { body }) => {
        const answer = found(rows, JSON.parse(body));
        json(response, { ...answer, total: lie ?? answer.total });
      });
      const until = isOpen ? {} : { until: new Date(1_400) };
      const { ids, error } = await openList(server.origin, byWindows(4))({ since: new Date(0), ...until });
      expect(error).toBeUndefined();
      expect(sorted(ids)).toEqual(sorted(rows.map(({ id }) => id)));
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('a walk by windows goes on at the cursor of any page, side by side or not', async () => {
  const rows = rowsAt(upTo(40).map((number) => 1_000 + Math.floor(number / 3) * 20));
  const server = await serve((response, { body }) => json(response, found(rows, JSON.parse(body))));
  const window = { since: new Date(0), until: new Date(2_000) };
  const { pages } = await openList(server.origin, byWindows(4))(window);
  for (const [index, { next }] of pages.entries()) {
    if (next === undefined) continue;
    const before = pages.slice(0, index + 1).flatMap(({ records }) => records);
    for (const sideBySide of [1, 4]) {
      const { ids } = await openList(server.origin, byWindows(sideBySide))({ ...window, cursor: next });
      const all = [...before.map((record) => Object(record).id), ...ids];
      expect(sorted(all)).toEqual(upTo(40));
    }
  }
});

/** A walk that notes what was asked of it. */
const noted = (count: number, failAt = Number.POSITIVE_INFINITY) => {
  const notes = { asked: 0, isClosed: false };
  async function* walk() {
    try {
      for (let number = 1; number <= count; number += 1) {
        notes.asked = number;
        await new Promise((resolve) => setImmediate(resolve));
        if (number === failAt) throw new Error('broken');
        yield number;
      }
    } finally {
      notes.isClosed = true;
    }
  }
  return { walk: walk(), notes };
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test('reading ahead has the next page on its way, no more, and ends the walk when its reader leaves', async () => {
  const { walk, notes } = noted(9);
  for await (const page of readAhead(() => walk)) {
    await settled();
    expect(notes.asked).toBe(page + 1);
    if (page === 3) break;
  }
  await settled();
  expect(notes).toEqual({ asked: 4, isClosed: true });
});

test('reading ahead tells a failure behind the pages before it', async () => {
  const { walk } = noted(9, 3);
  const seen: number[] = [];
  const read = async () => {
    for await (const page of readAhead(() => walk, { ahead: 4 })) seen.push(page);
  };
  await expect(read()).rejects.toThrow('broken');
  expect(seen).toEqual([1, 2]);
});

/** Answers up to an offset; behind it requests hang until they are given up. Counts how many hung and were given up. */
const hangingServer = async (lastAnswered: number) => {
  const seen = { hanging: 0, givenUp: 0 };
  const server = await serve((response, request) => {
    if (Number(queryOf(request).get('skip')) <= lastAnswered) return json(response, { rows: slice(request, upTo(99)) });
    seen.hanging += 1;
    response.once('close', () => {
      seen.givenUp += 1;
    });
  });
  return { server, seen };
};

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await settled();
};

test('a loop that is left gives up the pages that were asked for side by side', async () => {
  const { server, seen } = await hangingServer(4);
  let pages = 0;
  for await (const _page of openRows(server.origin, byOffset).list()) {
    pages += 1;
    if (pages < 2) continue;
    await until(() => seen.hanging === 3);
    break;
  }
  await until(() => seen.givenUp === 3);
  expect(pages).toBe(2);
});

test('a loop that reads ahead and is left gives up the page that is on its way', async () => {
  const { server, seen } = await hangingServer(0);
  const rows = openRows(server.origin, rest.offset({ ...offsetOfRows, sideBySide: 1 }));
  for await (const page of readAhead((signal) => rows.list({ signal }))) {
    expect(page.records).toHaveLength(5);
    await until(() => seen.hanging === 1);
    break;
  }
  await until(() => seen.givenUp === 1);
});
