import { describe, expect, test } from 'vitest';
import { seedRecords, touch } from '../src/index.ts';
import { seedRecord } from '../src/records/table.ts';
import { ask, at, codes, rowsAt, smallShop, startedSandbox } from './started.ts';

const list =
  'query L($first: Int, $after: String, $last: Int, $before: String, $query: String, $sortKey: ProductSortKeys, $reverse: Boolean) { products(first: $first, after: $after, last: $last, before: $before, query: $query, sortKey: $sortKey, reverse: $reverse) { nodes { id updatedAt } pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } }';

async function walked(sandbox: { url: string }, variables: Record<string, unknown>): Promise<unknown[]> {
  const ids: unknown[] = [];
  for (let after: unknown = null; ; ) {
    const { data } = await ask(sandbox, list, { variables: { ...variables, after } });
    ids.push(...rowsAt(data, 'products.nodes').map(({ id }) => id));
    if (at(data, 'products.pageInfo.hasNextPage') !== true) return ids;
    after = at(data, 'products.pageInfo.endCursor');
  }
}

const seeded = seedRecords(smallShop).filter(({ type }) => type === 'Product');
const gids = seeded.map(({ id }) => `gid://shopify/Product/${id}`);

describe('vendors.md 3, paging', () => {
  test('pages lead over every record once, through ties, ids above 2^53 among them', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    expect(await walked(sandbox, { first: 4, sortKey: 'UPDATED_AT' })).toEqual(gids);
    expect(gids.at(-1)).toBe('gid://shopify/Product/9007199254741022');
    expect(await walked(sandbox, { first: 4, sortKey: 'ID', reverse: true })).toEqual(gids.toReversed());
  });

  test('last and before read backwards', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    const end = await ask(sandbox, list, { variables: { last: 3 } });
    expect(rowsAt(end.data, 'products.nodes').map(({ id }) => id)).toEqual(gids.slice(-3));
    const before = at(end.data, 'products.pageInfo.startCursor');
    const { data } = await ask(sandbox, list, { variables: { last: 3, before } });
    expect(rowsAt(data, 'products.nodes').map(({ id }) => id)).toEqual(gids.slice(-6, -3));
    expect(at(data, 'products.pageInfo')).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  test.each([[{}], [{ first: 251 }], [{ first: 5, after: 'x' }], [{ first: 5, query: 'a OR b' }]])(
    'a list with %j is refused',
    async (variables) => {
      const sandbox = await startedSandbox();
      expect(codes(await ask(sandbox, list, { variables }))).toEqual(['BAD_REQUEST']);
    },
  );

  test('a connection ends without a word behind its last object', async () => {
    const sandbox = await startedSandbox({ seed: smallShop, settings: { pagedObjects: 10 } });
    expect(await walked(sandbox, { first: 4 })).toEqual(gids.slice(0, 10));
  });
});

test('ids are sorted as numbers, however many digits they have', async () => {
  const sandbox = await startedSandbox({ seed: { number: 1, products: 2, customers: 0, orders: 0 } });
  const made = (id: number) =>
    ({
      type: 'Customer',
      id: String(id),
      parent: null,
      other: null,
      body: { tags: [] },
      createdAt: 0,
      updatedAt: 0,
    }) as const;
  for (const id of [999, 1001, 10_000, 100_000]) seedRecord(sandbox.database, made(id));
  const query = '{ customers(first: 3, query: "id:>999", sortKey: UPDATED_AT) { nodes { id } } }';
  const { data } = await ask(sandbox, query);
  const read = rowsAt(data, 'customers.nodes').map(({ id }) => id);
  expect(read).toEqual([1001, 10_000, 100_000].map((id) => `gid://shopify/Customer/${id}`));
});

describe('vendors.md 3, searches', () => {
  test('terms of ids and stamps are all held to', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    const query = "updated_at:>='2026-01-01T00:01:00Z' AND updated_at:<'2026-01-01T00:02:00Z' AND id:>1010";
    expect(await walked(sandbox, { first: 2, query, sortKey: 'UPDATED_AT' })).toEqual(gids.slice(10, 14));
  });

  test('a search lags behind writes by the setting, and a list without one does not', async () => {
    let now = Date.UTC(2026, 5, 1);
    const clock = { now: () => now, schedule: () => () => {} };
    const sandbox = await startedSandbox({ seed: smallShop, clock, settings: { searchLagMs: 5000 } });
    const [first = ''] = gids;
    touch(sandbox.state, first);
    const query = "updated_at:>='2026-05-31T00:00:00Z'";
    expect(await walked(sandbox, { first: 5, query })).toEqual([]);
    const unsearched = await ask(sandbox, list, { variables: { first: 1 } });
    expect(at(unsearched.data, 'products.nodes.0.updatedAt')).toBe('2026-06-01T00:00:00Z');
    now += 5000;
    expect(await walked(sandbox, { first: 5, query })).toEqual([first]);
  });

  test('a search finds what is written before it is read again: by handle, and by SKU', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    expect(await walked(sandbox, { first: 5, query: 'handle:product-3' })).toEqual([gids[3]]);
  });
});

describe('issue 4, the seed', () => {
  test('one number gives more than 10,000 records with ties, nulls, archived and merged rows and large ids', () => {
    const records = seedRecords({ number: 1 });
    expect(records.length).toBeGreaterThan(10_000);
    expect(records).toEqual(seedRecords({ number: 1 }));
    const bodies = records.map(({ body }) => body);
    expect(bodies.some(({ status }) => status === 'ARCHIVED')).toBe(true);
    expect(bodies.some(({ firstName }) => firstName === null)).toBe(true);
    expect(bodies.some(({ firstName }) => firstName === '美咲')).toBe(true);
    expect(records.some(({ id }) => BigInt(id) > 2n ** 53n)).toBe(true);
    expect(records.some(({ type, id }) => type === 'Customer' && id === '1097')).toBe(false);
    expect(new Set(records.map(({ type, id }) => `${type} ${id}`)).size).toBe(records.length);
  });
});
