import { connectorError, readField } from '@mortise/runtime';
import { attribute } from '@mortise/runtime/soap';
import { z } from 'zod';
import type { RecordKind, WrittenRecord } from './record-kind.ts';
import { orderBody } from './rest/order-body.ts';
import { orderLines } from './rest/order-lines.ts';
import { orderRecord } from './rest/order-record.ts';
import type { NetSuiteSettings } from './settings.ts';
import { namespaces } from './vendor-facts.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A reference by one id; undefined for one that has none, for which the mappings write `''`. */
const referenceOf = (line: unknown): { internalId: unknown } | { externalId: unknown } | undefined => {
  const [internalId, externalId] = [readField(line, 'item.internalId'), readField(line, 'item.externalId')];
  if (internalId) return { internalId };
  return externalId ? { externalId } : undefined;
};

const linesOf = (record: unknown): readonly unknown[] | undefined => {
  const lines = readField(record, 'itemList.item');
  return Array.isArray(lines) ? lines : undefined;
};

/** A line with the ISO code of its order's currency, and the name of its item where it has no words of its own. */
const completeLine = (given: unknown, currencyCode: string | undefined): unknown => {
  if (!isObject(given)) return given;
  return { ...given, currencyCode, description: given.description ?? readField(given, 'item.name') };
};

/** The record with the ISO code of its currency, in the record and in each line; without one where none is listed. */
const completeOrder = (record: unknown, { currencies }: NetSuiteSettings): unknown => {
  if (!isObject(record)) return record;
  const id = readField(record, 'currency.internalId');
  const currencyCode = typeof id === 'string' && Object.hasOwn(currencies, id) ? currencies[id] : undefined;
  // SOAP leaves out the list of an order without lines.
  const lines = linesOf(record) ?? [];
  const item = lines.map((each) => completeLine(each, currencyCode));
  return { ...record, currencyCode, itemList: { item } };
};

const refused = (path: string, reason: string) =>
  connectorError('invalid-record', 'the order cannot be written', { issues: [{ path, reason }] });

/** The record with a reference to its currency instead of the codes. @throws ConnectorError `invalid-record` */
const withCurrency = (record: WrittenRecord, { currencies }: NetSuiteSettings): WrittenRecord => {
  const { currencyCode: _code, ...given } = record;
  const { entity: _none, ...guest } = given;
  const rest = readField(given, 'entity.internalId') === '' ? guest : given;
  const lines = linesOf(record);
  if (lines === undefined) return rest;
  const codes = [...new Set(lines.map((line) => readField(line, 'currencyCode')))];
  if (codes.length > 1) throw refused('lines', 'are in more than one currency');
  const id = Object.entries(currencies).find(([, code]) => code === codes[0])?.[0];
  if (codes.length === 1 && id === undefined) {
    throw refused('lines', "are in a currency that the setting 'currencies' does not list");
  }
  const item = lines.map((each, index) => {
    if (!isObject(each)) return each;
    const reference = referenceOf(each);
    if (reference === undefined)
      throw refused(`lines[${index}].sku`, 'is missing: NetSuite has no lines without an item');
    const { currencyCode: _own, ...own } = each;
    return { ...own, item: reference };
  });
  return { ...rest, itemList: { item }, ...(id !== undefined && { currency: { internalId: id } }) };
};

const reference = z.object({
  internalId: attribute(z.string().optional()),
  externalId: attribute(z.string().optional()),
});

const line = z.object({
  item: reference,
  quantity: z.string().optional(),
  description: z.string().optional(),
  rate: z.string().optional(),
});

/** How sales orders are spoken of. */
export const orderKind = (record: z.ZodObject): RecordKind => ({
  name: 'salesOrders',
  record,
  soap: {
    type: 'SalesOrder',
    namespace: namespaces.sales,
    reference: 'salesOrder',
    search: 'TransactionSearchBasic',
    searchType: '_salesOrder',
    deletedType: 'salesOrder',
    fields: ['entity', 'currency', 'itemList'],
    forms: { entity: reference, currency: reference, itemList: z.object({ item: z.array(line) }) },
    hasLines: true,
  },
  rest: {
    path: 'salesOrder',
    table: 'transaction',
    where: "type = 'SalesOrd'",
    deletedType: 'salesorder',
    stamps: { createdDate: 'createddate', lastModifiedDate: 'lastmodifieddate' },
    columns: { entity: 'entity', currency: 'currency', tranId: 'tranid', orderStatus: 'status', total: 'foreigntotal' },
    complete: orderLines,
    spread: orderRecord,
    body: orderBody,
    replaces: 'item',
  },
  unique: ['tranId'],
  read: completeOrder,
  written: withCurrency,
  changed: withCurrency,
});
