import { Deal } from '@mortise/models';
import { isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { upsertBy } from './keyed-upsert.ts';
import { upsertLinked } from './linked-upsert.ts';
import { moneyOf, propertiesOfMoney } from './money-properties.ts';
import { objectKind } from './object-kind.ts';
import { readPermissions, readsOf, searchedChanges } from './reads.ts';
import { hubspot } from './vendor.ts';
import { vendorFacts } from './vendor-facts.ts';
import { cleared, objectFields, propertyText } from './wire-text.ts';

/**
 * A deal as the connector gives it. The ids under `associations` are the connector's own form: HubSpot answers
 * associations in another shape by list, by batch and not at all by search.
 */
export const DealWire = z
  .object({
    ...objectFields,
    properties: z.object({
      mortise_key: propertyText,
      dealname: propertyText,
      dealstage: propertyText,
      amount: propertyText,
      deal_currency_code: propertyText,
      closedate: propertyText,
    }),
    associations: z.object({ contactId: z.string().nullish(), companyId: z.string().nullish() }).nullish(),
  })
  .meta({ title: 'HubSpot deal' });

/** HubSpot deal and model. */
export const dealMapping = mapping(DealWire, Deal, {
  id: { from: 'id', access: 'read' },
  key: { from: 'properties.mortise_key', ...cleared },
  name: { from: 'properties.dealname', ...cleared },
  stage: { from: 'properties.dealstage', ...cleared, note: "by the stage's own key, in the default pipeline" },
  amount: {
    compute: ({ properties }) => moneyOf(properties.amount, properties.deal_currency_code),
    uncompute: (amount: Deal['amount']) => {
      const money = propertiesOfMoney(amount);
      return { properties: { amount: money.amount, deal_currency_code: money.currency } };
    },
    uses: ['properties.amount', 'properties.deal_currency_code'],
    note: 'decimal text beside its currency; an amount without a currency is refused',
  },
  closedAt: { from: 'properties.closedate', as: isoInstant, ...cleared },
  contactId: {
    from: 'associations.contactId',
    onMissing: 'null',
    note: 'of several contacts the one of the lowest id; writing adds the contact and removes none, null adds none',
  },
  companyId: {
    from: 'associations.companyId',
    onMissing: 'null',
    note: 'of several companies the one of the lowest id; writing adds the company and removes none, null adds none',
  },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

const kind = objectKind('deals', dealMapping, {
  links: [
    { field: 'contactId', to: 'contacts' },
    { field: 'companyId', to: 'companies' },
  ],
});
const scopes = vendorFacts.scopes.deals;

/** Deals; upserts find them by `mortise_key`, which holds the key of the source, for instance an order number. */
export const deals = hubspot.resource({
  record: DealWire,
  key: 'id',
  changes: searchedChanges,
  mapping: dealMapping,
  // An upsert looks up which contacts and companies a deal has already.
  permissions: { ...readPermissions(kind), upsert: [...scopes.read, ...scopes.write] },
  ...readsOf(kind),
  upsert: upsertBy({ kind, operation: 'deals', property: 'mortise_key' }, upsertLinked),
});
