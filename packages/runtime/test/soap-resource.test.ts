import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineVendor, open, secret } from '../src/index.ts';
import { attribute, soap, soapOperation, unparsed, usernameToken } from '../src/protocols/soap/index.ts';
import { testClock } from './support/clock.ts';
import { serve } from './support/server.ts';
import { envelope, xml } from './support/soap.ts';

const namespace = 'urn:erp.example.com';

const Item = z.object({ id: attribute(z.string()), sku: z.string(), barcode: z.array(z.string()) });

const listItems = soapOperation({
  ...{ name: 'listItems', namespace, effect: 'read' },
  request: z.object({ page: z.number() }),
  answer: z.object({ item: z.array(unparsed(Item)), pages: z.string().transform(Number) }),
});

const vendor = defineVendor({
  id: 'erp',
  settings: z.strictObject({ url: z.url() }),
  credentials: z.strictObject({ username: z.string(), password: secret() }),
  transports: ({ url }) => ({ soap: soap({ url }) }),
  auth: ({ credentials }) => usernameToken(credentials),
});

const items = vendor.resource({
  record: Item,
  key: 'id',
  changes: 'none',
  list: async function* (call, { cursor = '1' }) {
    for (let page = Number(cursor); ; page += 1) {
      const { body } = await call.transports.soap.send({ operation: listItems, body: { page } });
      const isLast = page >= body.pages;
      yield { records: body.item, ...(!isLast && { next: String(page + 1) }) };
      if (isLast) return;
    }
  },
});

test('a resource lists pages of SOAP: a record that does not fit is rejected, and the page goes on', async () => {
  const record = (id: number, inner = '') => `<item id="${id}"><sku>00${id}</sku>${inner}</item>`;
  const pages = [record(1) + record(2, '<sku>twice</sku>') + record(3, '<barcode>7</barcode>'), record(4)];
  const server = await serve((response, { body }) => {
    const page = Number(/:page>(\d)</.exec(body)?.[1]);
    xml(
      response,
      envelope(
        `<r:listItemsResponse xmlns:r="${namespace}" xmlns="${namespace}">${pages[page - 1]}<pages>2</pages></r:listItemsResponse>`,
      ),
    );
  });
  const live = open(vendor.connector({ resources: { items } }), {
    ...{
      settings: { url: server.origin },
      credentials: { username: 'shop', password: 'pass word' },
      clock: testClock(),
    },
  });
  const seen = [];
  for await (const page of live.items.list()) seen.push(page);
  expect(seen.map(({ records }) => records)).toEqual([
    [
      { id: '1', sku: '001', barcode: [] },
      { id: '3', sku: '003', barcode: ['7'] },
    ],
    [{ id: '4', sku: '004', barcode: [] }],
  ]);
  expect(seen[0]?.rejected).toMatchObject([{ key: '2', issues: [{ path: 'sku' }] }]);
  expect(server.requests).toHaveLength(2);
  for (const { body } of server.requests) expect(body).toMatch(/PasswordDigest/);
});
