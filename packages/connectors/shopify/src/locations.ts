import { Location } from '@mortise/models';
import { isoInstant, readField } from '@mortise/runtime';
import { graphql } from '@mortise/runtime/graphql';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { present } from './answered.ts';
import { documents } from './documents.ts';
import { scopes } from './permissions.ts';
import { shopify } from './vendor.ts';
import { limits } from './vendor-facts.ts';

/** A place that keeps stock. */
export const ShopifyLocation = z
  .object({
    id: z.string(),
    name: z.string(),
    /** False where it was deactivated: it keeps no stock any more, and is listed all the same. */
    isActive: z.boolean(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ title: 'Shopify location' });

/** How a Shopify location reads as a location. */
export const locationMapping = mapping(ShopifyLocation, Location, {
  id: { from: 'id', access: 'read' },
  name: { from: 'name', access: 'read' },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

/** Locations of the shop. Shopify cannot filter them by change; a shop has 200 of them at most, so all are read. */
export const locations = shopify.resource({
  record: ShopifyLocation,
  key: 'id',
  changes: 'none',
  mapping: locationMapping,
  permissions: { list: [scopes.readLocations], get: [scopes.readLocations] },
  list: graphql.over('admin').connection({
    document: documents.locations,
    connection: 'locations',
    first: limits.page,
    key: 'id',
  }),
  get: async (call, id) => {
    const { data } = await call.transports.admin.send({ document: documents.location, variables: { id } });
    return present(readField(data, 'location'));
  },
});
