import type { Product } from '@mortise/models';
import { expect, test } from 'vitest';
import { contactMapping, dealMapping, productMapping } from '../src/index.ts';

const stamps = { id: '1', createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-02T00:00:00.000Z' };
const productWith = (properties: Record<string, string | null>) => productMapping.tryDecode({ ...stamps, properties });

test('id and stamps are never written', () => {
  const contact = contactMapping.decode({ ...stamps, properties: { email: 'a@example.test' } });
  expect(Object.keys(contactMapping.encode(contact))).toEqual(['properties']);
});

test('missing, null and empty properties are all null', () => {
  const contact = contactMapping.decode({ ...stamps, properties: { firstname: '', lastname: null } });
  expect([contact.email, contact.firstName, contact.lastName]).toEqual([null, null, null]);
});

for (const price of [
  null,
  { amountMinor: -1, currency: 'EUR' },
  { amountMinor: 1000, currency: 'JPY' },
  { amountMinor: 1, currency: 'KWD' },
]) {
  test(`the price ${JSON.stringify(price)} survives the round trip`, () => {
    const model = { sku: '00123', name: 'Lamp', description: 'x', price };
    const written = productMapping.encode(model);
    const read: Product = productMapping.decode({ ...stamps, ...written });
    expect(read).toMatchObject(model);
  });
}

const refusals = [
  { properties: { price: '1.234', mortise_currency: 'EUR' }, reason: 'compute: amount has more than 2 decimal digits' },
  { properties: { price: '12.34' }, reason: 'compute: the amount has no currency beside it' },
  {
    properties: { price: '1e3', mortise_currency: 'EUR' },
    reason: 'compute: amount is not a plain decimal number such as 12.34',
  },
];
for (const { properties, reason } of refusals) {
  test(`a price is refused: ${reason}`, () => {
    const result = productWith(properties);
    expect(result.ok ? [] : result.issues.map((issue) => issue.reason)).toEqual([reason]);
  });
}

test('a product made in HubSpot is known by its hs_sku', () => {
  const result = productWith({ hs_sku: '77' });
  expect(result).toMatchObject({ ok: true, value: { sku: '77', price: null, active: null } });
});

test('a change writes the changed fields alone', () => {
  expect(dealMapping.encodeChange({ amount: null })).toEqual({ properties: { amount: '', deal_currency_code: '' } });
  expect(dealMapping.encodeChange({ contactId: '5' })).toEqual({ associations: { contactId: '5' } });
});
