import { Order, OrderLine, type OrderState } from '@mortise/models';
import { type FindRequest, isoInstant, readField } from '@mortise/runtime';
import { connectionReader } from '@mortise/runtime/graphql';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { notFindable, present } from './answered.ts';
import { bulkBackfill } from './bulk.ts';
import { bulkDocuments } from './bulk-documents.ts';
import { documents } from './documents.ts';
import { moneyOf, ShopMoney } from './money.ts';
import { scopes } from './permissions.ts';
import { recordList } from './record-walk.ts';
import { quotedText } from './search.ts';
import { type ShopifyCall, shopify } from './vendor.ts';
import { granularityMs, searchLagMs } from './vendor-facts.ts';

/** A line of an order. */
export const ShopifyOrderLine = z
  .object({
    id: z.string(),
    name: z.string(),
    sku: z.string().nullable(),
    /** How many units were ordered, returns and removals not taken off. */
    quantity: z.number(),
    originalUnitPriceSet: ShopMoney,
  })
  .meta({ title: 'Shopify order line' });

/** An order with all of its lines. */
export const ShopifyOrder = z
  .object({
    id: z.string(),
    /** What people call it, for instance `#1001`. */
    name: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    processedAt: z.string(),
    cancelledAt: z.string().nullable(),
    displayFinancialStatus: z.string().nullable(),
    displayFulfillmentStatus: z.string(),
    customer: z.object({ id: z.string() }).nullable(),
    totalPriceSet: ShopMoney,
    lineItems: z.object({ nodes: z.array(ShopifyOrderLine) }),
  })
  .meta({ title: 'Shopify order' });

/** Financial states in which the customer has paid, whatever went back later. */
const paid = new Set(['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED']);

const orderState = (order: z.output<typeof ShopifyOrder>): OrderState => {
  if (order.cancelledAt !== null) return 'cancelled';
  if (order.displayFulfillmentStatus === 'FULFILLED') return 'fulfilled';
  return order.displayFinancialStatus !== null && paid.has(order.displayFinancialStatus) ? 'paid' : 'open';
};

/** How a line of a Shopify order reads as an order line. */
export const orderLineMapping = mapping(ShopifyOrderLine, OrderLine, {
  sku: { from: 'sku', onEmpty: 'null', access: 'read' },
  name: { from: 'name', access: 'read' },
  quantity: { from: 'quantity', access: 'read' },
  unitPrice: {
    compute: ({ originalUnitPriceSet }) => moneyOf(originalUnitPriceSet.shopMoney),
    uses: ['originalUnitPriceSet.shopMoney'],
    note: 'before discounts, in the currency of the shop; with tax where its prices are',
  },
});

/** How a Shopify order reads as an order. */
export const orderMapping = mapping(ShopifyOrder, Order, {
  id: { from: 'id', access: 'read' },
  number: { from: 'name', access: 'read' },
  state: {
    compute: orderState,
    uses: ['cancelledAt', 'displayFulfillmentStatus', 'displayFinancialStatus'],
    note: 'cancelled, else fulfilled, else paid (also when refunded), else open',
  },
  customerId: { from: 'customer.id', onMissing: 'null', access: 'read' },
  total: {
    compute: ({ totalPriceSet }) => moneyOf(totalPriceSet.shopMoney),
    uses: ['totalPriceSet.shopMoney'],
    note: 'before returns, in the currency of the shop',
  },
  lines: { from: 'lineItems.nodes', each: orderLineMapping, access: 'read' },
  placedAt: { from: 'processedAt', as: isoInstant, access: 'read' },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

/** Lines are read to their end: an order of 51 lines that came with 50 would be another order. */
const nested = [
  { at: 'lineItems', document: documents.orderLines, connection: 'order.lineItems', first: 250 },
] as const;

/** The order with the lines that its first page did not hold. */
const withAllLines = async (call: ShopifyCall, order: unknown): Promise<unknown> => {
  const nodes = readField(order, 'lineItems.nodes');
  if (readField(order, 'lineItems.pageInfo.hasNextPage') !== true || !Array.isArray(nodes)) return order;
  const [{ document, connection, first }] = nested;
  const read = connectionReader(call.transports.admin, { document, connection, first });
  const lines: unknown[] = [...nodes];
  let after = readField(order, 'lineItems.pageInfo.endCursor');
  while (typeof after === 'string') {
    const { records, next } = await read({ id: readField(order, 'id') }, after);
    lines.push(...records);
    after = next === after ? undefined : next;
  }
  return Object.assign({}, order, { lineItems: { nodes: lines } });
};

const get = async (call: ShopifyCall, id: string): Promise<unknown> => {
  const { data } = await call.transports.admin.send({ document: documents.order, variables: { id } });
  return withAllLines(call, present(readField(data, 'order')));
};

const find = async (call: ShopifyCall, { field, value }: FindRequest): Promise<unknown> => {
  if (field !== 'name') throw notFindable(field, "'name', for instance #1001");
  const connection = { document: documents.orders, connection: 'orders', first: 10, nested };
  const { records } = await connectionReader(
    call.transports.admin,
    connection,
  )({ query: `name:${quotedText(value)}`, sortKey: 'ID' });
  return records.find((record) => readField(record, 'name') === value);
};

/** Orders of the shop with their lines: those of the last 60 days, unless the app has `read_all_orders`. */
export const orders = shopify.resource({
  record: ShopifyOrder,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs: searchLagMs },
  mapping: orderMapping,
  permissions: {
    list: [scopes.readOrders, scopes.readCustomers],
    backfill: [scopes.readOrders, scopes.readCustomers],
    get: [scopes.readOrders, scopes.readCustomers],
    find: [scopes.readOrders, scopes.readCustomers],
  },
  list: recordList({ document: documents.orders, connection: 'orders', sorts: 'stamp-and-id', nested }),
  backfill: bulkBackfill({ document: bulkDocuments.orders, places: { LineItem: 'lineItems' } }),
  get,
  find,
});
