import { createRandom, type Random } from '@mortise/testing';
import { product, sum } from '../records/decimal.ts';
import { lists } from '../records/lists.ts';
import type { DeletedRecord, FieldRow, FieldValue, RecordType, StockRow, StoredRecord } from '../types.ts';

/** What to seed: the number of the seed, and counts of records, which have defaults (10,400 in all). */
export type SeedOptions = {
  number: number;
  customers?: number;
  items?: number;
  orders?: number;
  deleted?: number;
  /** Begins the numbers of items, which then are their external ids too, as in an account that a shop is connected to. */
  skuPrefix?: string;
};

/** Everything a seed brings. */
export type Seed = { records: StoredRecord[]; deleted: DeletedRecord[]; stock: StockRow[] };

const firstNames = ['Ada', 'José', '美咲', 'Олена', 'محمد', 'Zoë', 'नेहा', "O'Neil", '🦊 Fox', 'Anne-Marie'] as const;
const lastNames = ['Lovelace', 'García', '佐藤', 'Шевченко', 'الهاشمي', 'Müller', 'शर्मा', 'Nguyễn', 'D"Arcy'] as const;
const goods = ['Lamp', 'Чашка', '椅子', 'Tëa, loose', 'كتاب', 'Bolt 00123', 'Rope <3 m> & hook'] as const;
const cities = ['Berlin', 'São Paulo', '東京', 'Київ'] as const;
const countries = ['_germany', '_brazil', '_japan', '_ukraine'] as const;
const states = ['_pendingApproval', '_pendingFulfillment', '_pendingBilling', '_fullyBilled', '_closed'] as const;
const stateLabels: Readonly<Record<string, string>> = {
  _pendingApproval: 'Pending Approval',
  _pendingFulfillment: 'Pending Fulfillment',
  _pendingBilling: 'Pending Billing',
  _fullyBilled: 'Billed',
  _closed: 'Closed',
};

/** 1 January 2026. */
const start = Date.UTC(2026, 0, 1);
/** Every 25th record or so has an id above 2^53, where a JSON number would lose its last digit. */
const bigId = 9_007_199_254_740_993n;

function idOf(random: Random, number: number): string {
  return random.chance(4) ? String(bigId + BigInt(number) * 2n) : String(number);
}

/** Stamps lie on few instants, so that many records tie; the page boundaries of a reader fall inside the ties. */
function stampOf(random: Random): number {
  return start + random.whole(40) * 3_600_000 + (random.chance(50) ? 0 : random.whole(3) * 1000);
}

function without(fields: FieldRow, { random, kept }: { random: Random; kept: readonly string[] }): FieldRow {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => kept.includes(name) || !random.chance(12)));
}

const price = (random: Random): string => `${random.whole(1000)}.${String(random.whole(100)).padStart(2, '0')}`;
const flag = (value: boolean): string => String(value);

function customerFields(random: Random, index: number): FieldRow {
  const isPerson = random.chance(40);
  const first = random.pick(firstNames);
  const last = random.pick(lastNames);
  const name = isPerson ? `${first} ${last}` : `${last} ${random.pick(['GmbH', '株式会社', 'LLC'])} ${index}`;
  const named: FieldRow = isPerson ? { firstName: first, lastName: last } : { companyName: name };
  const place = random.whole(cities.length);
  const address: FieldRow = {
    country: countries[place] ?? '_germany',
    addressee: name,
    addr1: `Street ${random.whole(200)}`,
    city: cities[place] ?? '',
    zip: `0${random.whole(10_000)}`,
  };
  const book: FieldValue = {
    rows: [
      { defaultShipping: 'true', defaultBilling: 'true', addressbookAddress: { group: address }, internalId: '1' },
    ],
  };
  const fields: FieldRow = {
    ...named,
    entityId: `C${String(index).padStart(6, '0')}`,
    altName: name,
    isPerson: flag(isPerson),
    email: `person${index}@example-${random.whole(9)}.test`,
    phone: `+49 30 ${String(random.whole(10_000_000)).padStart(7, '0')}`,
    comments: random.pick(['plain', 'two\nlines', 'comma, "quote" & <tag>', ' blanks ']),
    isInactive: flag(random.chance(6)),
    subsidiary: { reference: { id: '1', name: 'Parent Company' } },
    currency: { reference: random.chance(50) ? lists.currency[0] : lists.currency[2] },
    addressbookList: book,
  };
  return without(fields, {
    random,
    kept: ['entityId', 'altName', 'isPerson', 'isInactive', 'companyName', 'firstName', 'lastName'],
  });
}

function itemFields(random: Random, index: number): FieldRow {
  const value = price(random);
  const row: FieldRow = {
    currency: { reference: lists.currency[0] },
    priceList: { rows: [{ value, quantity: '0' }] },
  };
  const fields: FieldRow = {
    itemId: String(index).padStart(6, '0'),
    displayName: `${random.pick(goods)} ${index}`,
    salesDescription: random.pick(['plain', 'two\nlines', 'comma, "quote"']),
    upcCode: `0${random.whole(1_000_000)}`,
    cost: price(random),
    isInactive: flag(random.chance(6)),
    isOnline: flag(random.chance(50)),
    pricingMatrix: { rows: [row] },
  };
  return without(fields, { random, kept: ['itemId', 'isInactive', 'isOnline', 'pricingMatrix'] });
}

type Made = { customers: StoredRecord[]; items: StoredRecord[] };

function lineOf(random: Random, { items, line }: { items: StoredRecord[]; line: number }): FieldRow {
  const item = items[random.whole(items.length)];
  const quantity = String(1 + random.whole(9));
  const rate = price(random);
  const name = item?.fields.itemId;
  return {
    item: { reference: { id: item?.id ?? '0', name: typeof name === 'string' ? name : '' } },
    quantity,
    description: random.pick(goods),
    rate,
    amount: product(quantity, rate),
    line: String(line),
  };
}

function orderFields(random: Random, index: number, { customers, items }: Made): FieldRow {
  const customer = customers[random.whole(customers.length)];
  const number = customer?.fields.entityId;
  const rows = Array.from({ length: 1 + random.whole(4) }, (_, line) => lineOf(random, { items, line: line + 1 }));
  const amounts = rows.map(({ amount }) => (typeof amount === 'string' ? amount : '0'));
  const subTotal = sum(amounts);
  const shippingCost = price(random);
  const orderStatus = random.pick(states);
  const fields: FieldRow = {
    entity: { reference: { id: customer?.id ?? '0', name: typeof number === 'string' ? number : '' } },
    currency: { reference: lists.currency[0] },
    tranDate: new Date(start + random.whole(300) * 86_400_000).toISOString(),
    tranId: `SO${String(index).padStart(6, '0')}`,
    orderStatus,
    status: stateLabels[orderStatus] ?? '',
    otherRefNum: `PO-0${random.whole(10_000)}`,
    memo: random.pick(['', 'two\nlines', '至急', 'a "quoted" note']),
    shippingCost,
    subTotal,
    total: sum([subTotal, shippingCost]),
    location: { reference: lists.location[random.whole(lists.location.length)] ?? lists.location[0] },
    itemList: { rows },
  };
  const kept = Object.keys(fields).filter((name) => !['otherRefNum', 'memo', 'location'].includes(name));
  const filled = without(fields, { random, kept });
  return Object.fromEntries(Object.entries(filled).filter(([, value]) => value !== ''));
}

type Maker = { count: number; from: number; fields: (random: Random, index: number) => FieldRow };

function records(type: RecordType, random: Random, { count, from, fields }: Maker): StoredRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const createdAt = stampOf(random);
    const modifiedAt = createdAt + (random.chance(30) ? random.whole(5) * 60_000 : 0);
    const externalId = random.chance(60) ? `${type}-${index}` : null;
    return { type, id: idOf(random, from + index), externalId, fields: fields(random, index), createdAt, modifiedAt };
  });
}

function stockOf(item: StoredRecord, random: Random): StockRow[] {
  return lists.location.flatMap(({ id }) => {
    if (random.chance(25)) return [];
    const onHand = random.chance(5) ? -random.whole(5) : random.whole(500);
    const committed = random.whole(Math.max(onHand, 1));
    return [
      {
        itemId: item.id,
        locationId: id,
        onHand,
        available: Math.max(onHand - committed, 0),
        committed,
        onOrder: random.whole(50),
        backOrdered: random.whole(5),
        modifiedAt: stampOf(random),
      },
    ];
  });
}

function numbered({ skuPrefix }: SeedOptions): (item: StoredRecord) => StoredRecord {
  return (item) => {
    if (skuPrefix === undefined || typeof item.fields.itemId !== 'string') return item;
    const number = `${skuPrefix}${item.fields.itemId}`;
    return { ...item, externalId: number, fields: { ...item.fields, itemId: number } };
  };
}

const types = ['customer', 'inventoryItem', 'salesOrder'] as const;

/** Deleted rows; every third stands for a duplicate that was merged into another record. */
function deletedRows(random: Random, count: number): DeletedRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    type: types[index % types.length] ?? 'customer',
    id: idOf(random, 900_000 + index),
    externalId: random.chance(50) ? `gone-${index}` : null,
    name: index % 3 === 0 ? `Merged ${index}` : `Gone ${index}`,
    deletedAt: stampOf(random),
  }));
}

/**
 * Everything of a seed: the same number gives the same records. Ties in the stamps, missing values, inactive and merged
 * records, names in many scripts and ids above 2^53 are among them.
 */
export function seedRecords(options: SeedOptions): Seed {
  const { customers = 4000, items = 3000, orders = 3000, deleted = 400 } = options;
  const random = createRandom(options.number * 7);
  const made = {
    customers: records('customer', random, { count: customers, from: 1001, fields: customerFields }),
    items: records('inventoryItem', random, { count: items, from: 101_001, fields: itemFields }).map(numbered(options)),
  };
  const fields = (each: Random, index: number): FieldRow => orderFields(each, index, made);
  const sold = records('salesOrder', random, { count: orders, from: 201_001, fields });
  return {
    records: [...made.customers, ...made.items, ...sold],
    deleted: deletedRows(random, deleted),
    stock: made.items.flatMap((item) => stockOf(item, random)),
  };
}
