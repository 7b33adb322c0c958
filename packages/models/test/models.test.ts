import { expect, test } from 'vitest';
import { z } from 'zod';
import * as models from '../src/index.ts';

const { Company, Contact, Deal, Location, Money, Order, OrderLine, Product, StockLevel } = models;
const schemas = { Company, Contact, Deal, Location, Money, Order, OrderLine, Product, StockLevel };
const records = { Company, Contact, Deal, Location, Order, Product, StockLevel };

const at = new Date('2026-11-23T10:00:00.000Z');
const stamps = { createdAt: at, updatedAt: at };
const money = { amountMinor: 1234, currency: 'EUR' };
const address = { street: null, city: null, region: null, postalCode: null, country: null };

const samples = {
  Contact: { id: '1', email: null, firstName: null, lastName: null, phone: null, company: null, ...address, ...stamps },
  Company: { id: '1', name: null, domain: null, phone: null, ...address, ...stamps },
  Deal: {
    id: '1',
    key: null,
    name: null,
    stage: null,
    amount: null,
    closedAt: null,
    contactId: null,
    companyId: null,
    ...stamps,
  },
  Product: { id: '1', sku: null, name: null, description: null, price: null, active: null, ...stamps },
  Order: {
    ...{ id: '1', number: '1001', state: 'draft', customerId: null, total: money, placedAt: null, ...stamps },
    lines: [{ sku: null, name: 'Mug', quantity: 2, unitPrice: money }],
  },
  StockLevel: {
    id: '1',
    sku: null,
    productId: null,
    locationId: null,
    locationName: null,
    onHand: -3,
    allocated: null,
    updatedAt: at,
  },
  Location: { id: '1', name: 'Main warehouse', ...stamps },
} as const satisfies Record<keyof typeof records, object>;

const names = Object.keys(samples).filter((name): name is keyof typeof records => name in records);

test.each(names)('%s takes a record in which all that may be unknown is null, unchanged', (name) => {
  const sample: object = samples[name];
  expect(records[name].parse(sample)).toEqual(sample);
});

test.each(names)('every field of %s must be present: absent is not the same as null', (name) => {
  for (const field of Object.keys(samples[name])) {
    const { [field]: _, ...rest } = { ...samples[name] } as Record<string, unknown>; // one key less, whichever it is
    expect(records[name].safeParse(rest).success, field).toBe(false);
  }
});

test.each(names)('id and stamps of %s are never null', (name) => {
  for (const field of ['id', 'updatedAt']) {
    expect(records[name].safeParse({ ...samples[name], [field]: null }).success, field).toBe(false);
  }
  expect(records[name].safeParse({ ...samples[name], id: '' }).success).toBe(false);
});

test.each(Object.keys(schemas))('%s and each of its fields are described', (name) => {
  const schema: z.ZodObject | undefined = { ...schemas }[name];
  if (!schema) throw new Error(`no schema ${name}`);
  expect(schema.meta()).toMatchObject({ title: expect.any(String), description: expect.any(String) });
  for (const [field, value] of Object.entries(schema.shape)) {
    expect(z.globalRegistry.get(value)?.description, `${name}.${field}`).toMatch(/.+/);
  }
});

test('instants are dates, not text or numbers', () => {
  for (const updatedAt of ['2026-11-23T10:00:00Z', 1_700_000_000_000, new Date('nonsense')]) {
    expect(Location.safeParse({ ...samples.Location, updatedAt }).success).toBe(false);
  }
});

test('money is a safe integer with a currency code in capitals', () => {
  expect(Money.parse(money)).toEqual(money);
  for (const wrong of [
    { amountMinor: 12.34 },
    { amountMinor: 2 ** 53 },
    { amountMinor: '12' },
    { currency: 'eur' },
    { currency: 'EURO' },
  ]) {
    expect(Money.safeParse({ ...money, ...wrong }).success).toBe(false);
  }
});

test('quantities are integers', () => {
  expect(StockLevel.safeParse({ ...samples.StockLevel, onHand: 1.5 }).success).toBe(false);
  expect(OrderLine.safeParse({ ...samples.Order.lines[0], quantity: 0.5 }).success).toBe(false);
});

test('an order state outside the five is refused', () => {
  expect(Order.safeParse({ ...samples.Order, state: 'shipped' }).success).toBe(false);
});
