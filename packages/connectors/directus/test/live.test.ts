import { readField } from '@mortise/runtime';
import { startFaultProxy } from '@mortise/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect, recordsOf, until, userWith, useServer } from './server.ts';

const server = useServer();

/** What a subscription may have besides: a user's token, settings. */
interface Chosen {
  readonly token?: string;
  readonly catchUpRemovals?: boolean;
}

/** A subscription that ends with its test, and its events. */
const follow = (url: string, realtime: 'graphql-ws' | 'websocket', { token, ...settings }: Chosen = {}) => {
  const credentials = token === undefined ? {} : { credentials: { token } };
  const { live, events } = connect(url, { settings: { realtime, ...settings }, ...credentials });
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

/** A subscription that is past its catch-up: an edit has come through it alive. */
const listening = async (url: string, realtime: 'graphql-ws' | 'websocket', chosen: Chosen = {}) => {
  const { changes, events } = follow(url, realtime, chosen);
  const first = until(changes, isLevel('W-048', 4_800));
  await expect.poll(() => opened(events), { timeout: 10_000 }).toBe(1);
  // The catch-up starts a second after the connection, and what it has read does not come again.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await server.ask('PATCH', '/items/stock_levels/48', { on_hand: 4_800 });
  await first;
  await server.ask('PATCH', '/items/stock_levels/48', { on_hand: 1 });
  return { changes, events };
};

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
      const id = readField(created, 'id');
      await server.ask('DELETE', `/items/stock_levels/${id}`);
      const removal = await until(changes, ({ kind }) => kind === 'removed');
      expect(removal.at(-1)).toEqual({ kind: 'removed', id: String(id) });
      await server.ask('PATCH', '/items/stock_levels/1', { on_hand: 10 });
    }, 60_000);

    test('least privilege: a user who may only read the collection gets its changes and removals', async () => {
      const { token } = await userWith(server.ask, ['stock_levels:read'], realtime);
      const { changes } = await listening(server.url(), realtime, { token });
      const row = await server.ask('POST', '/items/stock_levels', { sku: `L-${realtime}`, on_hand: 4 });
      await until(changes, isLevel(`L-${realtime}`, 4));
      const id = String(readField(row, 'id'));
      await server.ask('DELETE', `/items/stock_levels/${id}`);
      await until(changes, (change) => change.kind === 'removed' && change.id === id);
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
      const { changes, events } = await listening(proxy.url, realtime);
      const waiting = until(changes, isLevel('W-003', 303));
      proxy.set({ kind: 'refuse' });
      proxy.set({ kind: 'reset' });
      await server.ask('PATCH', '/items/stock_levels/2', { on_hand: 202 });
      await server.ask('PATCH', '/items/stock_levels/3', { on_hand: 303 });
      proxy.clear();
      const read = await waiting;
      expect(read.some(isLevel('W-002', 202))).toBe(true);
      expect(opened(events)).toBe(2);
      await server.ask('PATCH', '/items/stock_levels', { keys: [2, 3], data: { on_hand: 1 } });
    }, 60_000);

    test('a row removed while the line was cut is told where the activity log may be read', async () => {
      const proxy = await startFaultProxy({ target: server.url() });
      onTestFinished(() => proxy.close());
      const id = readField(await server.ask('POST', '/items/stock_levels', { sku: `G-${realtime}`, on_hand: 1 }), 'id');
      const { changes, events } = await listening(proxy.url, realtime, { catchUpRemovals: true });
      proxy.set({ kind: 'refuse' });
      proxy.set({ kind: 'reset' });
      await server.ask('DELETE', `/items/stock_levels/${id}`);
      proxy.clear();
      await until(changes, (change) => change.kind === 'removed' && change.id === String(id));
      expect(opened(events)).toBe(2);
    }, 60_000);

    test('edits before, at and after a kill -9 of the server all arrive, and no older state comes last', async () => {
      const { changes, events } = await listening(server.url(), realtime);
      const keys = Array.from({ length: 20 }, (_, index) => index + 25);
      const edit = (id: number, onHand: number) =>
        server.ask('PATCH', `/items/stock_levels/${id}`, { on_hand: onHand });
      const reading = until(changes, isLevel('W-050', 9_999));
      for (const id of keys.slice(0, 10)) await edit(id, 500 + id);
      // Which of these the server still takes, nobody knows: its rows are asked for afterwards.
      const [crash] = await Promise.allSettled([server.crash(), ...keys.map((id) => edit(id, 600 + id))]);
      expect(crash.status).toBe('fulfilled');
      for (const id of keys.slice(5, 15)) await edit(id, 700 + id);
      await edit(50, 9_999);
      const seen = new Map<string, number>();
      for (const change of await reading) {
        if (change.kind === 'changed') seen.set(change.record.id, change.record.on_hand);
      }
      const { live } = connect(server.url());
      const stored = (await recordsOf(live.stockLevels.list())).filter(({ id }) => keys.includes(Number(id)));
      const changed = stored.filter(({ on_hand, id }) => on_hand >= 500 && Number(id) < 45);
      expect(changed.length).toBeGreaterThanOrEqual(15);
      expect(changed.map(({ id }) => [id, seen.get(id)])).toEqual(changed.map(({ id, on_hand }) => [id, on_hand]));
      expect(opened(events)).toBeGreaterThan(1);
      await server.ask('PATCH', '/items/stock_levels', { keys: [...keys, 50], data: { on_hand: 1 } });
    }, 120_000);
  });
}
