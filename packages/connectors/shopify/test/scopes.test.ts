import type { OperationName } from '@mortise/runtime';
import { requiredPermissions } from '@mortise/runtime/auth';
import { buildClientSchema, getNamedType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readSchema } from '../../../../servers/shopify-schema/schema.mjs';
import { bulkDocuments } from '../src/bulk-documents.ts';
import { documents } from '../src/documents.ts';
import shopify from '../src/index.ts';

const { introspection, offlineScopes } = readSchema();
const schema = buildClientSchema(introspection as never, { assumeValid: true });

/** The scopes of a type or a field, of which any one is enough. */
const rows = new Map(
  offlineScopes.map(({ type, typeName, fieldName, offlineScopes: scopes }) => [
    type === 'type' ? typeName : `${typeName}.${fieldName}`,
    scopes,
  ]),
);

/** What Shopify's table asks for each type and field that the documents touch. */
const askedBy = (texts: readonly string[]): Map<string, readonly string[]> => {
  const asked = new Map<string, readonly string[]>();
  const info = new TypeInfo(schema);
  const note = (name: string) => {
    const scopes = rows.get(name) ?? [];
    if (scopes.length > 0) asked.set(name, scopes);
  };
  const field = (name: string) => {
    note(`${info.getParentType()?.name}.${name}`);
    const type = getNamedType(info.getType());
    // Only what is read of the answer: a mutation's input is no access to it.
    if (type !== undefined) note(type.name);
  };
  for (const text of texts) {
    visit(parse(text), visitWithTypeInfo(info, { Field: ({ name }) => field(name.value) }));
  }
  return asked;
};

/** A scope to write reads too: shopify.dev, "Access scopes". */
const withReading = (scopes: readonly string[]): readonly string[] =>
  scopes.flatMap((scope) => [scope, scope.replace(/^write_/, 'read_')]);

const bulk = (name: keyof typeof bulkDocuments): readonly string[] => [
  documents.startBulk,
  documents.bulkState,
  bulkDocuments[name]('id:>1'),
];

/** Which documents each operation sends. */
const sent = {
  products: {
    list: [documents.products],
    get: [documents.product],
    find: [documents.productByHandle],
    deletions: [documents.deletedProducts],
    backfill: bulk('products'),
    upsert: [documents.productBefore, documents.setProduct],
  },
  variants: {
    list: [documents.variants],
    get: [documents.variant],
    find: [documents.variants],
    backfill: bulk('variants'),
  },
  customers: {
    list: [documents.customers],
    get: [documents.customer],
    find: [documents.customerByIdentifier],
    backfill: bulk('customers'),
    upsert: [documents.setCustomer],
  },
  orders: {
    list: [documents.orders, documents.orderLines],
    get: [documents.order, documents.orderLines],
    find: [documents.orders, documents.orderLines],
    backfill: bulk('orders'),
  },
  inventoryItems: {
    list: [documents.inventoryItems],
    get: [documents.inventoryItem],
    backfill: bulk('inventoryItems'),
  },
  stockLevels: {
    list: [documents.itemLevels, documents.levelsOfItem, documents.locationIds, documents.levelsOfLocation],
    get: [documents.stockLevel],
    backfill: bulk('stockLevels'),
    update: [documents.stockLevel, documents.setStock],
    upsert: [documents.itemLevels, documents.levelsOfItem, documents.setStock],
  },
  locations: { list: [documents.locations], get: [documents.location] },
  webhookSubscriptions: {
    list: [documents.webhookSubscriptions],
    create: [documents.createWebhook],
    remove: [documents.removeWebhook],
  },
} as const satisfies Record<keyof typeof shopify.resources, { readonly [Name in OperationName]?: readonly string[] }>;

const operations = Object.entries(sent).flatMap(([resource, each]) =>
  Object.entries(each).map(([operation, texts]) => ({ resource, operation, texts: [...texts] })),
);

describe('vendors.md 3, scopes', () => {
  test('every operation of every resource is judged, and every document by one', () => {
    const given = Object.entries(shopify.resources).flatMap(([resource, { operations: have }]) =>
      Object.keys(have).map((operation) => `${resource}.${operation}`),
    );
    expect(operations.map(({ resource, operation }) => `${resource}.${operation}`).toSorted()).toEqual(
      given.toSorted(),
    );
    const judged = new Set(operations.flatMap(({ texts }) => texts));
    const others = Object.entries(documents).filter(([, text]) => !judged.has(text));
    expect(others.map(([name]) => name)).toEqual(['grantedScopes']);
  });

  test.each(operations.map((each) => [`${each.resource}.${each.operation}`, each] as const))(
    '%s asks for the scopes that Shopify wants, and for no other',
    (_name, each) => {
      const asked = askedBy(each.texts);
      const ours = requiredPermissions(shopify, { [each.resource]: [each.operation] } as never);
      const unmet = (scopes: readonly string[]) => {
        const granted = withReading(scopes);
        return [...asked].filter(([, any]) => !any.some((name) => granted.includes(name))).map(([name]) => name);
      };
      expect(unmet(ours)).toEqual([]);
      const tooMany = ours.filter((scope) => unmet(ours.filter((other) => other !== scope)).length === 0);
      expect(tooMany).toEqual([]);
    },
  );
});
