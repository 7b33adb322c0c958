import type { Page } from '@mortise/runtime';
import { describe, expect, test } from 'vitest';
import { errorOf, scriptedShop } from './scripted-shop.ts';
import { customer, searchingShop } from './searching-shop.ts';

interface Keyed {
  readonly id: string;
}

const numbersOf = async (pages: AsyncIterable<Page<Keyed>>): Promise<string[]> => {
  const numbers: string[] = [];
  for await (const { records } of pages) for (const { id } of records) numbers.push(id.split('/').at(-1) ?? '');
  return numbers;
};

const firstOf = async <Item>(pages: AsyncIterable<Page<Item>>): Promise<Page<Item> | undefined> => {
  for await (const page of pages) return page;
  return undefined;
};

const sorted = (numbers: readonly string[]) => [...new Set(numbers)].toSorted((a, b) => Number(BigInt(a) - BigInt(b)));
const upTo = (count: number) => Array.from({ length: count }, (_each, index) => String(index + 1));
const since = new Date(Date.UTC(2026, 10, 1));
const queriesOf = (asked: readonly { readonly variables: Readonly<Record<string, unknown>> }[]) =>
  asked.map(({ variables }) => variables.query);

describe('vendors.md 3, paging', () => {
  test('without a window all records are read by id, each page behind the last record of the one before', async () => {
    const { shop, asked } = await searchingShop(upTo(7).map((each) => customer(Number(each), 9 - Number(each))));
    expect(await numbersOf(shop.customers.list({ pageSize: 3 }))).toEqual(upTo(7));
    expect(queriesOf(asked)).toEqual([null, 'id:>3', 'id:>6']);
    expect(asked.map(({ variables }) => [variables.sortKey, variables.after])).toEqual(asked.map(() => ['ID', null]));
  });

  test('ids beyond 2^53 keep their order and all their digits', async () => {
    const ids = [9007199254740993n, 9007199254740995n, 9007199254740997n];
    const { shop, asked } = await searchingShop(ids.map((id) => customer(id, 1)));
    expect(await numbersOf(shop.customers.list({ pageSize: 1 }))).toEqual(ids.map(String));
    expect(queriesOf(asked)).toContain('id:>9007199254740993');
  });

  test('a list by id is taken up again behind a page', async () => {
    const { shop } = await searchingShop(upTo(5).map((each) => customer(Number(each), 1)));
    const first = await firstOf(shop.customers.list({ pageSize: 2 }));
    expect(await numbersOf(shop.customers.list({ pageSize: 2, cursor: first?.next }))).toEqual(['3', '4', '5']);
    const error = await errorOf(numbersOf(shop.customers.list({ cursor: 'id.x' })));
    expect(error.code).toBe('invalid-request');
  });

  test('an empty page in the middle is stepped over, and is not the end', async () => {
    const rows = upTo(6).map((each) => customer(Number(each), Number(each)));
    for (const window of [{}, { since }]) {
      const { shop, asked } = await searchingShop([...rows], { emptyPage: 1 });
      expect(sorted(await numbersOf(shop.customers.list({ ...window, pageSize: 3 })))).toEqual(upTo(6));
      expect(asked.map(({ variables }) => variables.after)).toContain('c2');
    }
  });

  test('an order of ids that Shopify does not keep to fails the list', async () => {
    const nodes = [customer(6, 1), customer(5, 1)];
    const pageInfo = { hasNextPage: false, endCursor: null };
    const { shop } = await scriptedShop(() => ({ body: { data: { customers: { nodes, pageInfo } } } }));
    expect((await errorOf(numbersOf(shop.customers.list()))).code).toBe('unexpected-content');
  });

  test('pages without records that lead in a circle fail the list', async () => {
    const pageInfo = { hasNextPage: true, endCursor: 'c' };
    const { shop } = await scriptedShop(() => ({ body: { data: { customers: { nodes: [], pageInfo } } } }));
    expect((await errorOf(numbersOf(shop.customers.list()))).code).toBe('unexpected-content');
  });
});

describe('vendors.md 3, incremental reads', () => {
  test('what changed is read by its stamps in a window closed at whole seconds', async () => {
    const rows = upTo(6).map((each) => customer(Number(each), Number(each)));
    const { shop, asked } = await searchingShop(rows);
    const window = { since: new Date(since.getTime() + 2_500), until: new Date(since.getTime() + 4_500) };
    expect(await numbersOf(shop.customers.list(window))).toEqual(['2', '3', '4']);
    expect(asked[0]?.variables).toMatchObject({
      query: "updated_at:>='2026-11-01T00:00:02Z' AND updated_at:<'2026-11-01T00:00:05Z'",
      sortKey: 'UPDATED_AT',
    });
  });

  test('records of one second are all read, wherever pages end and however ties are ordered', async () => {
    for (const pageSize of [1, 2, 3, 4, 5, 11]) {
      const rows = upTo(11).map((each) => customer(Number(each), Math.floor(Number(each) / 4)));
      const { shop } = await searchingShop(rows);
      expect(sorted(await numbersOf(shop.customers.list({ since, pageSize })))).toEqual(upTo(11));
    }
  });

  test('a second that fills a page is read by id', async () => {
    const { shop, asked } = await searchingShop(upTo(5).map((each) => customer(Number(each), 7)));
    expect(sorted(await numbersOf(shop.customers.list({ since, pageSize: 2 })))).toEqual(upTo(5));
    const second = "updated_at:>='2026-11-01T00:00:07Z' AND updated_at:<'2026-11-01T00:00:08Z'";
    expect(queriesOf(asked)).toContain(`id:>2 AND ${second}`);
  });

  test('a record that changes while we read pushes no other out of sight', async () => {
    const rows = upTo(9).map((each) => customer(Number(each), Number(each)));
    const { shop } = await searchingShop(rows, {
      before: (page, all) => {
        // Records 1 and 2 were read already, and move to the end.
        if (page === 1) for (const number of [1, 2]) all[number - 1] = customer(number, 50);
      },
    });
    expect(sorted(await numbersOf(shop.customers.list({ since, pageSize: 3 })))).toEqual(upTo(9));
  });

  test('a walk over changes is taken up again behind a page', async () => {
    const { shop } = await searchingShop(upTo(9).map((each) => customer(Number(each), Number(each))));
    const read: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await firstOf(shop.customers.list({ since, pageSize: 3, cursor }));
      read.push(...(page?.records ?? []).map(({ id }) => id.split('/').at(-1) ?? ''));
      cursor = page?.next;
    } while (cursor !== undefined);
    expect(sorted(read)).toEqual(upTo(9));
  });
});

describe('vendors.md 3, cost', () => {
  test('a page that costs too much is asked for at half its size, and the walk keeps to that', async () => {
    const { shop, asked } = await searchingShop(
      upTo(9).map((each) => customer(Number(each), 1)),
      { most: 4 },
    );
    expect(await numbersOf(shop.customers.list({ pageSize: 8 }))).toEqual(upTo(9));
    expect(asked.map(({ variables }) => variables.first)).toEqual([8, 4, 4, 4]);
  });
});
