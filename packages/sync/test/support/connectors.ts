import { connectorError, defineVendor, type ItemOutcome, readField, secret } from '@mortise/runtime';
import { bearer } from '@mortise/runtime/auth';
import { mapping } from '@mortise/runtime/mapping';
import { type RestCall, rest } from '@mortise/runtime/rest';
import { z } from 'zod';

const settings = z.strictObject({ url: z.url() });
const credentials = z.strictObject({ token: secret() });

const shop = defineVendor({
  id: 'shop',
  settings,
  credentials,
  transports: ({ url }) => ({ rest: rest({ baseUrl: url }) }),
  auth: ({ credentials: { token } }) => bearer(token),
});

/** A record of the shop. */
export const ShopRecord = z.object({
  id: z.union([z.string(), z.number()]).nullish(),
  updatedAt: z.string().nullish(),
  key: z.string(),
  name: z.string(),
  parentId: z.union([z.string(), z.number()]).nullish(),
});
const ShopModel = z.object({
  key: z.string(),
  name: z.string(),
  parentId: z.union([z.string(), z.number()]).nullable(),
});
/** What a record of the shop means. */
export type ShopModel = z.output<typeof ShopModel>;

const shopMapping = mapping(ShopRecord, ShopModel, {
  key: { from: 'key' },
  name: { from: 'name' },
  parentId: { from: 'parentId', onMissing: 'null' },
});

/** How long the shop's records may come late, milliseconds. */
export const lagMs = 5_000;

const listOf = (kind: string) =>
  rest.list({
    path: kind,
    items: 'items',
    next: 'next',
    cursor: 'cursor',
    query: ({ since, until }) => ({ since: since?.toISOString(), until: until?.toISOString() }),
  });

const form = { record: ShopRecord, key: 'id', mapping: shopMapping } as const;
const stamped = { field: 'updatedAt', granularityMs: 1_000, lagMs } as const;

const getCustomer = async ({ transports }: RestCall<'rest', z.output<typeof settings>>, id: string) =>
  (await transports.rest.send({ method: 'GET', path: 'customers/{id}', parameters: { id } })).body;

/** Customers and orders are stamped; levels are not and are read whole. */
export const shopConnector = shop.connector({
  resources: {
    customers: shop.resource({ ...form, changes: stamped, list: listOf('customers'), get: getCustomer }),
    orders: shop.resource({ ...form, changes: stamped, list: listOf('orders') }),
    levels: shop.resource({ ...form, changes: 'none', list: listOf('levels') }),
  },
});

const crm = defineVendor({
  id: 'crm',
  settings,
  credentials,
  transports: ({ url }) => ({ rest: rest({ baseUrl: url }) }),
  auth: ({ credentials: { token } }) => bearer(token),
});

const CrmRecord = z.object({ id: z.string(), key: z.string(), name: z.string(), parentId: z.string().nullable() });

const crmMapping = mapping(CrmRecord, CrmRecord, {
  id: { from: 'id', access: 'read' },
  key: { from: 'key' },
  name: { from: 'name' },
  parentId: { from: 'parentId' },
});

const outcomeOf = (result: unknown): ItemOutcome<unknown> => {
  if (readField(result, 'ok') === true) {
    return { ok: true, record: readField(result, 'record'), created: readField(result, 'created') === true };
  }
  const isBusy = readField(result, 'reason') === 'busy';
  return { ok: false, error: connectorError(isBusy ? 'unavailable' : 'invalid-request', 'the CRM refused the record') };
};

/** Most records in one request. */
export const batchMax = 2;

const kindOf = (kind: string) =>
  crm.resource({
    record: CrmRecord,
    key: 'id',
    changes: 'none',
    mapping: crmMapping,
    upsert: {
      effect: 'external-id',
      key: 'key',
      max: batchMax,
      run: async ({ transports }, records) => {
        const request = { method: 'POST', path: kind, body: { records }, effect: 'external-id' } as const;
        const { body } = await transports.rest.send(request);
        const results = readField(body, 'results');
        return Array.isArray(results) ? results.map(outcomeOf) : [];
      },
    },
  });

/** The CRM: contacts, deals and stocks, all of one form. */
export const crmConnector = crm.connector({
  resources: { contacts: kindOf('contacts'), deals: kindOf('deals'), stocks: kindOf('stocks') },
});
