import { gidOf, idOf } from '../records/gid.ts';
import { findRecord, recordsOf } from '../records/table.ts';
import type { ShopifyState, StoredRecord } from '../types.ts';
import { mergeBody } from '../webhooks/payload.ts';
import { announce, change, create, existing, remove } from './changes.ts';

/** One line of an order that a buyer places. */
export type OrderedLine = {
  /** Global id of the variant. */
  variantId: string;
  /** How many pieces. */
  quantity: number;
};

/** An order that a buyer places. */
export type PlacedOrder = {
  /** Global id of the buyer; without it a guest. */
  customerId?: string;
  /** What is bought. */
  lines: readonly OrderedLine[];
};

const money = (amount: number, currencyCode: string) => {
  const shopMoney = { amount: amount.toFixed(2), currencyCode };
  return { shopMoney, presentmentMoney: shopMoney };
};

function commit(state: ShopifyState, { variant, quantity }: { variant: StoredRecord; quantity: number }): void {
  if (variant.other === null) return;
  const [level] = recordsOf(state.database, 'InventoryLevel', { by: 'parent', id: variant.other });
  if (level === undefined) return;
  const changed = change(state, level, { body: { committed: Number(level.body.committed) + quantity } });
  announce(state, changed, { what: 'UPDATE' });
}

function addLine(
  state: ShopifyState,
  order: StoredRecord,
  { variant, quantity }: { variant: StoredRecord; quantity: number },
): void {
  const product = findRecord(state.database, { type: 'Product', id: variant.parent });
  const price = money(Number(variant.body.price), state.settings.currencyCode);
  const title = product?.body.title ?? variant.body.title;
  create(state, {
    type: 'LineItem',
    parent: order.id,
    body: {
      ...{ name: title, title, sku: variant.body.sku, quantity },
      ...{ originalUnitPriceSet: price, variantId: variant.id, productId: variant.parent },
    },
  });
  commit(state, { variant, quantity });
}

/**
 * Places an order as a buyer does: behind the API's back, with its webhook. Answers the order's global id. Throws a
 * TypeError for a variant or a customer that does not exist.
 */
export function placeOrder(state: ShopifyState, { customerId, lines }: PlacedOrder): string {
  const bought = lines.map(({ variantId, quantity }) => ({
    variant: existing(state, { type: 'ProductVariant', id: idOf(variantId, 'ProductVariant') ?? '' }),
    quantity,
  }));
  const buyer =
    customerId === undefined ? null : existing(state, { type: 'Customer', id: idOf(customerId, 'Customer') ?? '' });
  const { currencyCode } = state.settings;
  const total = bought.reduce((sum, { variant, quantity }) => sum + Number(variant.body.price) * quantity, 0);
  const at = new Date(state.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const count = Number(state.database.statement("SELECT count(*) AS n FROM records WHERE type = 'Order'").get()?.n);
  return state.database.transaction(() => {
    const order = create(state, {
      type: 'Order',
      body: {
        ...{ name: `#${1001 + count}`, email: buyer?.body.email ?? null, note: null, tags: [], processedAt: at },
        ...{ cancelledAt: null, closedAt: null, test: false, currencyCode, customerId: buyer?.id ?? null },
        ...{ displayFinancialStatus: 'PAID', displayFulfillmentStatus: 'UNFULFILLED', shippingAddress: null },
        ...{
          totalPriceSet: money(total, currencyCode),
          subtotalPriceSet: money(total, currencyCode),
          totalTaxSet: money(0, currencyCode),
        },
      },
    });
    for (const line of bought) addLine(state, order, line);
    announce(state, order, { what: 'CREATE' });
    return gidOf(order);
  });
}

const touchable = [
  'Product',
  'ProductVariant',
  'Customer',
  'Order',
  'InventoryItem',
  'InventoryLevel',
  'Location',
] as const;

function named(state: ShopifyState, gid: string): StoredRecord {
  for (const type of touchable) {
    const id = idOf(gid, type);
    if (id !== undefined) return existing(state, { type, id });
  }
  throw new TypeError(`"${gid}" is no global id of ${touchable.join(', ')}.`);
}

/** Changes a record as somebody in the shop does, with its webhook. Throws a TypeError for one that does not exist. */
export function touch(state: ShopifyState, gid: string, fields: Readonly<Record<string, unknown>> = {}): void {
  const changed = change(state, named(state, gid), { body: fields });
  announce(state, changed, { what: 'UPDATE' });
}

/** Deletes a record as somebody in the shop does, with its webhook. Throws a TypeError for one that does not exist. */
export function destroy(state: ShopifyState, gid: string): void {
  remove(state, named(state, gid));
}

/**
 * Merges a customer into another: its orders move, and its id is gone. Throws a TypeError for one that does not exist.
 */
export function mergeCustomers(state: ShopifyState, { from, into }: { from: string; into: string }): void {
  const lost = existing(state, { type: 'Customer', id: idOf(from, 'Customer') ?? '' });
  const kept = existing(state, { type: 'Customer', id: idOf(into, 'Customer') ?? '' });
  state.database
    .statement(
      "UPDATE records SET body = json_set(body, '$.customerId', ?) WHERE type = 'Order' AND json_extract(body, '$.customerId') = ?",
    )
    .run(kept.id, lost.id);
  remove(state, lost);
  announce(state, change(state, kept), { what: 'UPDATE' });
  state.webhooks.emit('CUSTOMERS_MERGE', mergeBody(kept, lost));
}
