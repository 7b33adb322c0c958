import { expect, test } from 'vitest';
import { customerMapping, orderMapping, stockLevelMapping } from '../src/index.ts';

const stamps = { createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-02T00:00:00.000Z' };
const orderIn = (state: string) =>
  orderMapping.tryDecode({ ...stamps, id: '1', code: 'C-1', state, currencyCode: 'EUR', totalWithTax: 120, lines: [] });

for (const [state, expected] of Object.entries({
  Modifying: 'open',
  ArrangingAdditionalPayment: 'open',
  PartiallyShipped: 'paid',
  PartiallyDelivered: 'paid',
})) {
  test(`an order in ${state} is ${expected}`, () => {
    expect(orderIn(state)).toMatchObject({ ok: true, value: { state: expected, customerId: null, placedAt: null } });
  });
}

for (const state of ['AwaitingPickup', 'constructor']) {
  test(`the state ${state}, which is not Vendure's, is refused without being quoted`, () => {
    const result = orderIn(state);
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain(state);
  });
}

test('without a default billing address the first one counts, and both lines of a street are kept', () => {
  const addresses = [{ streetLine1: 'Main Street 1', streetLine2: 'Flat 2', city: 'Dublin' }, { city: 'Cork' }];
  const names = { firstName: '', lastName: 'Byrne', emailAddress: 'byrne@example.com' };
  const contact = customerMapping.decode({ ...stamps, id: '1', ...names, addresses });
  expect(contact).toMatchObject({ firstName: null, street: 'Main Street 1, Flat 2', city: 'Dublin', country: null });
});

test('of a stock level the stock on hand alone is written', () => {
  expect(stockLevelMapping.encodeChange({ onHand: 0 })).toEqual({ stockOnHand: 0 });
});
