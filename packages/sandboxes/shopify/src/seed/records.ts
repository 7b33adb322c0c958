import { createRandom, type Random } from '@mortise/testing';
import { instant } from '../records/wire.ts';
import type { RecordType, StoredRecord } from '../types.ts';

/** What to seed. The same options give the same records. */
export type SeedOptions = {
  /** Any whole number, without a unit: all values follow from it. */
  number: number;
  /** Products; each has one to three variants, with an inventory item and its levels. Default 2000. */
  products?: number;
  /** Customers. Default 2000; every 97th was merged into the one before, and its id is missing. */
  customers?: number;
  /** How many orders, with one to three lines. Default 2000. */
  orders?: number;
  /** Currency of all prices. Default EUR. */
  currencyCode?: string;
  /** Names of the locations. Default three. */
  locations?: readonly string[];
  /** No value is missing, and SKUs are numbered through from `SKU-000000`: for a shop all of which can be carried on. */
  complete?: boolean;
};

const firstId = 1001;
const beyond = 9_007_199_254_740_993n;
const start = Date.UTC(2026, 0, 1);
const second = 1000;

const names = ['Ada', 'Zoë', '美咲', 'Łukasz', 'Дмитрий', 'محمد', 'Σοφία', '지우', "O'Neil"] as const;
const surnames = ['Lovelace', '山田', 'Müller-Lüdenscheid', 'Иванова', 'الفارسي', 'Nguyễn', '김'] as const;
const goods = ['Lamp', '電球', 'Стол', 'Chaise à bascule', 'كرسي', 'Tea 🍵', 'Ünterlage "XL"'] as const;
const places = ['Berlin', '大阪', 'Warehouse 3'] as const;

/** The last twentieth of a type has ids above 2^53, where a JavaScript number would round them. */
const idAt = (index: number, count: number): string =>
  index >= count - Math.floor(count / 20) ? String(beyond + BigInt(index)) : String(firstId + index);

/** Seven records share a stamp: ties at every page's edge. */
const stampAt = (index: number): number => start + Math.floor(index / 7) * 60 * second;

type Made = Pick<StoredRecord, 'type' | 'id' | 'body'> & { at: number; parent?: string; other?: string };

const record = ({ type, id, body, at, parent, other }: Made): StoredRecord => ({
  ...{ type, id, body, parent: parent ?? null, other: other ?? null },
  ...{ createdAt: at - 3600 * second, updatedAt: at },
});

const money = (amount: string, currencyCode: string) => ({
  shopMoney: { amount, currencyCode },
  presentmentMoney: { amount, currencyCode },
});

/** What values are drawn from. */
type Draw = Random & {
  /** The value, or null as often as vendors have none. */
  maybe<Value>(value: Value): Value | null;
};

const drawFrom = (seed: number, { complete = false }: SeedOptions): Draw => {
  const random = createRandom(seed);
  return { ...random, maybe: (value) => (random.whole(6) === 0 && !complete ? null : value) };
};

const locationRecords = (names: readonly string[]): StoredRecord[] =>
  names.map((name, index) =>
    record({ type: 'Location', id: String(firstId + index), body: { name, isActive: true }, at: start }),
  );

type VariantPlace = { product: StoredRecord; position: number; id: string; sku: string; locations: number };

function variantRecords(random: Draw, { product, position, id, sku: own, locations }: VariantPlace): StoredRecord[] {
  const sku = random.maybe(own);
  const at = product.updatedAt;
  const size = ['Default Title', 'M', 'L'][position] ?? 'XL';
  const price = `${5 + random.whole(200)}.${10 + random.whole(90)}`;
  const body = {
    ...{ sku, barcode: null, title: size, displayName: `${product.body.title} - ${size}`, price, taxable: true },
    ...{ position: position + 1, inventoryQuantity: 0, selectedOptions: [{ name: 'Title', value: size }] },
  };
  const item = record({ type: 'InventoryItem', id, at, body: { sku, tracked: true, requiresShipping: true } });
  const levels = Array.from({ length: locations }, (_, place) =>
    record({
      ...({
        type: 'InventoryLevel',
        id: String(BigInt(id) * BigInt(Math.max(100, locations)) + BigInt(place)),
        at,
        parent: id,
      } as const),
      other: String(firstId + place),
      body: { isActive: true, onHand: random.whole(100), committed: random.whole(5) },
    }),
  );
  return [record({ type: 'ProductVariant', id, at, parent: product.id, other: id, body }), item, ...levels];
}

function products(random: Draw, { products: count = 2000, locations = places, complete }: SeedOptions): StoredRecord[] {
  const all: StoredRecord[] = [];
  let variants = 0;
  for (let index = 0; index < count; index += 1) {
    const at = stampAt(index);
    const title = `${random.pick(goods)} ${index}`;
    const status = index % 11 === 10 ? 'ARCHIVED' : index % 13 === 12 ? 'DRAFT' : 'ACTIVE';
    const product = record({
      ...({ type: 'Product', id: idAt(index, count), at } as const),
      body: {
        ...{ handle: `product-${index}`, title, descriptionHtml: `<p>${title}</p>`, status, vendor: 'Mortise' },
        ...{ productType: '', tags: [], totalInventory: 0, publishedAt: status === 'ACTIVE' ? instant(at) : null },
      },
    });
    all.push(product);
    const many = index % 10 === 0 ? 3 : 1;
    for (let position = 0; position < many; position += 1) {
      const sku = complete === true ? `SKU-${String(variants).padStart(6, '0')}` : `SKU-${index}-${position}`;
      const id = idAt(variants, count + 2 * Math.ceil(count / 10));
      all.push(...variantRecords(random, { product, position, id, sku, locations: locations.length }));
      variants += 1;
    }
  }
  return all;
}

function customers(random: Draw, count: number): StoredRecord[] {
  const all: StoredRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    if (index % 97 === 96) continue;
    const address = {
      id: `gid://shopify/MailingAddress/${firstId + index}`,
      address1: 'Lindenstraße 1',
      address2: null,
    };
    all.push(
      record({
        ...({ type: 'Customer', id: idAt(index, count), at: stampAt(index) } as const),
        body: {
          ...{ firstName: random.maybe(random.pick(names)), lastName: random.maybe(random.pick(surnames)) },
          email: random.maybe(`person${index}@example.test`),
          phone: random.maybe(`+4930${String(1_000_000 + index)}`),
          ...{ note: null, tags: index % 97 === 95 ? ['merged'] : [], state: 'ENABLED', numberOfOrders: '0' },
          defaultAddress: random.maybe({
            ...address,
            city: 'Berlin',
            company: null,
            zip: '10969',
            provinceCode: 'BE',
            countryCodeV2: 'DE',
          }),
        },
      }),
    );
  }
  return all;
}

type Shop = { variants: readonly StoredRecord[]; customers: readonly StoredRecord[]; currencyCode: string };

function orderRecords(
  random: Draw,
  { variants, customers: buyers, currencyCode }: Shop,
  place: { index: number; count: number },
): StoredRecord[] {
  const { index, count } = place;
  const id = idAt(index, count);
  const at = stampAt(index);
  const bought = Array.from({ length: 1 + (index % 3) }, () => variants[random.whole(variants.length)]);
  const lines = bought.flatMap((variant, line) => {
    if (variant === undefined) return [];
    const { sku, displayName, price } = variant.body;
    const body = {
      name: displayName,
      title: displayName,
      sku,
      quantity: 1,
      originalUnitPriceSet: money(String(price), currencyCode),
    };
    const ids = { variantId: variant.id, productId: variant.parent };
    return [
      record({
        type: 'LineItem',
        id: String(BigInt(id) * 4n + BigInt(line)),
        at,
        parent: id,
        body: { ...body, ...ids },
      }),
    ];
  });
  const total = bought.reduce((sum, variant) => sum + Number(variant?.body.price ?? 0), 0).toFixed(2);
  const buyer = random.maybe(buyers[random.whole(buyers.length)]);
  const body = {
    ...{
      name: `#${firstId + index}`,
      email: buyer?.body.email ?? null,
      note: null,
      tags: [],
      test: false,
      currencyCode,
    },
    ...{ processedAt: instant(at), closedAt: null, cancelledAt: index % 23 === 22 ? instant(at) : null },
    ...{
      displayFinancialStatus: random.pick(['PAID', 'PENDING', 'REFUNDED']),
      displayFulfillmentStatus: 'UNFULFILLED',
    },
    ...{ customerId: buyer?.id ?? null, shippingAddress: null, totalTaxSet: money('0.00', currencyCode) },
    ...{ totalPriceSet: money(total, currencyCode), subtotalPriceSet: money(total, currencyCode) },
  };
  return [record({ type: 'Order', id, at, body }), ...lines];
}

const ofType = (records: readonly StoredRecord[], type: RecordType): StoredRecord[] =>
  records.filter((each) => each.type === type);

/**
 * Makes the records of a seed: with the default counts more than 10,000, with ties in the stamps, missing values, names
 * in many scripts, archived products, merged customers and ids above 2^53.
 */
export function seedRecords(options: SeedOptions): StoredRecord[] {
  const { number, customers: buyers = 2000, orders: count = 2000, currencyCode = 'EUR', locations = places } = options;
  const goodsMade = products(drawFrom(number * 7 + 1, options), options);
  const people = customers(drawFrom(number * 7 + 2, options), buyers);
  const random = drawFrom(number * 7 + 3, options);
  const shop = { variants: ofType(goodsMade, 'ProductVariant'), customers: people, currencyCode };
  const orders = Array.from({ length: count }, (_, index) => orderRecords(random, shop, { index, count })).flat();
  return [...locationRecords(locations), ...goodsMade, ...people, ...orders];
}
