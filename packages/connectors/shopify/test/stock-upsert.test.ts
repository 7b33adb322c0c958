import { describe, expect, test } from 'vitest';
import { drive, standIn } from './stand-in.ts';

/** More locations than an inventory item brings along: the others are read after it. */
const locations = Array.from({ length: 12 }, (_, index) => `Shelf ${index + 1}`);

const connected = async (settings: { compareStock?: boolean } = {}) => {
  const seed = { number: 7, products: 60, customers: 0, orders: 0, complete: true, locations };
  const { shop, sandbox, clock } = await standIn({ seed }, settings);
  /** How many requests have written something. */
  const writes = (): number => new Set(sandbox.writes().map(({ request }) => request)).size;
  const upsert = (levels: readonly { key: string; onHand: number }[]) =>
    drive(clock, shop.stockLevels.model.upsert(levels));
  return { shop, sandbox, clock, writes, upsert };
};

describe('stock set by SKU and location', () => {
  test('levels are set, also at the twelfth location, and the rest of the batch stands when one has no item', async () => {
    const { upsert } = await connected();
    const outcomes = await upsert([
      { key: 'SKU-000003 @ Shelf 12', onHand: 4711 },
      { key: 'SKU-999999 @ Shelf 1', onHand: 1 },
      { key: 'SKU-000004 @ nowhere', onHand: 2 },
      { key: 'SKU-000004 @ Shelf 2', onHand: 4712 },
    ]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, false, true]);
    const wanted = { sku: 'SKU-000003', locationName: 'Shelf 12', onHand: 4711 };
    expect(outcomes[0]).toMatchObject({ ok: true, created: false, record: wanted });
    const errors = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
    expect(errors.map(({ code }) => code)).toEqual(['not-found', 'not-found']);
    expect(errors.map(({ message }) => message).join()).not.toContain('999999');
  });

  test('a whole batch and more is set in as few requests as it can be', async () => {
    const { upsert, writes } = await connected();
    const levels = Array.from({ length: 60 }, (_, index) => ({
      key: `SKU-${String(index).padStart(6, '0')} @ Shelf 1`,
      onHand: 5000 + index,
    }));
    const outcomes = await upsert(levels);
    expect(outcomes.map((outcome) => outcome.ok && outcome.record.onHand)).toEqual(levels.map(({ onHand }) => onHand));
    expect(writes()).toBe(2);
  });

  test('stock that lies there already is not written again', async () => {
    const { upsert, writes } = await connected();
    const level = [{ key: 'SKU-000001 @ Shelf 3', onHand: 31 }];
    await upsert(level);
    expect(await upsert(level)).toMatchObject([{ ok: true, record: { onHand: 31 } }]);
    expect(writes()).toBe(1);
  });

  test('a level whose key is none is refused, and nothing is sent', async () => {
    const { shop, clock, writes } = await connected();
    const [outcome] = await drive(clock, shop.stockLevels.upsert([{ key: 'SKU-000001', quantities: { on_hand: 5 } }]));
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid-request' } });
    expect(writes()).toBe(0);
  });
});
