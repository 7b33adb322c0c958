import { isConnectorError, readField } from '@mortise/runtime';
import { expect, test } from 'vitest';
import { connect, useShop } from './shop.ts';

const seeded = useShop();

const variantOf = async (id: number) => {
  const document = `{ productVariant(id: ${id}) { sku stockLevels { stockOnHand stockLocation { name } } } }`;
  return readField(await seeded.query(document), 'productVariant');
};
const skuOf = async (id: number) => String(readField(await variantOf(id), 'sku'));
const locationName = async () =>
  String(readField(await seeded.query('{ stockLocations { items { name } } }'), 'stockLocations.items.0.name'));

test('stock is set by SKU and location, and the rest of the batch stands when one has no variant', async () => {
  const { shop } = connect(seeded.url());
  const location = await locationName();
  const [first, second] = [await skuOf(11), await skuOf(12)];
  const outcomes = await shop.stockLevels.model.upsert([
    { key: `${first} @ ${location}`, onHand: 71 },
    { key: `no such SKU @ ${location}`, onHand: 72 },
    { key: `${second} @ ${location}`, onHand: 73 },
    { key: `${second} @ nowhere`, onHand: 74 },
  ]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true, false]);
  expect(outcomes[0]).toMatchObject({ ok: true, created: false, record: { sku: first, onHand: 71 } });
  const errors = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
  expect(errors.map(({ code }) => code)).toEqual(['not-found', 'not-found']);
  expect(errors.map(({ message }) => message).join()).not.toContain('no such SKU');
  for (const [id, stockOnHand] of [
    [11, 71],
    [12, 73],
  ] as const) {
    expect(readField(await variantOf(id), 'stockLevels')).toContainEqual({
      stockOnHand,
      stockLocation: { name: location },
    });
  }
});

test('stock that is written twice is what it is', async () => {
  const { shop } = connect(seeded.url());
  const key = `${await skuOf(13)} @ ${await locationName()}`;
  await shop.stockLevels.model.upsert([{ key, onHand: 5 }]);
  const [outcome] = await shop.stockLevels.model.upsert([{ key, onHand: 5 }]);
  expect(outcome).toMatchObject({ ok: true, record: { onHand: 5, key } });
});

test('a level whose key is none is refused, and nothing is written', async () => {
  const { shop } = connect(seeded.url());
  const [outcome] = await shop.stockLevels.upsert([{ key: 'W-1', stockOnHand: 5 }]);
  expect(outcome?.ok === false && isConnectorError(outcome.error) && outcome.error.code).toBe('invalid-request');
});

test('a level that is named twice is set once, and the second is told so', async () => {
  const { shop } = connect(seeded.url());
  const key = `${await skuOf(13)} @ ${await locationName()}`;
  const outcomes = await shop.stockLevels.model.upsert([
    { key, onHand: 8 },
    { key, onHand: 9 },
  ]);
  expect(outcomes).toMatchObject([
    { ok: true, record: { onHand: 8 } },
    { ok: false, error: { code: 'invalid-request' } },
  ]);
});

test('with stockLocationId no other location is written to', async () => {
  const { shop } = connect(seeded.url(), { stockLocationId: '2' });
  const key = `${await skuOf(1)} @ ${await locationName()}`;
  const [outcome] = await shop.stockLevels.model.upsert([{ key, onHand: 8 }]);
  expect(outcome).toMatchObject({ ok: false, error: { code: 'not-found' } });
});
