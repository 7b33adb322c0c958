import { apiFactsOf, readField } from '@mortise/runtime';
import { describe, expect, test } from 'vitest';
import vendure from '../src/index.ts';
import { connect, errorOf, itemsOf, recordsOf, useShop } from './shop.ts';

const seeded = useShop();

describe('vendors.md 9, stock by location', () => {
  test('locations are listed as the shop has them', async () => {
    const { shop } = connect(seeded.url());
    const selection = '{ id createdAt updatedAt name }';
    const rows = await itemsOf(seeded.query, { field: 'stockLocations', selection });
    expect(await recordsOf(shop.locations.list({ pageSize: 1 }))).toEqual(rows);
    expect(await recordsOf(shop.locations.model.list())).toMatchObject([
      { id: '1', name: 'Central warehouse' },
      { id: '2', name: 'Harbour shop' },
    ]);
  });

  test('a location that is renamed is listed as changed', async () => {
    const { shop } = connect(seeded.url());
    const document = 'mutation { updateStockLocation(input: { id: 2, name: "Pier shop" }) { updatedAt } }';
    const stamp = readField(await seeded.query(document), 'updateStockLocation.updatedAt');
    const since = new Date(String(stamp));
    const changed = await recordsOf(shop.locations.list({ since }));
    expect(changed.filter(({ name }) => name === 'Pier shop').map(({ id }) => id)).toEqual(['2']);
  });

  test('with stockLocationId the levels of that location alone are read, and others cannot be written', async () => {
    const all = await recordsOf(connect(seeded.url()).shop.stockLevels.list());
    const { shop } = connect(seeded.url(), { stockLocationId: '2' });
    const levels = await recordsOf(shop.stockLevels.list({ pageSize: 50 }));
    expect(levels).toEqual(all.filter(({ stockLocationId }) => stockLocationId === '2'));
    expect(levels).toHaveLength(220);
    expect(await errorOf(shop.stockLevels.model.update('1/1', { onHand: 1 }))).toMatchObject({
      code: 'invalid-request',
    });
    expect(await shop.stockLevels.model.update('1/2', { onHand: 17 })).toMatchObject({ id: '1/2', onHand: 17 });
  });
});

describe('vendors.md 10.8', () => {
  test('take cap: the shop refuses more rows than the limit that the connector states, and is never asked for more', async () => {
    const limit = apiFactsOf(vendure)?.limits[0]?.value ?? 0;
    const ask = (take: number) => seeded.query(`{ orders(options: { take: ${take} }) { totalItems } }`);
    expect(await ask(limit)).toMatchObject({ orders: { totalItems: 110 } });
    await expect(ask(limit + 1)).rejects.toThrow('Cannot take more than 1000 results');
    const { shop } = connect(seeded.url());
    expect(await recordsOf(shop.orders.list({ pageSize: limit + 1 }))).toHaveLength(110);
  });

  test('union errors: a refusal that comes as data with status 200 is an error, not an answer', async () => {
    const body = JSON.stringify({
      query:
        'mutation { login(username: "superadmin", password: "x") { __typename ... on ErrorResult { errorCode } } }',
    });
    const raw = await fetch(seeded.url(), { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(raw.status).toBe(200);
    expect(await raw.json()).toMatchObject({ data: { login: { errorCode: 'INVALID_CREDENTIALS_ERROR' } } });
    const { shop } = connect(seeded.url(), { credentials: { username: 'superadmin', password: 'x' } });
    expect(await errorOf(recordsOf(shop.orders.list()))).toMatchObject({ code: 'unauthenticated' });
  });
});
