import { describe, expect, test } from 'vitest';
import { apis, connect, noon, recordsOf } from './connection.ts';

const seed = { number: 7, customers: 5, items: 60, orders: 5, deleted: 0 };
const hour = 3_600_000;

/** The stamps of all items, set as another user's work would: ids and milliseconds. */
type Sandbox = Awaited<ReturnType<typeof connect>>['sandbox'];
const stamp = ({ database }: Sandbox, ids: readonly string[], at: number): void => {
  for (const id of ids) database.statement('UPDATE records SET modified_at = ? WHERE id = ?').run(at, BigInt(id));
};

describe.each(apis)('over %s', (api) => {
  test('a window holds what changed at its edges, and nothing beyond', async () => {
    const { erp, sandbox } = await connect({ api, seed });
    const ids = (await recordsOf(erp.items.list())).map(({ internalId }) => internalId);
    stamp(sandbox, ids, noon - 10 * hour);
    const [before = '', first = '', last = '', after = ''] = ids;
    stamp(sandbox, [before], noon - 2 * hour - 1_000);
    stamp(sandbox, [first], noon - 2 * hour);
    stamp(sandbox, [last], noon - hour);
    stamp(sandbox, [after], noon - hour + 1_000);
    const changed = await recordsOf(erp.items.list({ since: new Date(noon - 2 * hour), until: new Date(noon - hour) }));
    expect(changed.map(({ internalId }) => internalId)).toEqual([first, last]);
  });

  test('records of one stamp are all read, however many pages they fill', async () => {
    const { erp, sandbox } = await connect({ api, seed });
    const ids = (await recordsOf(erp.items.list())).map(({ internalId }) => internalId);
    stamp(sandbox, ids, noon - hour);
    const changed = await recordsOf(erp.items.list({ since: new Date(noon - hour), pageSize: 7 }));
    expect(changed.map(({ internalId }) => internalId)).toEqual(ids);
  });

  test('a record edited in the middle of a walk takes no other with it', async () => {
    const { erp, sandbox } = await connect({ api, seed });
    const ids = (await recordsOf(erp.items.list())).map(({ internalId }) => internalId);
    stamp(sandbox, ids, noon - hour);
    const read: string[] = [];
    const window = { since: new Date(noon - 2 * hour), until: new Date(noon - hour), pageSize: 10 };
    for await (const { records } of erp.items.list(window)) {
      read.push(...records.map(({ internalId }) => internalId));
      // They leave the window. NetSuite's own pages are numbered, and these would pull ten others past the next one.
      stamp(sandbox, read.slice(-10), noon);
    }
    expect(read).toEqual(ids);
  });

  test('a walk goes on behind its last page after any time, and not from the beginning', async () => {
    const { erp, clock } = await connect({ api, seed });
    const ids = (await recordsOf(erp.items.list())).map(({ internalId }) => internalId);
    const pages = erp.items.list({ pageSize: 10 })[Symbol.asyncIterator]();
    const first = await pages.next();
    await pages.return?.();
    const { records = [], next } = first.done === true ? {} : first.value;
    // NetSuite forgets a search after 15 minutes. This one asks nothing of it.
    await clock.advance(16 * 60_000);
    const rest = await recordsOf(erp.items.list({ pageSize: 10, ...(next !== undefined && { cursor: next }) }));
    expect([...records, ...rest].map(({ internalId }) => internalId)).toEqual(ids);
    expect(records.length).toBeLessThan(ids.length);
  });

  test('a deletion is told from the instant of its window on', async () => {
    const { erp } = await connect({ api, seed });
    const [first] = await recordsOf(erp.items.list());
    await erp.items.remove(first?.internalId ?? '');
    await erp.items.remove(first?.internalId ?? '');
    const deletedSince = async (since: number) => {
      const ids: string[] = [];
      for await (const page of erp.items.deletions({ since: new Date(since) })) ids.push(...page.ids);
      return ids;
    };
    expect(await deletedSince(noon - hour)).toEqual([first?.internalId]);
    expect(await deletedSince(noon + hour)).toEqual([]);
  });
});
