import { Product } from '@mortise/models';
import { isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { upsertBy } from './keyed-upsert.ts';
import { moneyOf, propertiesOfMoney } from './money-properties.ts';
import { objectKind } from './object-kind.ts';
import { readPermissions, readsOf, searchedChanges } from './reads.ts';
import { upsertObjects } from './upsert.ts';
import { hubspot } from './vendor.ts';
import { vendorFacts } from './vendor-facts.ts';
import { cleared, objectFields, propertyText } from './wire-text.ts';

/** A product as HubSpot sends and takes it. */
export const ProductWire = z
  .object({
    ...objectFields,
    properties: z.object({
      mortise_key: propertyText,
      hs_sku: propertyText,
      name: propertyText,
      description: propertyText,
      price: propertyText,
      mortise_currency: propertyText,
    }),
  })
  .meta({ title: 'HubSpot product' });

/** HubSpot product and model. */
export const productMapping = mapping(ProductWire, Product, {
  id: { from: 'id', access: 'read' },
  sku: {
    compute: ({ properties }) => properties.mortise_key || properties.hs_sku || null,
    uncompute: (sku: string | null) => ({ properties: { mortise_key: sku ?? '', hs_sku: sku ?? '' } }),
    uses: ['properties.mortise_key', 'properties.hs_sku'],
    note: 'read from mortise_key, else from hs_sku; both are written, because hs_sku cannot be unique',
  },
  name: { from: 'properties.name', ...cleared },
  description: { from: 'properties.description', ...cleared },
  price: {
    compute: ({ properties }) => moneyOf(properties.price, properties.mortise_currency),
    uncompute: (price: Product['price']) => {
      const { amount, currency } = propertiesOfMoney(price);
      return { properties: { price: amount, mortise_currency: currency } };
    },
    uses: ['properties.price', 'properties.mortise_currency'],
    note: 'decimal text beside its currency; a price without a currency is refused',
  },
  active: { constant: null, note: 'HubSpot keeps no such state' },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

const kind = objectKind('products', productMapping);

/** Products; upserts find them by `mortise_key`, which holds the SKU. */
export const products = hubspot.resource({
  record: ProductWire,
  key: 'id',
  changes: searchedChanges,
  mapping: productMapping,
  permissions: { ...readPermissions(kind), upsert: vendorFacts.scopes.products.write },
  ...readsOf(kind),
  upsert: upsertBy({ kind, operation: 'products', property: 'mortise_key' }, upsertObjects),
});
