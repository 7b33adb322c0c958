import { isRecord } from '@mortise/testing';
import { bulkSource } from '../bulk/operations.ts';
import { idOf, readGid } from '../records/gid.ts';
import { findByField, findRecord, recordsOf } from '../records/table.ts';
import { isSource, type RecordSource, sourceOf } from '../records/wire.ts';
import { connection, type Listed } from '../search/connection.ts';
import type { RecordType, ShopifyState, StoredRecord } from '../types.ts';
import type { Execution, Resolver } from './execution.ts';
import { shopResolvers } from './shop.ts';

const recordTypes: readonly RecordType[] = [
  'Product',
  'ProductVariant',
  'Customer',
  'Order',
  'LineItem',
  'InventoryItem',
  'InventoryLevel',
  'Location',
  'BulkOperation',
  'WebhookSubscription',
];

const shown = (stored: StoredRecord | undefined): RecordSource | null =>
  stored === undefined ? null : sourceOf(stored);

/** The record of a global id, of whatever type; null where there is none. */
function byGid({ context, origin }: Execution, gid: unknown): RecordSource | null {
  const read = readGid(gid);
  const type = recordTypes.find((each) => each === read?.type);
  if (type === undefined) return null;
  const found = findRecord(context.database, { type, id: read?.id });
  if (found !== undefined && type === 'BulkOperation') return bulkSource(context.state, found, { origin });
  return shown(found);
}

const ofType =
  (type: RecordType): Resolver =>
  (_source, { id }, execution) =>
    idOf(id, type) === undefined ? null : byGid(execution, id);

const listOf =
  (type: RecordType, where?: (given: Record<string, unknown>) => Listed['where']): Resolver =>
  (_source, given, { context, whole }) => {
    const condition = where?.(given);
    const listed: Listed = condition === undefined ? { type } : { type, where: condition };
    return connection(context.state, listed, { given, whole });
  };

const childrenOf =
  (type: RecordType, by: 'parent' | 'other' = 'parent'): Resolver =>
  (source, given, { context, whole }) =>
    isSource(source) ? connection(context.state, { type, of: { by, id: source.stored.id } }, { given, whole }) : null;

const linked =
  (type: RecordType, key: (stored: StoredRecord) => unknown): Resolver =>
  (source, _given, { context }) => {
    const id = isSource(source) ? key(source.stored) : undefined;
    return typeof id === 'string' ? shown(findRecord(context.database, { type, id })) : null;
  };

function levelAt(
  source: unknown,
  gid: unknown,
  { context, by }: { context: Execution['context']; by: 'parent' | 'other' },
) {
  if (!isSource(source)) return null;
  const levels = recordsOf(context.database, 'InventoryLevel', { by, id: source.stored.id });
  const end = by === 'parent' ? idOf(gid, 'Location') : idOf(gid, 'InventoryItem');
  return shown(levels.find((level) => (by === 'parent' ? level.other : level.parent) === end));
}

function priceRange(state: ShopifyState, product: StoredRecord) {
  const variants = recordsOf(state.database, 'ProductVariant', { by: 'parent', id: product.id });
  const prices = variants.map(({ body }) => String(body.price)).sort((a, b) => Number(a) - Number(b));
  const money = (amount = '0.0') => ({ amount, currencyCode: state.settings.currencyCode });
  return { minVariantPrice: money(prices[0]), maxVariantPrice: money(prices.at(-1)) };
}

const identified =
  (type: 'Product' | 'Customer', names: Readonly<Record<string, 'handle' | 'email' | 'phone'>>): Resolver =>
  (_source, { identifier }, { context }) => {
    const [[name, value] = ['', '']] = Object.entries(isRecord(identifier) ? identifier : {});
    if (name === 'id') return shown(findRecord(context.database, { type, id: idOf(value, type) }));
    const field = names[name];
    if (field === undefined || typeof value !== 'string') return null;
    return shown(findByField(context.database, type, { name: field, value }));
  };

const quantities: Resolver = (source, { names }, { context }) => {
  if (!isSource(source)) return [];
  const { body, id, updatedAt } = source.stored;
  const onHand = Number(body.onHand);
  const committed = Number(body.committed);
  const known: Record<string, number> = { on_hand: onHand, committed, available: onHand - committed };
  const wanted: unknown[] = Array.isArray(names) ? names : [];
  const at = new Date(updatedAt || context.clock.now()).toISOString();
  return wanted.flatMap((name) => {
    const quantity = known[String(name)] ?? 0;
    return [{ id: `gid://shopify/InventoryQuantity/${id}?name=${name}`, name, quantity, updatedAt: at }];
  });
};

const ofSubjects = ({ subjectTypes }: Record<string, unknown>): Listed['where'] => {
  if (!Array.isArray(subjectTypes)) return undefined;
  const marks = subjectTypes.map(() => '?').join(', ');
  return { sql: `json_extract(body, '$.subjectType') IN (${marks})`, values: subjectTypes.map(String) };
};

const activeOnly = ({ includeInactive }: Record<string, unknown>): Listed['where'] =>
  includeInactive === true ? undefined : { sql: "json_extract(body, '$.isActive') = 1", values: [] };

/** How fields of queries come to their values; all others are read from their record. */
export const queryResolvers: Readonly<Record<string, Resolver>> = {
  ...shopResolvers,
  'QueryRoot.node': (_source, { id }, execution) => byGid(execution, id),
  'QueryRoot.nodes': (_source, { ids }, execution) =>
    (Array.isArray(ids) ? ids : []).map((id: unknown) => byGid(execution, id)),
  'QueryRoot.products': listOf('Product'),
  'QueryRoot.product': ofType('Product'),
  'QueryRoot.productByIdentifier': identified('Product', { handle: 'handle' }),
  'QueryRoot.productVariants': listOf('ProductVariant'),
  'QueryRoot.productVariant': ofType('ProductVariant'),
  'QueryRoot.customers': listOf('Customer'),
  'QueryRoot.customer': ofType('Customer'),
  'QueryRoot.customerByIdentifier': identified('Customer', { emailAddress: 'email', phoneNumber: 'phone' }),
  'QueryRoot.orders': listOf('Order'),
  'QueryRoot.order': ofType('Order'),
  'QueryRoot.inventoryItems': listOf('InventoryItem'),
  'QueryRoot.inventoryItem': ofType('InventoryItem'),
  'QueryRoot.inventoryLevel': ofType('InventoryLevel'),
  'QueryRoot.locations': listOf('Location', activeOnly),
  'QueryRoot.location': ofType('Location'),
  'QueryRoot.deletionEvents': listOf('DeletionEvent', ofSubjects),
  'QueryRoot.bulkOperation': ofType('BulkOperation'),
  'QueryRoot.webhookSubscriptions': listOf('WebhookSubscription'),
  'QueryRoot.webhookSubscription': ofType('WebhookSubscription'),
  'Product.variants': childrenOf('ProductVariant'),
  'Product.variantsCount': (source, _given, { context }) => ({
    count: isSource(source)
      ? recordsOf(context.database, 'ProductVariant', { by: 'parent', id: source.stored.id }).length
      : 0,
    precision: 'EXACT',
  }),
  'Product.priceRangeV2': (source, _given, { context }) =>
    isSource(source) ? priceRange(context.state, source.stored) : null,
  'ProductVariant.product': linked('Product', ({ parent }) => parent),
  'ProductVariant.inventoryItem': linked('InventoryItem', ({ other }) => other),
  'InventoryItem.variants': childrenOf('ProductVariant', 'other'),
  'InventoryItem.variant': (source, _given, { context }) =>
    isSource(source)
      ? shown(recordsOf(context.database, 'ProductVariant', { by: 'other', id: source.stored.id })[0])
      : null,
  'InventoryItem.inventoryLevels': childrenOf('InventoryLevel'),
  'InventoryItem.inventoryLevel': (source, { locationId }, { context }) =>
    levelAt(source, locationId, { context, by: 'parent' }),
  'Location.inventoryLevels': childrenOf('InventoryLevel', 'other'),
  'Location.inventoryLevel': (source, { inventoryItemId }, { context }) =>
    levelAt(source, inventoryItemId, { context, by: 'other' }),
  'InventoryLevel.item': linked('InventoryItem', ({ parent }) => parent),
  'InventoryLevel.location': linked('Location', ({ other }) => other),
  'InventoryLevel.quantities': quantities,
  'Order.customer': linked('Customer', ({ body }) => body.customerId),
  'Order.lineItems': childrenOf('LineItem'),
  'LineItem.variant': linked('ProductVariant', ({ body }) => body.variantId),
  'LineItem.product': linked('Product', ({ body }) => body.productId),
  'DeletionEvent.occurredAt': (source) => (isSource(source) ? source.createdAt : null),
};
