// What the compiler infers and refuses of SOAP operations. Compiled by the type check, never run.
import { z } from 'zod';
import { attribute, type SoapTransport, soapOperation, typeName, unparsed } from '../src/protocols/soap/index.ts';

declare const transport: SoapTransport;

const Item = z.object({ sku: z.string(), count: z.string() });

const putItem = soapOperation({
  ...{ name: 'putItem', namespace: 'urn:shop' },
  request: z.object({ id: attribute(z.string()), item: z.array(Item) }),
  answer: z.object({ count: z.string().transform(Number), active: z.stringbool(), raw: z.array(unparsed(Item)) }),
  classify: ({ active }) => (active ? undefined : { code: 'conflict' }),
});

const oneWay = soapOperation({ name: 'ping', namespace: 'urn:shop', request: z.object({}), answer: z.undefined() });

/** Never called. */
export const uses = async () => {
  const { body } = await transport.send({ operation: putItem, body: { id: '1', item: [{ sku: 'a', count: '1' }] } });
  const count: number = body.count;
  const active: boolean = body.active;
  const raw: readonly unknown[] = body.raw;
  const nothing: undefined = (await transport.send({ operation: oneWay, body: {} })).body;

  // @ts-expect-error a required key is missing
  await transport.send({ operation: putItem, body: { id: '1' } });
  // @ts-expect-error no such key
  await transport.send({ operation: putItem, body: { id: '1', item: [], colour: 'red' } });
  // @ts-expect-error the request is text on the wire
  await transport.send({ operation: putItem, body: { id: 1, item: [] } });
  // @ts-expect-error what is not parsed is unknown
  const sku: string = body.raw[0].sku;
  // @ts-expect-error no such code
  soapOperation({ ...putItem.definition, classify: () => ({ code: 'broken' }) });

  const type: '{urn:shop}Item' = typeName('urn:shop', 'Item').value;
  return { count, active, raw, nothing, sku, type };
};
