import { describe, expect, test } from 'vitest';
import { connect, errorOf, recordsOf, useServer } from './server.ts';

const server = useServer({ queryLimitMax: 20 });

describe("vendors.md 8, the operator's QUERY_LIMIT_MAX", () => {
  test('a page beyond it is refused, as an error and not as a short list', async () => {
    const { live } = connect(server.url());
    const error = await errorOf(recordsOf(live.items.list()));
    expect(error).toMatchObject({ code: 'invalid-request', vendorCode: 'INVALID_QUERY' });
  });

  test('with largestPage everything is read and written, deletions too', async () => {
    const { live } = connect(server.url(), { settings: { largestPage: 20 } });
    const since = new Date();
    expect(await recordsOf(live.items.list())).toHaveLength(50);
    const keys = Array.from({ length: 30 }, (_, index) => index + 1);
    await server.ask('DELETE', '/items/items', keys);
    const ids: string[] = [];
    for await (const page of live.items.deletions({ since })) ids.push(...page.ids);
    expect(ids).toEqual(keys.map(String));
    const records = (await recordsOf(live.stockLevels.model.list())).map((level) => ({ ...level, onHand: 7 }));
    const outcomes = await live.stockLevels.model.upsert(records);
    expect(outcomes.every((outcome) => outcome.ok && outcome.record.onHand === 7)).toBe(true);
    expect(await recordsOf(live.stockLevels.list())).toHaveLength(50);
  });

  test('SKUs too long for one URL are looked up in parts', async () => {
    const { live } = connect(server.url(), { settings: { largestPage: 20 } });
    const skuOf = (index: number) => `${'倉'.repeat(120)}-${index}`;
    const records = Array.from({ length: 20 }, (_, index) => ({ ...blank, sku: skuOf(index), onHand: index }));
    const first = await live.stockLevels.model.upsert(records);
    expect(first.every((outcome) => outcome.ok && outcome.created === true)).toBe(true);
    const second = await live.stockLevels.model.upsert(records);
    expect(second.every((outcome) => outcome.ok && outcome.created === false)).toBe(true);
  });
});

const blank = { locationName: null, allocated: null };
