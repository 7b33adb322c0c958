import { describe, expect, test } from 'vitest';
import { connect, errorOf, recordsOf, userWith, useServer } from './server.ts';

const server = useServer();

describe('vendors.md 8, lists', () => {
  test('all rows come, over several pages, each once, under our names', async () => {
    const { live } = connect(server.url());
    const rows = await recordsOf(live.items.list({ pageSize: 15 }));
    expect(rows.map(({ id }) => Number(id))).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(rows[0]).toMatchObject({ sku: 'W-001', price: '10.95', currency: 'EUR', date_updated: null });
    expect(rows[0]?.changed_at).toBe(rows[0]?.date_created);
  });

  test('date_updated null: a row that was never updated counts as changed when it was created', async () => {
    const { live } = connect(server.url());
    const begun = new Date();
    expect(await recordsOf(live.items.list({ since: begun }))).toEqual([]);
    await server.ask('POST', '/items/items', { sku: 'NEW-1' });
    await server.ask('PATCH', '/items/items/7', { name: 'Neuer Name' });
    const rows = await recordsOf(live.items.list({ since: begun }));
    expect(rows.map(({ sku }) => sku)).toEqual(['W-007', 'NEW-1']);
    expect(rows.map(({ date_updated }) => date_updated === null)).toEqual([false, true]);
    const before = await recordsOf(live.items.list({ until: new Date(begun.getTime() - 1) }));
    expect(before.map(({ sku }) => sku)).not.toContain('W-007');
    expect(before).toHaveLength(49);
  });

  test('rows of one stamp are all read at the border of pages', async () => {
    const { live } = connect(server.url());
    const since = new Date();
    const keys = Array.from({ length: 9 }, (_, index) => index + 20);
    await server.ask('PATCH', '/items/stock_levels', { keys, data: { allocated: 3 } });
    const rows = await recordsOf(live.stockLevels.list({ since, pageSize: 2 }));
    expect(rows.map(({ id }) => Number(id))).toEqual(keys);
  });

  test('a row that changes during the walk leaves its window and belongs to the next one', async () => {
    const { live } = connect(server.url());
    const until = new Date();
    const pages = live.stockLevels.list({ since: new Date(0), until, pageSize: 10 })[Symbol.asyncIterator]();
    const first = await pages.next();
    await server.ask('PATCH', '/items/stock_levels/45', { on_hand: 1 });
    const rest = [];
    for (let page = await pages.next(); !page.done; page = await pages.next()) rest.push(...page.value.records);
    expect(first.value.records).toHaveLength(10);
    expect(rest).toHaveLength(39);
    expect((await recordsOf(live.stockLevels.list({ since: until }))).map(({ id }) => id)).toContain('45');
  });

  test('rows older than the date fields come as rejected on any page, and are not silently missing', async () => {
    const { live } = connect(server.url());
    const special = (value: string[] | null) =>
      server.ask('PATCH', '/fields/stock_levels/date_updated', { meta: { special: value } });
    await special(null);
    const keys = [2, 44];
    await server.ask('PATCH', '/items/stock_levels', { keys, data: { date_created: null, date_updated: null } });
    await special(['date-updated']);
    const rejected: (string | undefined)[] = [];
    for await (const page of live.stockLevels.list({ pageSize: 10 })) {
      rejected.push(...page.rejected.map(({ key }) => key));
    }
    expect(rejected).toEqual(['2', '44']);
    expect(await recordsOf(live.stockLevels.list({ since: new Date(0), pageSize: 10 }))).toHaveLength(48);
    await server.ask('PATCH', '/items/stock_levels', { keys, data: { date_created: '2026-01-01T00:00:00Z' } });
  });

  test("a page's cursor is gone on from, and one of another list is refused", async () => {
    const { live } = connect(server.url());
    const first = await live.items.list({ pageSize: 20 })[Symbol.asyncIterator]().next();
    const rest = await recordsOf(live.items.list({ pageSize: 20, cursor: first.value.next }));
    expect(rest[0]?.id).toBe('21');
    expect(await errorOf(recordsOf(live.items.list({ cursor: 'x' })))).toMatchObject({ code: 'invalid-request' });
  });
});

describe('vendors.md 10.7, 403 for what is missing', () => {
  test('an item that is not there is not-found, where Directus itself answers 403', async () => {
    const { live } = connect(server.url());
    const path = `${server.url()}/items/items/99999`;
    const raw = await fetch(path, { headers: { authorization: 'Bearer static-admin-token-for-tests' } });
    expect(raw.status).toBe(403);
    expect(await errorOf(live.items.get('99999'))).toMatchObject({ code: 'not-found' });
    expect(await errorOf(live.items.update('99999', { name: 'x' }))).toMatchObject({ code: 'not-found' });
    expect(await live.items.find({ field: 'sku', value: 'none' })).toBeUndefined();
    expect(await live.items.get('3')).toMatchObject({ sku: 'W-003' });
  });

  test('a permission that is missing is forbidden, and named', async () => {
    const { token } = await userWith(server.ask, ['items:read']);
    const { live } = connect(server.url(), { credentials: { token } });
    expect(await live.items.get('3')).toMatchObject({ sku: 'W-003' });
    const error = await errorOf(live.stockLevels.get('3'));
    expect(error).toMatchObject({ code: 'forbidden', vendorCode: 'FORBIDDEN', permissions: ['stock_levels:read'] });
    expect(await errorOf(live.items.update('3', { name: 'x' }))).toMatchObject({ code: 'forbidden' });
  });

  test('least privilege: read, update, create and delete of the collection are all that its operations need', async () => {
    const { token } = await userWith(server.ask, ['items:read', 'items:update', 'items:create', 'items:delete']);
    const { live } = connect(server.url(), { credentials: { token } });
    const [outcome] = await live.items.model.upsert([
      { sku: 'LP-1', name: 'a', description: null, price: { amountMinor: 1_250, currency: 'EUR' }, active: true },
    ]);
    expect(outcome).toMatchObject({ ok: true, created: true, record: { price: { amountMinor: 1_250 } } });
    const found = await live.items.find({ field: 'sku', value: 'LP-1' });
    await live.items.remove(found?.id ?? '');
    expect(await live.items.find({ field: 'sku', value: 'LP-1' })).toBeUndefined();
    await live.items.remove(found?.id ?? '');
  });

  test('a static token that the server does not know is unauthenticated, once, and appears nowhere', async () => {
    const { live, events } = connect(server.url(), { credentials: { token: 'unknown-token-4711' } });
    const error = await errorOf(live.items.get('1'));
    expect(error).toMatchObject({ code: 'unauthenticated', vendorCode: 'INVALID_CREDENTIALS' });
    expect(JSON.stringify([error, events])).not.toContain('unknown-token-4711');
  });
});

describe('vendors.md 8, deletions by the activity log', () => {
  test('rows removed in the window are told, one that was made again under its id is not', async () => {
    const { live } = connect(server.url());
    const since = new Date();
    await server.ask('DELETE', '/items/stock_levels', [31, 32, 33]);
    await server.ask('POST', '/items/stock_levels', { id: 32, sku: 'AGAIN', on_hand: 1 });
    const ids: string[] = [];
    for await (const page of live.stockLevels.deletions({ since, pageSize: 2 })) ids.push(...page.ids);
    expect(ids).toEqual(['31', '33']);
    const before: string[] = [];
    for await (const page of live.stockLevels.deletions({ until: since })) before.push(...page.ids);
    expect(before).toEqual([]);
  });

  test('without the permission for the log, deletions are forbidden: nothing reads as "none were removed"', async () => {
    const { token } = await userWith(server.ask, ['stock_levels:read']);
    const { live } = connect(server.url(), { credentials: { token } });
    const pages = live.stockLevels.deletions()[Symbol.asyncIterator]();
    expect(await errorOf(pages.next())).toMatchObject({
      code: 'forbidden',
      permissions: ['stock_levels:read', 'directus_activity:read'],
    });
  });
});

describe('collections and fields of the settings', () => {
  test('other names are read and written under ours; a field that the collection lacks is null', async () => {
    const fields = { id: 'id', sku: 'sku', on_hand: 'allocated', allocated: 'on_hand', location: null };
    const settings = { stockLevels: { collection: 'stock_levels', fields } };
    const { live } = connect(server.url(), { settings });
    const plain = connect(server.url()).live;
    await live.stockLevels.model.update('4', { onHand: 44 });
    expect(await plain.stockLevels.get('4')).toMatchObject({ allocated: 44, location: '倉庫 東京' });
    expect(await live.stockLevels.get('4')).toMatchObject({ on_hand: 44, location: null });
  });

  test('a collection that does not exist is forbidden, as Directus tells no more', async () => {
    const { live } = connect(server.url(), { settings: { items: { collection: 'nothing' } } });
    expect(await errorOf(recordsOf(live.items.list()))).toMatchObject({ code: 'forbidden' });
  });

  test('a name that is none is refused when opened', () => {
    expect(() => connect(server.url(), { settings: { items: { collection: 'a/b' } } })).toThrow('a name of letters');
  });
});
