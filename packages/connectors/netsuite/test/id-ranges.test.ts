import { isConnectorError, type ListedPage, readField } from '@mortise/runtime';
import { describe, expect, test } from 'vitest';
import { type IdRange, type RangeAnswer, walkIdRanges } from '../src/soap/id-ranges.ts';

const pageSize = 10;

/** A search over records of these ids, in an order of nobody's; tells how often it was asked. */
const searchOver = (ids: Set<bigint>) => {
  const asked: IdRange[] = [];
  const search = async ({ from, to }: IdRange): Promise<RangeAnswer> => {
    asked.push({ from, to });
    const found = [...ids].filter((id) => id >= from && (to === undefined || id <= to)).toReversed();
    const records = found.slice(0, pageSize).map((id) => ({ internalId: String(id) }));
    return { records, totalRecords: found.length, totalPages: Math.ceil(found.length / pageSize) };
  };
  return { search, asked };
};

const read = async (walk: AsyncIterable<ListedPage>): Promise<{ ids: string[]; pages: ListedPage[] }> => {
  const pages: ListedPage[] = [];
  for await (const page of walk) pages.push(page);
  return {
    pages,
    ids: pages.flatMap(({ records }) => records.map((record) => String(readField(record, 'internalId')))),
  };
};

const upTo = (count: number): Set<bigint> => new Set(Array.from({ length: count }, (_, index) => BigInt(index + 1)));

describe('a walk by ranges of ids', () => {
  test('asks once where everything fits into one answer', async () => {
    const { search, asked } = searchOver(upTo(9));
    const { ids } = await read(walkIdRanges({ from: 1n, pageSize, search }));
    expect(ids).toHaveLength(9);
    expect(asked).toEqual([{ from: 1n, to: undefined }]);
  });

  test('gives each record once and in order, whatever the gaps, beyond 2^53 too', async () => {
    const sparse = new Set([...upTo(35), 1_000_000n, 9_007_199_254_740_993n, 9_007_199_254_740_995n]);
    for (let id = 0n; id < 30n; id += 1n) sparse.add(5_000n + id * 97n);
    const { search, asked } = searchOver(sparse);
    const { ids } = await read(walkIdRanges({ from: 1n, pageSize, search }));
    expect(ids).toEqual([...sparse].toSorted((one, other) => (one < other ? -1 : 1)).map(String));
    expect(asked.length).toBeLessThan(60);
  });

  test('takes no full answer for its whole range, though its counts say so', async () => {
    const { search, asked } = searchOver(upTo(35));
    const lying = async (range: IdRange): Promise<RangeAnswer> => {
      const { records } = await search(range);
      return { records, totalRecords: records.length, totalPages: 1 };
    };
    const { ids } = await read(walkIdRanges({ from: 1n, pageSize, search: lying }));
    expect(ids).toEqual([...upTo(35)].map(String));
    expect(asked.length).toBeLessThan(20);
  });

  test('loses no other record when some leave the window while it is read', async () => {
    const records = upTo(60);
    const { search } = searchOver(records);
    const ids: string[] = [];
    for await (const page of walkIdRanges({ from: 1n, pageSize, search })) {
      for (const record of page.records) ids.push(String(readField(record, 'internalId')));
      // By page numbers, the five records behind these would move onto a page that was read already.
      for (const id of ids.slice(-5)) records.delete(BigInt(id));
    }
    expect(ids).toEqual([...upTo(60)].map(String));
  });

  test('goes on behind any page, and not from the beginning', async () => {
    const { search } = searchOver(upTo(40));
    const { pages } = await read(walkIdRanges({ from: 1n, pageSize, search }));
    const next = pages[0]?.next;
    expect(next).toMatch(/^id\.\d+$/);
    const from = BigInt(next?.slice(3) ?? '') + 1n;
    const { ids } = await read(walkIdRanges({ from, pageSize, search }));
    expect(ids[0]).toBe(String(from));
    expect(ids).toHaveLength(40 - (pages[0]?.records.length ?? 0));
  });

  test('fails for an answer that holds fewer records than it counts', async () => {
    const search = async () => ({ records: [{ internalId: '1' }], totalRecords: 2, totalPages: 1 });
    const failed = read(walkIdRanges({ from: 1n, pageSize, search }));
    await expect(failed).rejects.toSatisfy((error) => isConnectorError(error) && error.code === 'truncated');
  });

  test('ends where the search does not hold to the ids that it was asked for', async () => {
    const records = Array.from({ length: pageSize }, (_, index) => ({ internalId: String(index + 1) }));
    const search = async () => ({ records, totalRecords: 100, totalPages: 10 });
    const failed = read(walkIdRanges({ from: 1n, pageSize, search }));
    await expect(failed).rejects.toSatisfy((error) => isConnectorError(error) && error.code === 'unexpected-content');
  });
});
