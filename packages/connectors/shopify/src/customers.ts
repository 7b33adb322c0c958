import { Contact } from '@mortise/models';
import { type FindRequest, isoInstant, readField } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { notFindable, present } from './answered.ts';
import { bulkBackfill } from './bulk.ts';
import { bulkDocuments } from './bulk-documents.ts';
import { documents } from './documents.ts';
import { scopes } from './permissions.ts';
import { recordList } from './record-walk.ts';
import { setCustomer } from './set-customer.ts';
import { type ShopifyCall, shopify } from './vendor.ts';
import { granularityMs, searchLagMs } from './vendor-facts.ts';

const text = z.string().nullable();

/** A customer. */
export const ShopifyCustomer = z
  .object({
    id: z.string(),
    firstName: text,
    lastName: text,
    createdAt: z.string(),
    updatedAt: z.string(),
    defaultEmailAddress: z.object({ emailAddress: text }).nullable(),
    defaultPhoneNumber: z.object({ phoneNumber: text }).nullable(),
    defaultAddress: z
      .object({
        company: text,
        address1: text,
        address2: text,
        city: text,
        /** Code of the province or state, as ISO 3166-2 has it behind the country. */
        provinceCode: text,
        zip: text,
        countryCodeV2: text,
      })
      .nullable(),
  })
  .meta({ title: 'Shopify customer' });

type Address = NonNullable<z.output<typeof ShopifyCustomer>['defaultAddress']>;

const street = (address: Address | null): string | null => {
  const lines = [address?.address1, address?.address2].filter(
    (line) => line !== undefined && line !== null && line !== '',
  );
  return lines.length === 0 ? null : lines.join(', ');
};

/** Shopify gives null or the empty text for what is not there, and takes either. */
const cleared = { onMissing: 'null', onEmpty: 'null', clear: '' } as const;

const ofAddress = { onMissing: 'null', onEmpty: 'null', access: 'read' } as const;

/** How a Shopify customer reads as a contact and is written from one. Addresses are not written: see the README. */
export const customerMapping = mapping(ShopifyCustomer, Contact, {
  id: { from: 'id', access: 'read' },
  email: { from: 'defaultEmailAddress.emailAddress', ...cleared },
  firstName: { from: 'firstName', ...cleared },
  lastName: { from: 'lastName', ...cleared },
  phone: { from: 'defaultPhoneNumber.phoneNumber', ...cleared, note: 'as E.164' },
  company: { from: 'defaultAddress.company', ...ofAddress },
  street: {
    compute: ({ defaultAddress }) => street(defaultAddress),
    uses: ['defaultAddress.address1', 'defaultAddress.address2'],
    note: 'of the default address, as are company, city, region, postal code and country',
  },
  city: { from: 'defaultAddress.city', ...ofAddress },
  region: { from: 'defaultAddress.provinceCode', ...ofAddress },
  postalCode: { from: 'defaultAddress.zip', ...ofAddress },
  country: { from: 'defaultAddress.countryCodeV2', ...ofAddress },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

const identifiers: Readonly<Record<string, string>> = {
  id: 'id',
  'defaultEmailAddress.emailAddress': 'emailAddress',
  'defaultPhoneNumber.phoneNumber': 'phoneNumber',
};

const find = async (call: ShopifyCall, { field, value }: FindRequest): Promise<unknown> => {
  const name = Object.hasOwn(identifiers, field) ? identifiers[field] : undefined;
  if (name === undefined) throw notFindable(field, Object.keys(identifiers).join(', '));
  const variables = { identifier: { [name]: value } };
  const { data } = await call.transports.admin.send({ document: documents.customerByIdentifier, variables });
  return readField(data, 'customerByIdentifier') ?? undefined;
};

/** Customers of the shop; upserts find them by their email address. */
export const customers = shopify.resource({
  record: ShopifyCustomer,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs: searchLagMs },
  mapping: customerMapping,
  permissions: {
    list: [scopes.readCustomers],
    backfill: [scopes.readCustomers],
    get: [scopes.readCustomers],
    find: [scopes.readCustomers],
    upsert: [scopes.readCustomers, scopes.writeCustomers],
  },
  list: recordList({ document: documents.customers, connection: 'customers', sorts: 'stamp-and-id' }),
  backfill: bulkBackfill({ document: bulkDocuments.customers }),
  get: async (call, id) => {
    const { data } = await call.transports.admin.send({ document: documents.customer, variables: { id } });
    return present(readField(data, 'customer'));
  },
  find,
  upsert: { effect: 'external-id', key: 'defaultEmailAddress.emailAddress', max: 1, run: setCustomer },
});
