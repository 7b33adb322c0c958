import { startFaultProxy } from '@mortise/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect, until, useServer } from './server.ts';

const server = useServer();

/** A subscription that ends with its test, and its events. */
const follow = (url: string, realtime: 'graphql-ws' | 'websocket') => {
  const { live, events } = connect(url, { settings: { realtime } });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const since = new Date();
  const changes = live.stockLevels.subscribe({ since, signal: stop.signal })[Symbol.asyncIterator]();
  return { changes, events };
};

const isLevel =
  (sku: string, onHand: number) => (change: { kind: string; record?: { sku: string | null; on_hand: number } }) =>
    change.kind === 'changed' && change.record?.sku === sku && change.record.on_hand === onHand;

const opened = (events: readonly { type: string }[]) =>
  events.filter(({ type }) => type === 'subscription-opened').length;

for (const realtime of ['graphql-ws', 'websocket'] as const) {
  describe(`vendors.md 8, realtime over ${realtime}`, () => {
    test('an edit, a new row and a removal arrive, a removal with its key alone', async () => {
      const { changes, events } = follow(server.url(), realtime);
      const first = until(changes, isLevel('W-001', 77));
      await expect.poll(() => opened(events)).toBe(1);
      await server.ask('PATCH', '/items/stock_levels/1', { on_hand: 77 });
      expect((await first).at(-1)).toMatchObject({ record: { id: '1', sku: 'W-001', on_hand: 77 } });
      const sku = `N-${realtime}`;
      const created = await server.ask('POST', '/items/stock_levels', { sku, on_hand: 3 });
      await until(changes, isLevel(sku, 3));
      const { id } = created as { id: number };
      await server.ask('DELETE', `/items/stock_levels/${id}`);
      const removal = await until(changes, ({ kind }) => kind === 'removed');
      expect(removal.at(-1)).toEqual({ kind: 'removed', id: String(id) });
      await server.ask('PATCH', '/items/stock_levels/1', { on_hand: 10 });
    }, 60_000);

    test('rows of one bulk update arrive one by one, each once', async () => {
      const { changes, events } = follow(server.url(), realtime);
      const read = until(changes, isLevel('W-012', 1_000));
      await expect.poll(() => opened(events)).toBe(1);
      await server.ask('PATCH', '/items/stock_levels', { keys: [10, 11, 12], data: { on_hand: 1_000 } });
      const ids = (await read).flatMap((change) =>
        change.kind === 'changed' && change.record.on_hand === 1_000 ? [change.record.id] : [],
      );
      expect(ids.toSorted()).toEqual(['10', '11', '12']);
      await server.ask('PATCH', '/items/stock_levels', { keys: [10, 11, 12], data: { on_hand: 5 } });
    }, 60_000);

    test('what changed while the line was cut is caught up', async () => {
      const proxy = await startFaultProxy({ target: server.url() });
      onTestFinished(() => proxy.close());
      const { changes, events } = follow(proxy.url, realtime);
      const waiting = until(changes, isLevel('W-003', 303));
      await expect.poll(() => opened(events)).toBe(1);
      proxy.set({ kind: 'reset' });
      proxy.set({ kind: 'refuse' });
      await server.ask('PATCH', '/items/stock_levels/2', { on_hand: 202 });
      await server.ask('PATCH', '/items/stock_levels/3', { on_hand: 303 });
      proxy.clear();
      const read = await waiting;
      expect(read.some(isLevel('W-002', 202))).toBe(true);
      expect(opened(events)).toBeGreaterThan(1);
      await server.ask('PATCH', '/items/stock_levels', { keys: [2, 3], data: { on_hand: 1 } });
    }, 60_000);
  });
}
