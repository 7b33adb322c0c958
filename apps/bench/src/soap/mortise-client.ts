import { defineVendor, open } from '@mortise/runtime';
import { attribute, type SoapTransport, soap, soapOperation } from '@mortise/runtime/soap';
import { z } from 'zod';
import { namespace } from './page.ts';

const text = z.string();

const Customer = z.object({
  id: attribute(text),
  ...{ internalId: text, externalId: text, entityId: text, companyName: text, firstName: text, lastName: text },
  ...{ email: text, phone: text, street: text, city: text, postalCode: text, country: text, currency: text },
  ...{ creditLimit: text, balance: text },
  orderCount: text.regex(/^-?\d+$/).transform(Number),
  isInactive: z.stringbool(),
  ...{ dateCreated: text, lastModified: text, comments: text },
  address: z.array(z.object({ label: text, line: text })),
});

const getCustomers = soapOperation({
  name: 'getCustomers',
  namespace,
  action: 'getCustomers',
  request: z.object({ page: z.number() }),
  answer: z.object({ customer: z.array(Customer) }),
  effect: 'read',
});

/** A live SOAP transport of a connection with everything on. */
const liveTransport = async (url: string): Promise<SoapTransport> => {
  let transport: SoapTransport | undefined;
  const vendor = defineVendor({
    id: 'erp',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ soap: soap({ url }) }),
    auth: () => ({ secrets: [], connect: () => ({ headers: () => ({}) }) }),
  });
  const customers = vendor.resource({
    record: z.object({ id: z.string() }),
    key: 'id',
    changes: 'none',
    get: async (call, id) => {
      transport = call.transports.soap;
      return { id };
    },
  });
  await open(vendor.connector({ resources: { customers } }), { events: () => undefined }).customers.get('1');
  if (transport === undefined) throw new Error('the connection gave no transport');
  return transport;
};

/** One page: how many customers it holds. */
export const mortiseCall = async (url: string): Promise<() => Promise<number>> => {
  const transport = await liveTransport(url);
  return async () => (await transport.send({ operation: getCustomers, body: { page: 1 } })).body.customer.length;
};

/** A call that must be refused: with what code. */
export const refusedCall = async (url: string): Promise<() => Promise<string>> => {
  const transport = await liveTransport(url);
  return () =>
    transport.send({ operation: getCustomers, body: { page: 1 } }).then(
      () => 'answered',
      (error: { code?: string }) => error.code ?? 'unknown',
    );
};
