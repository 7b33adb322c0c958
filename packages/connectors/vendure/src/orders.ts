import { Order, OrderLine, type OrderState } from '@mortise/models';
import { conversionRefused, isoInstant, type ListRequest } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { money } from './money.ts';
import { changedRows } from './rows-by-id.ts';
import { vendure } from './vendor.ts';
import { granularityMs, lagMs } from './vendor-facts.ts';

/** A line of an order. */
export const VendureOrderLine = z
  .object({
    /** How many units were ordered. */
    quantity: z.number(),
    /** Minor units, tax included. */
    unitPriceWithTax: z.number(),
    /** The order's currency, put here by the operation: a line does not name it. */
    currencyCode: z.string(),
    productVariant: z.object({ sku: z.string(), name: z.string() }),
  })
  .meta({ title: 'Vendure order line' });

/** An order as the Admin API gives it. */
export const VendureOrder = z
  .object({
    id: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    code: z.string(),
    state: z.string(),
    orderPlacedAt: z.string().nullish(),
    currencyCode: z.string(),
    /** Minor units, tax and shipping included. */
    totalWithTax: z.number(),
    customer: z.object({ id: z.string() }).nullish(),
    lines: z.array(VendureOrderLine),
  })
  .meta({ title: 'Vendure order' });

/** The states of Vendure's default order process. A shop with a process of its own has others. */
const states: Readonly<Record<string, OrderState>> = {
  Created: 'draft',
  Draft: 'draft',
  AddingItems: 'draft',
  ArrangingPayment: 'open',
  ArrangingAdditionalPayment: 'open',
  Modifying: 'open',
  PaymentAuthorized: 'open',
  PaymentSettled: 'paid',
  PartiallyShipped: 'paid',
  Shipped: 'fulfilled',
  PartiallyDelivered: 'paid',
  Delivered: 'fulfilled',
  Cancelled: 'cancelled',
};

const orderState = (state: string): OrderState => {
  const known = Object.hasOwn(states, state) ? states[state] : undefined;
  if (known === undefined) throw conversionRefused("is a state outside Vendure's default order process");
  return known;
};

/** How a line of a Vendure order reads as an order line. */
export const orderLineMapping = mapping(VendureOrderLine, OrderLine, {
  sku: { from: 'productVariant.sku', onEmpty: 'null', access: 'read' },
  name: { from: 'productVariant.name', access: 'read' },
  quantity: { from: 'quantity', access: 'read' },
  unitPrice: {
    compute: ({ unitPriceWithTax, currencyCode }) => money(unitPriceWithTax, currencyCode),
    uses: ['unitPriceWithTax', 'currencyCode'],
    note: 'tax included',
  },
});

/** How a Vendure order reads as an order. */
export const orderMapping = mapping(VendureOrder, Order, {
  id: { from: 'id', access: 'read' },
  number: { from: 'code', access: 'read' },
  state: { compute: ({ state }) => orderState(state), uses: ['state'] },
  customerId: { from: 'customer.id', onMissing: 'null', access: 'read' },
  total: {
    compute: ({ totalWithTax, currencyCode }) => money(totalWithTax, currencyCode),
    uses: ['totalWithTax', 'currencyCode'],
    note: 'tax and shipping included',
  },
  lines: { from: 'lines', each: orderLineMapping, access: 'read' },
  placedAt: { from: 'orderPlacedAt', as: isoInstant, onMissing: 'null', access: 'read' },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

const document = `query Orders($options: OrderListOptions) {
  orders(options: $options) {
    totalItems
    items {
      id createdAt updatedAt code state orderPlacedAt currencyCode totalWithTax
      customer { id }
      lines { quantity unitPriceWithTax productVariant { sku name } }
    }
  }
}`;

const listRows = changedRows({ document, field: 'orders' });

const withCurrencyInLines = (order: unknown): unknown => {
  if (typeof order !== 'object' || order === null || !('lines' in order) || !Array.isArray(order.lines)) return order;
  const currencyCode = 'currencyCode' in order ? order.currencyCode : undefined;
  return { ...order, lines: order.lines.map((line: unknown) => Object.assign({ currencyCode }, line)) };
};

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Orders of the shop, in every state, carts included.
 * `updatedAt` does not move when an order changes its state (Vendure 3.7.3 saves the order twice, and the second time
 * with the old stamp), so `since` is widened: to the look-back of the settings, or else to the beginning.
 */
export const orders = vendure.resource({
  record: VendureOrder,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs },
  mapping: orderMapping,
  permissions: { list: ['ReadOrder'] },
  list: async function* (call, { since, ...request }: ListRequest) {
    const { orderLookbackDays } = call.settings;
    const lookback = orderLookbackDays === undefined ? undefined : new Date(call.now() - orderLookbackDays * dayMs);
    const from = since === undefined || lookback === undefined || lookback < since ? lookback : since;
    const window = since === undefined ? request : { ...request, since: from };
    for await (const page of listRows(call, window)) yield { ...page, records: page.records.map(withCurrencyInLines) };
  },
});
