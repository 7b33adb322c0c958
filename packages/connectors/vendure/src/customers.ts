import { Contact } from '@mortise/models';
import { isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { changedRows } from './rows-by-id.ts';
import { vendure } from './vendor.ts';
import { granularityMs, lagMs } from './vendor-facts.ts';

const text = z.string().nullish();

/** A customer's address as the Admin API gives it. */
const VendureAddress = z.object({
  company: text,
  streetLine1: text,
  streetLine2: text,
  city: text,
  province: text,
  postalCode: text,
  country: z.object({ code: z.string() }).nullish(),
  defaultBillingAddress: z.boolean().nullish(),
});

/** A customer as the Admin API gives it. */
export const VendureCustomer = z
  .object({
    id: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    emailAddress: z.string(),
    phoneNumber: text,
    addresses: z.array(VendureAddress).nullish(),
  })
  .meta({ title: 'Vendure customer' });

type Customer = z.output<typeof VendureCustomer>;
type Address = z.output<typeof VendureAddress>;

/** The billing address, or else the first: a contact has one. */
const addressOf = ({ addresses }: Customer): Address | undefined =>
  addresses?.find((address) => address.defaultBillingAddress === true) ?? addresses?.[0];

const present = (value: string | null | undefined): string | null =>
  value === undefined || value === '' ? null : value;

const fromAddress = (read: (address: Address) => string | null | undefined) =>
  ({
    compute: (customer: Customer) => {
      const address = addressOf(customer);
      return address === undefined ? null : present(read(address));
    },
    uses: ['addresses'],
    note: 'of the default billing address, or else of the first address',
  }) as const;

const street = ({ streetLine1, streetLine2 }: Address) =>
  [streetLine1, streetLine2].filter((line) => line !== undefined && line !== null && line !== '').join(', ');

/** How a Vendure customer reads as a contact. */
export const customerMapping = mapping(VendureCustomer, Contact, {
  id: { from: 'id', access: 'read' },
  email: { from: 'emailAddress', onEmpty: 'null', access: 'read' },
  firstName: { from: 'firstName', onEmpty: 'null', access: 'read' },
  lastName: { from: 'lastName', onEmpty: 'null', access: 'read' },
  phone: { from: 'phoneNumber', onMissing: 'null', onEmpty: 'null', access: 'read' },
  company: fromAddress(({ company }) => company),
  street: fromAddress(street),
  city: fromAddress(({ city }) => city),
  region: fromAddress(({ province }) => province),
  postalCode: fromAddress(({ postalCode }) => postalCode),
  country: fromAddress(({ country }) => country?.code),
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

const document = `query Customers($options: CustomerListOptions) {
  customers(options: $options) {
    totalItems
    items {
      id createdAt updatedAt firstName lastName emailAddress phoneNumber
      addresses { company streetLine1 streetLine2 city province postalCode country { code } defaultBillingAddress }
    }
  }
}`;

/** Customers of the shop. */
export const customers = vendure.resource({
  record: VendureCustomer,
  key: 'id',
  changes: { field: 'updatedAt', granularityMs, lagMs },
  mapping: customerMapping,
  permissions: { list: ['ReadCustomer'] },
  list: changedRows({ document, field: 'customers' }),
});
