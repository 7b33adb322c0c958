import { Location } from '@mortise/models';
import { isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { changedRows } from './rows-by-id.ts';
import { vendure } from './vendor.ts';
import { granularityMs, lagMs } from './vendor-facts.ts';

/** A stock location as the Admin API gives it. */
export const VendureLocation = z
  .object({ id: z.string(), createdAt: z.string(), updatedAt: z.string(), name: z.string() })
  .meta({ title: 'Vendure stock location' });

/** How a Vendure stock location reads as a location. */
export const locationMapping = mapping(VendureLocation, Location, {
  id: { from: 'id', access: 'read' },
  name: { from: 'name', access: 'read' },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

const document = `query StockLocations($options: StockLocationListOptions) {
  stockLocations(options: $options) { totalItems items { id createdAt updatedAt name } }
}`;

/** Stock locations: their ids are the `locationId` of stock levels. */
export const locations = vendure.resource({
  record: VendureLocation,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs },
  mapping: locationMapping,
  permissions: { list: ['ReadStockLocation'] },
  list: changedRows({ document, field: 'stockLocations' }),
});
