import { decimalToMinor, minorToDecimal, Product } from '@mortise/models';
import { isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { operationsOn, permissionsOf } from './operations.ts';
import { directus } from './vendor.ts';
import { granularityMs, lagMs } from './vendor-facts.ts';

/** An item, under the names of the settings' fields. */
export const DirectusItem = z
  .object({
    id: z.string(),
    sku: z.string().nullable(),
    name: z.string().nullable(),
    description: z.string().nullable(),
    /** Decimal, in the currency of the settings. */
    price: z.string().nullable(),
    /** Put here by the connector: that of the settings. */
    currency: z.string().nullable(),
    active: z.boolean().nullable(),
    date_created: z.string(),
    /** Null until the first update. */
    date_updated: z.string().nullable(),
    /** When the row was last changed, put here by the connector: `date_updated`, or else `date_created`. */
    changed_at: z.string(),
  })
  .meta({ title: 'Directus item' });

/** How a row of items reads as a product, and back. */
export const itemMapping = mapping(DirectusItem, Product, {
  id: { from: 'id', access: 'read' },
  sku: { from: 'sku' },
  name: { from: 'name' },
  description: { from: 'description' },
  price: {
    compute: ({ price, currency }) => (price === null || currency === null ? null : decimalToMinor(price, currency)),
    uncompute: (price: Product['price']) => ({
      price: price === null ? null : minorToDecimal(price),
      currency: price?.currency ?? null,
    }),
    uses: ['price', 'currency'],
    note: 'in the currency of the settings; another one is refused',
  },
  active: { from: 'active' },
  createdAt: { from: 'date_created', as: isoInstant, access: 'read' },
  updatedAt: { from: 'changed_at', as: isoInstant, access: 'read' },
});

/** Items; upserts find them by `sku`. */
export const items = directus.resource({
  record: DirectusItem,
  key: 'id',
  changes: { field: 'changed_at', granularityMs, lagMs },
  mapping: itemMapping,
  permissions: permissionsOf('items'),
  ...operationsOn('items'),
});
