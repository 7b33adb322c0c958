import { Contact } from '@mortise/models';
import { isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { attribute, inNamespace } from '@mortise/runtime/soap';
import { z } from 'zod';
import { recordOperations } from './operations.ts';
import type { RecordKind, WrittenRecord } from './record-kind.ts';
import type { NetSuiteSettings } from './settings.ts';
import { netsuite } from './vendor.ts';
import { granularityMs, lagMs, limits, namespaces } from './vendor-facts.ts';
import { cleared, identity, text } from './wire-text.ts';

/** A customer as SOAP has it, with values as text. REST is read into the same. */
export const CustomerWire = inNamespace(
  namespaces.relationships,
  z
    .object({
      ...identity,
      entityId: text,
      isPerson: text,
      firstName: text,
      lastName: text,
      companyName: text,
      phone: text,
      email: text,
      isInactive: text,
      dateCreated: z.string(),
      lastModifiedDate: z.string(),
    })
    .meta({ title: 'NetSuite customer' }),
);

const inAddressBook = { constant: null, note: 'addresses lie in the address book, which is not read' } as const;

/** NetSuite customer and model. */
export const customerMapping = mapping(CustomerWire, Contact, {
  id: { from: 'internalId', access: 'read' },
  email: {
    compute: ({ email }) => email ?? null,
    uncompute: (email: Contact['email']) => ({ email, ...(email !== null && { externalId: email.toLowerCase() }) }),
    uses: ['email', 'externalId'],
    note: 'written as address and, in lower case, as external id',
  },
  firstName: { from: 'firstName', ...cleared },
  lastName: { from: 'lastName', ...cleared },
  phone: { from: 'phone', ...cleared },
  company: { from: 'companyName', ...cleared },
  street: inAddressBook,
  city: inAddressBook,
  region: inAddressBook,
  postalCode: inAddressBook,
  country: inAddressBook,
  createdAt: { from: 'dateCreated', as: isoInstant, access: 'read' },
  updatedAt: { from: 'lastModifiedDate', as: isoInstant, access: 'read' },
});

const isGiven = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

/** Longest `entityId`, characters. */
const entityIdLength = 83;

/**
 * NetSuite wants to know whether a customer is a person, and a name that no other customer has: people share names, so
 * the external id stands in for it. Accounts that number their customers ignore it.
 */
const written = (record: WrittenRecord, { subsidiary }: NetSuiteSettings): WrittenRecord => {
  const { externalId } = record;
  if (externalId === undefined) return record;
  const isPerson = isGiven(record.lastName) || isGiven(record.firstName);
  return {
    ...record,
    entityId: externalId.slice(0, entityIdLength),
    isPerson: String(isPerson),
    ...(subsidiary !== undefined && { subsidiary: { internalId: subsidiary } }),
  };
};

/** How customers are spoken of. */
export const customerKind: RecordKind = {
  name: 'customers',
  record: CustomerWire,
  soap: {
    type: 'Customer',
    namespace: namespaces.relationships,
    reference: 'customer',
    search: 'CustomerSearchBasic',
    deletedType: 'customer',
    fields: [
      'entityId',
      'isPerson',
      'firstName',
      'lastName',
      'companyName',
      'phone',
      'email',
      'isInactive',
      'subsidiary',
    ],
    forms: { subsidiary: z.object({ internalId: attribute(z.string()) }) },
  },
  rest: {
    path: 'customer',
    table: 'customer',
    deletedType: 'customer',
    stamps: { dateCreated: 'datecreated', lastModifiedDate: 'lastmodifieddate' },
    columns: {
      entityId: 'entityid',
      firstName: 'firstname',
      lastName: 'lastname',
      companyName: 'companyname',
      phone: 'phone',
      email: 'email',
    },
    switches: { isPerson: 'isperson', isInactive: 'isinactive' },
  },
  unique: ['email', 'entityId'],
  written,
};

/** Customers; upserts find them by external id, which is the e-mail address in lower case. */
export const customers = netsuite.resource({
  record: CustomerWire,
  key: 'internalId',
  changes: { field: 'lastModifiedDate', granularityMs, lagMs },
  mapping: customerMapping,
  ...recordOperations(customerKind, { max: limits.writeList }),
});
