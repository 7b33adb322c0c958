import { gid, instant } from '../records/gid.ts';
import { childrenOf, find, type RecordType, type StoredRecord } from '../records/table.ts';
import type { ShopifyState } from '../state.ts';
import { connection, type PageArguments, readPage } from './connection.ts';

/** An object as GraphQL resolves it: a field is a value, or a function of its arguments. */
export type Resolved = Readonly<Record<string, unknown>>;

const common = ({ type, id, createdAt, updatedAt, data }: StoredRecord): Resolved => ({
  ...data,
  id: gid(type, id),
  createdAt: instant(createdAt),
  updatedAt: instant(updatedAt),
});

const money = (state: ShopifyState, amount: unknown): Resolved => ({
  shopMoney: { amount, currencyCode: state.settings.currencyCode },
});

/** The connection of records that belong to another one. */
const below =
  (state: ShopifyState, { type, parent }: { type: RecordType; parent: string }) =>
  (args: PageArguments) =>
    connection(readPage(state, { type, parent }, args), (record) => resolve(state, record));

const objectOf = (state: ShopifyState, type: RecordType, id: unknown): Resolved | null => {
  const record = typeof id === 'string' ? find(state.database, type, id) : undefined;
  return record === undefined ? null : resolve(state, record);
};

const product = (state: ShopifyState, record: StoredRecord): Resolved => ({
  ...common(record),
  variantsCount: () => ({ count: childrenOf(state.database, 'ProductVariant', record.id).length, precision: 'EXACT' }),
  variants: below(state, { type: 'ProductVariant', parent: record.id }),
  priceRangeV2: () => {
    const prices = childrenOf(state.database, 'ProductVariant', record.id).map(({ data }) => Number(data.price));
    const amount = (prices.length === 0 ? 0 : Math.min(...prices)).toFixed(2);
    return { minVariantPrice: { amount, currencyCode: state.settings.currencyCode } };
  },
});

const variant = (state: ShopifyState, record: StoredRecord): Resolved => ({
  ...common(record),
  product: () => objectOf(state, 'Product', record.data.productId),
  inventoryItem: () => objectOf(state, 'InventoryItem', record.data.itemId),
});

const item = (state: ShopifyState, record: StoredRecord): Resolved => ({
  ...common(record),
  inventoryLevels: below(state, { type: 'InventoryLevel', parent: record.id }),
  variants: (args: PageArguments) => {
    const { id } = record;
    const own = find(state.database, 'ProductVariant', String(record.data.variantId));
    const page = { records: own === undefined ? [] : [own], cursors: [id], hasNextPage: false, hasPreviousPage: false };
    return connection(args.first === 0 ? { ...page, records: [] } : page, (each) => resolve(state, each));
  },
});

const level = (state: ShopifyState, record: StoredRecord): Resolved => {
  const { itemId, locationId, onHand, committed } = record.data;
  const quantities = {
    on_hand: Number(onHand),
    committed: Number(committed),
    available: Number(onHand) - Number(committed),
  };
  return {
    ...common(record),
    id: `${gid('InventoryLevel', record.id)}?inventory_item_id=${itemId}`,
    item: () => objectOf(state, 'InventoryItem', itemId),
    location: () => objectOf(state, 'Location', locationId),
    quantities: ({ names }: { names: readonly string[] }) =>
      Object.entries(quantities).flatMap(([name, quantity]) => (names.includes(name) ? [{ name, quantity }] : [])),
  };
};

const customer = (record: StoredRecord): Resolved => {
  const { email, phone } = record.data;
  return {
    ...common(record),
    defaultEmailAddress: typeof email === 'string' ? { emailAddress: email } : null,
    defaultPhoneNumber: typeof phone === 'string' ? { phoneNumber: phone } : null,
  };
};

const order = (state: ShopifyState, record: StoredRecord): Resolved => {
  const { lines, total, customerId } = record.data;
  const rows: readonly Resolved[] = Array.isArray(lines) ? lines : [];
  return {
    ...common(record),
    customer: () => objectOf(state, 'Customer', customerId),
    totalPriceSet: money(state, total),
    lineItems: (args: PageArguments) => lineItems(state, { rows, orderId: record.id, args }),
  };
};

/** The lines of an order lie in it, and are paged by their place. */
const lineItems = (
  state: ShopifyState,
  { rows, orderId, args }: { rows: readonly Resolved[]; orderId: string; args: PageArguments },
): Resolved => {
  const from = args.after ? Number(args.after) + 1 : 0;
  const size = args.first ?? 0;
  const nodes = rows.slice(from, from + size).map((row, index) => ({
    ...row,
    id: gid('LineItem', `${orderId}${String(from + index).padStart(3, '0')}`),
    originalUnitPriceSet: money(state, row.price),
  }));
  const last = from + nodes.length - 1;
  return {
    nodes,
    edges: nodes.map((node) => ({ node })),
    pageInfo: { hasNextPage: from + size < rows.length, endCursor: nodes.length === 0 ? null : String(last) },
  };
};

/** A record as GraphQL resolves it. */
export const resolve = (state: ShopifyState, record: StoredRecord): Resolved => {
  switch (record.type) {
    case 'Product':
      return product(state, record);
    case 'ProductVariant':
      return variant(state, record);
    case 'InventoryItem':
      return item(state, record);
    case 'InventoryLevel':
      return level(state, record);
    case 'Customer':
      return customer(record);
    case 'Order':
      return order(state, record);
    case 'Location':
      return {
        ...common(record),
        inventoryLevels: (args: PageArguments) =>
          connection(readPage(state, { type: 'InventoryLevel', place: record.id }, args), (each) =>
            resolve(state, each),
          ),
      };
  }
};
