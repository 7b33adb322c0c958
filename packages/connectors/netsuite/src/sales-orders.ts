import { type Money, minorToDecimal, numberText, Order, OrderLine, type OrderState } from '@mortise/models';
import { conversionRefused, isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { attribute, element, inNamespace } from '@mortise/runtime/soap';
import { z } from 'zod';
import { moneyOf, plainDecimal } from './amounts.ts';
import { recordOperations } from './operations.ts';
import { orderKind } from './order-kind.ts';
import { netsuite } from './vendor.ts';
import { granularityMs, lagMs, limits, namespaces } from './vendor-facts.ts';
import { cleared, identity, text } from './wire-text.ts';

/** A reference to another record. */
const Reference = z.object({
  internalId: attribute(z.string().optional()),
  externalId: attribute(z.string().optional()),
  name: element(text, { namespace: namespaces.core }),
});

/** A line of a sales order. */
export const SalesOrderLineWire = z
  .object({
    item: Reference,
    quantity: text,
    description: text,
    /** Price of one unit; a discount in percent has a `%`. */
    rate: text,
    /** ISO code of the order's currency, put here by the connector: a line does not name it. */
    currencyCode: text,
  })
  .meta({ title: 'NetSuite sales order line' });

/** A sales order as SOAP has it, with values as text. REST is read into the same. */
export const SalesOrderWire = inNamespace(
  namespaces.sales,
  z
    .object({
      ...identity,
      createdDate: z.string(),
      entity: Reference.nullish(),
      currency: Reference.nullish(),
      tranId: text,
      orderStatus: text,
      total: text,
      lastModifiedDate: z.string(),
      itemList: z.object({ item: z.array(SalesOrderLineWire) }).nullish(),
      /** ISO code of `currency`, put here by the connector as the settings say. */
      currencyCode: text,
    })
    .meta({ title: 'NetSuite sales order' }),
);

type SalesOrder = z.output<typeof SalesOrderWire>;
type SalesOrderLine = z.output<typeof SalesOrderLineWire>;

const states: Readonly<Record<string, OrderState>> = {
  _pendingApproval: 'open',
  _pendingFulfillment: 'open',
  _partiallyFulfilled: 'open',
  _pendingBillingPartFulfilled: 'open',
  _pendingBilling: 'fulfilled',
  _fullyBilled: 'fulfilled',
  _cancelled: 'cancelled',
  _closed: 'cancelled',
};

const stateOf = ({ orderStatus }: SalesOrder): OrderState => {
  const state = orderStatus !== null && orderStatus !== undefined && Object.hasOwn(states, orderStatus);
  const known = state ? states[orderStatus] : undefined;
  if (known === undefined) throw conversionRefused('is a status that NetSuite does not document');
  return known;
};

/** An item within another one is named `Parent : Child`, and its own name is the last part. */
const skuOf = ({ item }: SalesOrderLine): string | null => item.externalId ?? item.name?.split(' : ').at(-1) ?? null;

const quantity = {
  ...numberText,
  decode: (value: string) => numberText.decode(plainDecimal(value)),
};

/** NetSuite order line and model. */
export const orderLineMapping = mapping(SalesOrderLineWire, OrderLine, {
  sku: {
    compute: skuOf,
    uncompute: (sku: OrderLine['sku']) => ({ item: sku === null ? { name: null } : { externalId: sku } }),
    uses: ['item.externalId', 'item.name'],
    note: 'read as item name, written as external id of the item',
  },
  name: {
    compute: ({ description, item }) => description ?? item.name ?? '',
    uncompute: (name: string) => ({ description: name }),
    uses: ['description'],
    note: 'the item name where the line has no description',
  },
  quantity: { from: 'quantity', as: quantity, onMissing: 'reject', onNull: 'reject' },
  unitPrice: {
    compute: ({ rate, currencyCode }) => moneyOf(rate, currencyCode),
    uncompute: (price: Money) => ({ rate: minorToDecimal(price), currencyCode: price.currency }),
    uses: ['rate', 'currencyCode'],
    note: 'without tax; lines without a rate, such as subtotals and percentages, are refused',
  },
});

/** NetSuite sales order and model. */
export const orderMapping = mapping(SalesOrderWire, Order, {
  id: { from: 'internalId', access: 'read' },
  number: {
    compute: ({ externalId, tranId }) => externalId ?? tranId ?? '',
    uncompute: (number: string) => ({ externalId: number }),
    uses: ['externalId', 'tranId'],
    note: 'the external id, else the number that NetSuite gave; written as external id',
  },
  state: { compute: stateOf, uses: ['orderStatus'], note: 'NetSuite moves it by fulfilments and invoices' },
  customerId: { from: 'entity.internalId', ...cleared, note: 'NetSuite refuses an order without one' },
  total: { compute: ({ total, currencyCode }) => moneyOf(total, currencyCode), uses: ['total', 'currencyCode'] },
  lines: { from: 'itemList.item', each: orderLineMapping, onMissing: 'reject', lossy: 'fields of lines beyond these' },
  placedAt: { from: 'createdDate', as: isoInstant, access: 'read', note: 'when it came into NetSuite' },
  createdAt: { from: 'createdDate', as: isoInstant, access: 'read' },
  updatedAt: { from: 'lastModifiedDate', as: isoInstant, access: 'read' },
});

/** How sales orders are spoken of. */
export const salesOrderKind = orderKind(SalesOrderWire);

/** Sales orders; upserts find them by external id, which is the number in the system that they come from. */
export const salesOrders = netsuite.resource({
  record: SalesOrderWire,
  key: 'internalId',
  changes: { field: 'lastModifiedDate', granularityMs, lagMs },
  mapping: orderMapping,
  ...recordOperations(salesOrderKind, { max: limits.writeList }),
});
