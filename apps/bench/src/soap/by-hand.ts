import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { request } from 'undici';
import { z } from 'zod';
import { namespace } from './page.ts';

const text = z.string();

const Customer = z.object({
  '@_id': text,
  ...{ internalId: text, externalId: text, entityId: text, companyName: text, firstName: text, lastName: text },
  ...{ email: text, phone: text, street: text, city: text, postalCode: text, country: text, currency: text },
  ...{ creditLimit: text, balance: text },
  orderCount: text.regex(/^-?\d+$/).transform(Number),
  isInactive: z.stringbool(),
  ...{ dateCreated: text, lastModified: text, comments: text },
  address: z.array(z.object({ label: text, line: text })),
});

const envelope = z.compile(
  z.object({
    Envelope: z.object({ Body: z.object({ getCustomersResponse: z.object({ customer: z.array(Customer) }) }) }),
  }),
);

const parser = new XMLParser({
  ...{
    ignoreAttributes: false,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    removeNSPrefix: true,
  },
  isArray: (name: string) => name === 'customer' || name === 'address',
});

const body = `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><c:getCustomers xmlns:c="${namespace}"><c:page>1</c:page></c:getCustomers></s:Body></s:Envelope>`;

/** One page as it is done by hand, with undici and fast-xml-parser, whose validator must go first. */
export const byHandCall =
  async (url: string): Promise<() => Promise<number>> =>
  async () => {
    const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: '"getCustomers"' };
    const response = await request(url, { method: 'POST', headers, body });
    const xml = await response.body.text();
    if (XMLValidator.validate(xml) !== true) throw new Error('the answer is not well-formed');
    return envelope.parse(parser.parse(xml)).Envelope.Body.getCustomersResponse.customer.length;
  };
