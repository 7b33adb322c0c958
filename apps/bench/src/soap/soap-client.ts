import soapPackage from 'soap';
import { z } from 'zod';

const text = z.string();

/** As the `soap` package gives it: values typed by the WSDL, attributes apart. */
const Customer = z.object({
  attributes: z.object({ id: text }),
  ...{ internalId: text, externalId: text, entityId: text, companyName: text, firstName: text, lastName: text },
  ...{ email: text, phone: text, street: text, city: text, postalCode: text, country: text, currency: text },
  ...{ creditLimit: text, balance: text },
  orderCount: z.number(),
  isInactive: z.boolean(),
  ...{ dateCreated: text, lastModified: text, comments: text },
  address: z.array(z.object({ label: text, line: text })),
});

const answer = z.compile(z.object({ customer: z.array(Customer) }));

/** One page by the `soap` package's client, validated: how many customers it holds. */
export const soapCall = async (url: string): Promise<() => Promise<number>> => {
  const client = await soapPackage.createClientAsync(`${url}?wsdl`);
  return async () => {
    const [result] = await client.getCustomersAsync({ page: 1 });
    return answer.parse(result).customer.length;
  };
};
