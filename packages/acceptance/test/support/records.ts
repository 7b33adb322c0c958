import hubspot from '@mortise/connector-hubspot';
import vendure from '@mortise/connector-vendure';
import type { Contact, Deal, Order, Product } from '@mortise/models';
import { open, type Page } from '@mortise/runtime';
import { crmConnection, dealOfOrder, shopConnection } from './syncs.ts';

const allOf = async <Item>(pages: AsyncIterable<Page<Item>>): Promise<Item[]> => {
  const records: Item[] = [];
  for await (const page of pages) {
    if (page.rejected.length > 0) throw new Error(`${page.rejected.length} records do not fit`);
    records.push(...page.records);
  }
  return records;
};

/** What the shop holds. */
export interface ShopRecords {
  readonly customers: readonly Contact[];
  readonly variants: readonly Product[];
  readonly orders: readonly Order[];
}

/** Reads the shop by its connector, without an engine. */
export const readShop = async (url: string): Promise<ShopRecords> => {
  const shop = open(vendure, shopConnection({ url }));
  return {
    customers: await allOf(shop.customers.model.list()),
    variants: await allOf(shop.variants.model.list()),
    orders: await allOf(shop.orders.model.list()),
  };
};

/** The fields that a sync carries, sorted by the key, so that two sides can be compared as a whole. */
export interface Carried {
  readonly contacts: readonly object[];
  readonly products: readonly object[];
  readonly deals: readonly object[];
}

const contactFields = ({
  email,
  firstName,
  lastName,
  phone,
  company,
  street,
  city,
  region,
  postalCode,
  country,
}: Contact) => ({
  // HubSpot keeps addresses in lower case.
  ...{ key: email?.toLowerCase() ?? '', firstName, lastName, phone, company },
  ...{ street, city, region, postalCode, country },
});
const productFields = ({ sku, name, description, price }: Product) => ({ key: sku ?? '', name, description, price });
const dealFields = (deal: Pick<Deal, 'key' | 'name' | 'stage' | 'amount' | 'closedAt'>, email: string | undefined) => {
  const { key, name, stage, amount, closedAt } = deal;
  return { key: key ?? '', name, stage, amount, closedAt, contact: email?.toLowerCase() };
};

const byKey = (left: { key: string }, right: { key: string }): number => (left.key < right.key ? -1 : 1);

/** What the CRM must hold for these records of the shop. */
export const expected = ({ customers, variants, orders }: ShopRecords): Carried => {
  const emails = new Map(customers.map(({ id, email }) => [id, email ?? undefined]));
  return {
    contacts: customers.map(contactFields).toSorted(byKey),
    products: variants.map(productFields).toSorted(byKey),
    deals: orders.map((order) => dealFields(dealOfOrder(order), emails.get(order.customerId ?? ''))).toSorted(byKey),
  };
};

/** What the CRM does hold, each deal with the address of its contact. */
export const carried = async (url: string): Promise<Carried> => {
  const crm = open(hubspot, crmConnection({ url }));
  const contacts = await allOf(crm.contacts.model.list());
  const emails = new Map(contacts.map(({ id, email }) => [id, email ?? undefined]));
  const deals = await allOf(crm.deals.model.list());
  return {
    contacts: contacts.map(contactFields).toSorted(byKey),
    products: (await allOf(crm.products.model.list())).map(productFields).toSorted(byKey),
    deals: deals.map((deal) => dealFields(deal, emails.get(deal.contactId ?? ''))).toSorted(byKey),
  };
};
