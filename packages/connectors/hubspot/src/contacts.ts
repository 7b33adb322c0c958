import { Contact } from '@mortise/models';
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

/** A contact as HubSpot sends and takes it. */
export const ContactWire = z
  .object({
    ...objectFields,
    properties: z.object({
      email: propertyText,
      firstname: propertyText,
      lastname: propertyText,
      phone: propertyText,
      company: propertyText,
      address: propertyText,
      city: propertyText,
      state: propertyText,
      zip: propertyText,
      country: propertyText,
    }),
  })
  .meta({ title: 'HubSpot contact' });

/** HubSpot contact and model. */
export const contactMapping = mapping(ContactWire, Contact, {
  id: { from: 'id', access: 'read' },
  email: { from: 'properties.email', ...cleared, lossy: 'HubSpot keeps addresses in lower case' },
  firstName: { from: 'properties.firstname', ...cleared },
  lastName: { from: 'properties.lastname', ...cleared },
  phone: { from: 'properties.phone', ...cleared },
  company: { from: 'properties.company', ...cleared, note: 'a text of its own, not the associated company' },
  street: { from: 'properties.address', ...cleared },
  city: { from: 'properties.city', ...cleared },
  region: { from: 'properties.state', ...cleared },
  postalCode: { from: 'properties.zip', ...cleared },
  country: { from: 'properties.country', ...cleared },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
  custom: { fields: 'properties', values: propertyText, note: 'as HubSpot keeps it: every value is text' },
});

const kind = objectKind('contacts', contactMapping);

/** Contacts; upserts find them by `email`. */
export const contacts = hubspot.resource({
  record: ContactWire,
  key: 'id',
  changes: searchedChanges,
  mapping: contactMapping,
  permissions: { ...readPermissions(kind), upsert: vendorFacts.scopes.contacts.write },
  ...readsOf(kind),
  upsert: upsertBy({ kind, operation: 'contacts', property: 'email' }, upsertObjects),
});
