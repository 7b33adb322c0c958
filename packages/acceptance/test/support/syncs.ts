import hubspot from '@mortise/connector-hubspot';
import vendure from '@mortise/connector-vendure';
import type { Order } from '@mortise/models';
import { type ConnectionOptions, open } from '@mortise/runtime';
import type { defineSync, ModelMapping, Sync } from '@mortise/sync';

/** Where a server is, and what else its connection is given. */
export type Place = { readonly url: string } & ConnectionOptions;

/** The options of a connection to the shop. */
export const shopConnection = ({ url, ...options }: Place) => ({
  ...{ events: () => {}, ...options },
  settings: { url },
  credentials: { username: 'superadmin', password: 'superadmin' },
});

/** The options of a connection to the CRM. */
export const crmConnection = ({ url, ...options }: Place) => ({
  ...{ events: () => {}, ...options },
  settings: { baseUrl: url, requestsPerTenSeconds: 100_000 },
  credentials: { token: 'sandbox-token' },
});

/** The deal that an order becomes; the contact is still named by the customer's id. */
export const dealOfOrder = ({ number, total, placedAt, customerId, state }: Order) => ({
  key: number,
  name: `Order ${number}`,
  stage: state === 'cancelled' ? 'closedlost' : 'closedwon',
  amount: total,
  closedAt: placedAt,
  contactId: customerId,
  companyId: null,
});

type Deal = ReturnType<typeof dealOfOrder>;
const dealMapping: ModelMapping<Order, Deal> = { tryDecode: (order) => ({ ok: true, value: dealOfOrder(order) }) };

/** Pages small enough for several of them to be under way. */
const pageSize = 40;

const inSmallPages = <Resource extends Pick<Sync['from'], 'list'>>(port: Resource): Resource => {
  const { list } = port;
  return list === undefined ? port : { ...port, list: (request) => list({ ...request, pageSize }) };
};

/** The connections and the syncs between them, orders before the customers that they wait for. */
export const shopSyncs = (
  define: typeof defineSync,
  places: { readonly shop: Place; readonly crm: Place },
): readonly Sync[] => {
  const shop = open(vendure, shopConnection(places.shop));
  const crm = open(hubspot, crmConnection(places.crm));
  const customers = define({ name: 'customers', from: shop.customers, to: crm.contacts });
  const variants = define({ name: 'variants', from: shop.variants, to: crm.products });
  const orders = define({
    name: 'orders',
    from: shop.orders,
    to: crm.deals,
    map: dealMapping,
    references: { contactId: customers },
  });
  return [orders, customers, variants].map((sync) => ({ ...sync, from: inSmallPages(sync.from) }));
};
