import { z } from 'zod';
import { upsertBy } from './keyed-upsert.ts';
import { upsertLinked } from './linked-upsert.ts';
import { kindOf } from './object-kind.ts';
import { readPermissions, readsOf, searchedChanges } from './reads.ts';
import { hubspot } from './vendor.ts';
import { vendorFacts } from './vendor-facts.ts';
import { objectFields, propertyText } from './wire-text.ts';

const properties = z.object({
  mortise_key: propertyText,
  /** Id of the product that the line was made from: HubSpot keeps it as a property, not as an association. */
  hs_product_id: propertyText,
  name: propertyText,
  hs_sku: propertyText,
  quantity: propertyText,
  price: propertyText,
  /** Quantity times price less discount; HubSpot computes it. */
  amount: propertyText.optional(),
  hs_line_item_currency_code: propertyText,
});

/** A line of a deal, with the deal that it belongs to. Its product is `properties.hs_product_id`. */
export const LineItemWire = z
  .object({ ...objectFields, properties, associations: z.object({ dealId: z.string().nullish() }).nullish() })
  .meta({ title: 'HubSpot line item' });

const kind = {
  ...kindOf('line_items', Object.keys(properties.shape)),
  links: [{ field: 'dealId', to: 'deals' } as const],
};
const scopes = vendorFacts.scopes.line_items;

/** Line items; upserts find them by `mortise_key`, for instance the order's number with the line's. Wire records only. */
export const lineItems = hubspot.resource({
  record: LineItemWire,
  key: 'id',
  changes: searchedChanges,
  permissions: { ...readPermissions(kind), upsert: [...scopes.read, ...scopes.write] },
  ...readsOf(kind),
  upsert: upsertBy({ kind, operation: 'lineItems', property: 'mortise_key' }, upsertLinked),
});
