import { Company } from '@mortise/models';
import { isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { upsertBy } from './keyed-upsert.ts';
import { objectKind } from './object-kind.ts';
import { readPermissions, readsOf, searchedChanges } from './reads.ts';
import { upsertObjects } from './upsert.ts';
import { hubspot } from './vendor.ts';
import { vendorFacts } from './vendor-facts.ts';
import { cleared, objectFields, propertyText } from './wire-text.ts';

/** A company as HubSpot sends and takes it. */
export const CompanyWire = z
  .object({
    ...objectFields,
    properties: z.object({
      mortise_key: propertyText,
      name: propertyText,
      domain: propertyText,
      phone: propertyText,
      address: propertyText,
      city: propertyText,
      state: propertyText,
      zip: propertyText,
      country: propertyText,
    }),
  })
  .meta({ title: 'HubSpot company' });

/** HubSpot company and model. */
export const companyMapping = mapping(CompanyWire, Company, {
  id: { from: 'id', access: 'read' },
  name: { from: 'properties.name', ...cleared },
  domain: {
    compute: ({ properties }) => properties.mortise_key || properties.domain || null,
    uncompute: (domain: string | null) => ({ properties: { mortise_key: domain ?? '', domain: domain ?? '' } }),
    uses: ['properties.mortise_key', 'properties.domain'],
    note: 'read from mortise_key, else from domain; both are written, because domain need not be unique',
  },
  phone: { from: 'properties.phone', ...cleared },
  street: { from: 'properties.address', ...cleared },
  city: { from: 'properties.city', ...cleared },
  region: { from: 'properties.state', ...cleared },
  postalCode: { from: 'properties.zip', ...cleared },
  country: { from: 'properties.country', ...cleared },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

const kind = objectKind('companies', companyMapping);

/** Companies; upserts find them by `mortise_key`, which holds the domain. */
export const companies = hubspot.resource({
  record: CompanyWire,
  key: 'id',
  changes: searchedChanges,
  mapping: companyMapping,
  permissions: { ...readPermissions(kind), upsert: vendorFacts.scopes.companies.write },
  ...readsOf(kind),
  upsert: upsertBy({ kind, operation: 'companies', property: 'mortise_key' }, upsertObjects),
});
