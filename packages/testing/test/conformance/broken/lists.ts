import { isConnectorError, type ListedPage, type ListRequest, readField } from '@mortise/runtime';
import { rest } from '@mortise/runtime/rest';
import { type Call, description, list } from '../reference/connector.ts';
import { type Pages, variation, withList } from './variation.ts';

/** A list of the reference whose query has something else. */
const asked = (query: (request: ListRequest) => Readonly<Record<string, number | string | undefined>>) =>
  variation({
    operations: {
      list: rest.links({
        path: 'things',
        items: 'things',
        next: 'next',
        key: 'id',
        stamp: 'changedAt',
        query: (request: ListRequest) => ({
          since: request.since?.getTime(),
          until: request.until?.getTime(),
          limit: request.pageSize ?? 5,
          ...query(request),
        }),
      }),
    },
  });

/** Whether the whole list is read, as a sweep does. */
const isSweep = ({ since, pageSize, cursor }: ListRequest): boolean =>
  since === undefined && pageSize === undefined && cursor === undefined;

async function* firstPage(pages: Pages): Pages {
  for await (const page of pages) return yield page;
}

async function* lastAgain(pages: Pages): Pages {
  for await (const page of pages) {
    const [first] = page.records;
    yield page.next === undefined && first !== undefined ? { ...page, records: [...page.records, first] } : page;
  }
}

async function* withoutFirst(pages: Pages): Pages {
  let isFirst = true;
  for await (const page of pages) {
    if (!isFirst) yield page;
    isFirst = false;
  }
}

async function* untilEmpty(pages: Pages): Pages {
  for await (const page of pages) {
    if (page.records.length === 0) return;
    yield page;
  }
}

async function* untilShort(pages: Pages, { pageSize = 0 }: ListRequest): Pages {
  for await (const page of pages) {
    yield page;
    if (page.records.length > 0 && page.records.length < pageSize) return;
  }
}

async function* untilTotal(pages: Pages, call: Call): Pages {
  let total: number | undefined;
  let count = 0;
  for await (const page of pages) {
    yield page;
    count += page.records.length;
    total ??= await totalOf(call);
    if (page.records.length > 0 && count >= total) return;
  }
}

const totalOf = async (call: Call): Promise<number> => {
  const { body } = await call.transports.rest.send({ method: 'GET', path: 'things', query: { limit: 1 } });
  return Number(readField(body, 'total'));
};

/** The code by which an error of a list is taken for its end. */
async function* endingAt(pages: Pages, isEnd: (code: string) => boolean): Pages {
  try {
    yield* pages;
  } catch (thrown) {
    if (!isConnectorError(thrown) || !isEnd(thrown.code)) throw thrown;
  }
}

/** A walk of links of its own, without the care of the runtime's. */
async function* bareLinks(call: Call, { cursor, since, until, pageSize }: ListRequest): Pages {
  const query = { since: since?.getTime(), until: until?.getTime(), limit: pageSize ?? 5 };
  let path = cursor;
  do {
    const request = path === undefined ? { path: 'things', query } : { path };
    const { body } = await call.transports.rest.send({ method: 'GET', ...request });
    const next = readField(body, 'next');
    path = typeof next === 'string' ? next : undefined;
    yield pageOf(body, path);
  } while (path !== undefined);
}

const pageOf = (body: unknown, next: string | undefined): ListedPage => {
  const records = readField(body, 'things');
  return { records: Array.isArray(records) ? records : [], next };
};

/** Follows wherever the vendor points, with a client of its own. */
async function* followingLinks(pages: Pages): Pages {
  let next: string | undefined;
  try {
    for await (const page of pages) {
      next = page.next;
      yield page;
    }
  } catch (thrown) {
    if (next !== undefined && isConnectorError(thrown) && thrown.code === 'unsafe-url') await fetch(next);
    throw thrown;
  }
}

async function* followingRedirects(pages: Pages, { settings }: Call): Pages {
  let isFirst = true;
  try {
    for await (const page of pages) {
      isFirst = false;
      yield page;
    }
  } catch (thrown) {
    if (isFirst && isConnectorError(thrown) && thrown.code === 'unsafe-url') await fetch(`${settings.baseUrl}/things`);
    throw thrown;
  }
}

const { mapping: _mapping, ...unmapped } = description;

/** Broken in how they read lists. */
export const brokenLists = {
  'list-complete': () => withList((pages, { request }) => (isSweep(request) ? firstPage(pages) : pages)),
  'list-invents-nothing': () => withList((pages, { request }) => (isSweep(request) ? lastAgain(pages) : pages)),
  'equal-stamps-at-page-boundary': () => asked(({ since }) => ({ strict: since && 'yes' })),
  'window-ends-included': () => asked(({ until }) => ({ until: until && until.getTime() - 1 })),
  'update-re-emitted': () => asked(({ since }) => ({ by: since && 'created' })),
  'late-commits-within-lag': () =>
    variation({ description: { changes: { field: 'changedAt', granularityMs: 1, lagMs: 0 } } }),
  'stamps-readable': () =>
    variation({
      description: { ...unmapped, mapping: undefined, changes: { ...description.changes, field: 'name' } },
      without: ['update'],
    }),
  'list-resumes-by-cursor': () =>
    withList((pages, { request }) => (request.cursor === undefined ? pages : withoutFirst(pages))),
  'empty-page-is-not-the-end': () => withList((pages) => untilEmpty(pages)),
  'next-cycle-ends': () =>
    variation({
      operations: {
        list: async function* (call: Call, request: ListRequest) {
          // A first page of the runtime's, for all that it refuses; then on by links that nobody remembers.
          for await (const page of list(call, request)) {
            yield page;
            if (page.next !== undefined) yield* bareLinks(call, { cursor: page.next });
            return;
          }
        },
      },
    }),
  'foreign-next-refused': () => withList((pages) => followingLinks(pages)),
  'foreign-redirect-refused': () => withList((pages, { call }) => followingRedirects(pages, call)),
  'expired-page-told': () => withList((pages) => endingAt(pages, (code) => code === 'expired-cursor')),
  'page-size-lowered': () => withList((pages, { request }) => untilShort(pages, request)),
  'totals-do-not-end-a-list': () =>
    withList((pages, { call, request }) => (request.pageSize === 2 ? untilTotal(pages, call) : pages)),
};
