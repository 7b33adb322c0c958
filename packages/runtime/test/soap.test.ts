import { expect, test } from 'vitest';
import { z } from 'zod';
import { soapOperation } from '../src/protocols/soap/index.ts';
import { serve } from './support/server.ts';
import { connectSoap, envelope, xml } from './support/soap.ts';

const getItems = soapOperation({
  name: 'getItems',
  namespace: 'urn:shop',
  action: 'urn:shop#getItems',
  request: z.object({ since: z.string(), place: z.array(z.string()) }),
  answer: z.object({ item: z.array(z.object({ sku: z.string(), price: z.string() })) }),
  effect: 'read',
});

const page = '<getItemsResponse xmlns="urn:shop"><item><sku>00123</sku><price>0.10</price></item></getItemsResponse>';

test('a request goes out in the order of its schema, and the answer comes back by its schema', async () => {
  const server = await serve((response) => xml(response, envelope(page)));
  const { send } = connectSoap(`${server.origin}/soap`);
  const { body } = await send({ operation: getItems, body: { place: ['a', 'b<c'], since: '2026' } });
  expect(body).toEqual({ item: [{ sku: '00123', price: '0.10' }] });
  expect(server.requests[0]?.body).toBe(
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:n1="urn:shop"><soap:Body><n1:getItems><n1:since>2026</n1:since><n1:place>a</n1:place><n1:place>b&lt;c</n1:place></n1:getItems></soap:Body></soap:Envelope>',
  );
});
