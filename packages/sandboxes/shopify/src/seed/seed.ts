import { put, type StoredRecord } from '../records/table.ts';
import type { ShopifyState } from '../state.ts';
import { handleOf, names, stampsFrom } from './material.ts';
import { createRandom, type Random } from './random.ts';
import type { SeedOptions } from './seed-options.ts';

/** Every 23rd record or so has an id above 2^53, where a JSON number would lose its last digit. */
const bigId = 9_007_199_254_740_993n;

const idOf = (random: Random, index: number): string =>
  random.chance(4) ? String(bigId + BigInt(index) * 2n) : String(1_001 + index);

/** Names of the locations that every seed has, the first ones first. */
export const locationNames = ['Main Warehouse', 'Lager Süd', '東京倉庫', 'Склад "Північ"'];

interface Seeding {
  readonly state: ShopifyState;
  readonly random: Random;
  /** True in so many of 100 cases, where gaps are wanted. */
  readonly isMissing: (percent: number) => boolean;
  readonly variants: { id: string; sku: string | null; price: string; title: string }[];
  readonly customers: string[];
}

const store = ({ state }: Seeding, record: StoredRecord, lookup: Parameters<typeof put>[2]['lookup'] = {}): void =>
  // A seeded record is old: a lagging index shows it at once.
  put(state.database, record, { changedAt: 0, lookup });

/**
 * Fills an empty shop. The same number gives the same records: ties in the stamps, missing values, names in many
 * scripts, ids above 2^53, archived products, customers whose address came from a merged one.
 */
export const seedShop = (state: ShopifyState, options: SeedOptions): void => {
  const { number, products = 2_500, customers = 2_500, orders = 1_000, locations = 2, gaps = true } = options;
  const random = createRandom(number);
  const seeding: Seeding = {
    state,
    random,
    isMissing: (percent) => random.chance(percent) && gaps,
    variants: [],
    customers: [],
  };
  const places = locationNames.slice(0, locations);
  places.forEach((name, index) => {
    const id = String(501 + index);
    const data = { name, isActive: true };
    store(seeding, { type: 'Location', id, ...stampsFrom(seeding.random), data }, { name });
  });
  for (let index = 0; index < products; index += 1) seedProduct(seeding, { index, locations: places.length });
  for (let index = 0; index < customers; index += 1) seedCustomer(seeding, index);
  for (let index = 0; index < orders; index += 1) seedOrder(seeding, index);
};

const seedProduct = (seeding: Seeding, { index, locations }: { index: number; locations: number }): void => {
  const { random } = seeding;
  const title = `${random.pick(names.goods)} ${index}`;
  const handle = handleOf(`product ${index}`);
  const id = idOf(random, index);
  const stamps = stampsFrom(random);
  const status = random.chance(5) ? 'ARCHIVED' : random.chance(5) ? 'DRAFT' : 'ACTIVE';
  const data = {
    title,
    handle,
    status,
    descriptionHtml: random.chance(20) ? '' : `<p>${title}</p>`,
    vendor: 'Sandbox',
  };
  store(seeding, { type: 'Product', id, ...stamps, data }, { name: handle });
  const count = random.chance(20) ? 3 : 1;
  for (let place = 0; place < count; place += 1)
    seedVariant(seeding, { index: index * 3 + place, productId: id, stamps, count, locations });
};

interface VariantPlan {
  readonly index: number;
  readonly productId: string;
  readonly stamps: { readonly createdAt: number; readonly updatedAt: number };
  readonly count: number;
  readonly locations: number;
}

const seedVariant = (seeding: Seeding, { index, productId, stamps, count, locations }: VariantPlan): void => {
  const { random, variants } = seeding;
  const [id, itemId] = [idOf(random, index), idOf(random, index)];
  // Leading zeros count, and some goods have no SKU.
  const sku = seeding.isMissing(3) ? null : `SKU-${String(variants.length).padStart(6, '0')}`;
  const price = `${random.whole(1_000)}.${String(random.whole(100)).padStart(2, '0')}`;
  const value = count === 1 ? 'Default Title' : `Size ${(index % 3) + 1}`;
  const selectedOptions = [{ name: count === 1 ? 'Title' : 'Size', value }];
  const data = { title: value, sku, price, selectedOptions, productId, itemId };
  store(seeding, { type: 'ProductVariant', id, ...stamps, data }, { parent: productId, name: sku });
  store(
    seeding,
    { type: 'InventoryItem', id: itemId, ...stamps, data: { sku, tracked: true, variantId: id } },
    { name: sku },
  );
  variants.push({ id, sku, price, title: value });
  for (let place = 0; place < locations; place += 1) {
    const locationId = String(501 + place);
    const level = { itemId, locationId, onHand: random.whole(200), committed: random.whole(5) };
    const levelId = String(BigInt(itemId) * 10n + BigInt(place));
    store(
      seeding,
      { type: 'InventoryLevel', id: levelId, ...stampsFrom(random), data: level },
      { parent: itemId, place: locationId },
    );
  }
};

const seedCustomer = (seeding: Seeding, index: number): void => {
  const { random } = seeding;
  const id = idOf(random, index);
  const email = seeding.isMissing(4) ? null : `buyer${index}@example-${random.whole(9)}.test`;
  const address = {
    company: random.chance(80) ? null : `${random.pick(names.last)} GmbH`,
    address1: `Street ${random.whole(200)}`,
    address2: null,
    city: random.pick(names.cities),
    provinceCode: null,
    zip: `0${random.whole(10_000)}`,
    countryCodeV2: random.pick(['DE', 'JP', 'BR', 'UA']),
  };
  const data = {
    email,
    phone: random.chance(50) ? null : `+4930${String(random.whole(10_000_000)).padStart(7, '0')}`,
    firstName: random.chance(8) ? null : random.pick(names.first),
    lastName: random.pick(names.last),
    note: random.chance(3) ? 'merged from another customer' : null,
    tags: [],
    state: 'DISABLED',
    numberOfOrders: '0',
    defaultAddress: random.chance(15) ? null : address,
  };
  store(seeding, { type: 'Customer', id, ...stampsFrom(random), data }, { name: email });
  seeding.customers.push(id);
};

const seedOrder = (seeding: Seeding, index: number): void => {
  const { random, variants, customers } = seeding;
  const stamps = stampsFrom(random);
  const lines = Array.from({ length: 1 + random.whole(4) }, () => {
    const variant = variants[random.whole(Math.max(1, variants.length))];
    return {
      name: variant?.title ?? 'Thing',
      sku: variant?.sku ?? null,
      quantity: 1 + random.whole(5),
      price: variant?.price ?? '1.00',
    };
  });
  const total = lines.reduce((sum, { price, quantity }) => sum + Math.round(Number(price) * 100) * quantity, 0);
  const isCancelled = random.chance(6);
  const name = `#${1_001 + index}`;
  const data = {
    name,
    processedAt: new Date(stamps.createdAt).toISOString().replace('.000Z', 'Z'),
    cancelledAt: isCancelled ? new Date(stamps.updatedAt).toISOString().replace('.000Z', 'Z') : null,
    displayFinancialStatus: random.pick(['PAID', 'PENDING', 'REFUNDED', 'PAID']),
    displayFulfillmentStatus: random.pick(['FULFILLED', 'UNFULFILLED', 'UNFULFILLED']),
    customerId: seeding.isMissing(5) ? null : (customers[random.whole(Math.max(1, customers.length))] ?? null),
    total: (total / 100).toFixed(2),
    lines,
  };
  store(seeding, { type: 'Order', id: idOf(random, index), ...stamps, data }, { name });
};
