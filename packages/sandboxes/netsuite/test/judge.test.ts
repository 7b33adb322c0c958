import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRecord } from '@mortise/testing';
import { type Client, createClientAsync } from 'soap';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type FieldValue, faultAnswer, type StoredRecord, seedRecords } from '../src/index.ts';
import { moreWithId, passportOf, searchPreferences } from './soap-call.ts';
import { startedSandbox } from './started.ts';
import { wsdl } from './wsdl.ts';

const small = { number: 7, customers: 55, items: 45, orders: 45, deleted: 3 };
const numbers = ['cost', 'shippingCost', 'subTotal', 'total', 'value', 'quantity', 'amount', 'line'];
const flags = ['isPerson', 'isInactive', 'isOnline', 'defaultShipping', 'defaultBilling'];

async function clientOf(url: string): Promise<Client> {
  const folder = mkdtempSync(join(tmpdir(), 'wsdl-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'netsuite.wsdl');
  writeFileSync(file, wsdl(`${url}/services/NetSuitePort_2025_2`));
  return createClientAsync(file, { preserveWhitespace: true });
}

const prefixes =
  'xmlns:messages="urn:messages_2025_2.platform.webservices.netsuite.com" xmlns:core="urn:core_2025_2.platform.webservices.netsuite.com" xmlns:common="urn:common_2025_2.platform.webservices.netsuite.com" xmlns:listRel="urn:relationships_2025_2.lists.webservices.netsuite.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** Calls an operation with a new passport, as the vendor asks for each request. */
async function called(client: Client, name: string, body: string): Promise<Record<string, unknown>> {
  client.clearSoapHeaders();
  const preferences = searchPreferences(20, { bodyFieldsOnly: false });
  for (const header of [passportOf({}, Date.now()), preferences])
    client.addSoapHeader(header.replace(/^<messages:\w+/, (tag) => `${tag} ${prefixes}`));
  const method: unknown = client[`${name}Async`];
  if (typeof method !== 'function') throw new TypeError(`The client has no operation ${name}.`);
  const [result]: unknown[] = await Reflect.apply(method, client, [{ _xml: body.replace('>', ` ${prefixes}>`) }]);
  return isRecord(result) ? result : {};
}

function resultOf(answer: Record<string, unknown>): Record<string, unknown> {
  return isRecord(answer.searchResult) ? answer.searchResult : {};
}

function recordsOf(answer: Record<string, unknown>): Record<string, unknown>[] {
  const { recordList } = resultOf(answer);
  return isRecord(recordList) && Array.isArray(recordList.record) ? recordList.record.filter(isRecord) : [];
}

/** What the client should make of a value of the seed: dates, numbers and flags by the description, text as it is. */
function expected(name: string, value: FieldValue): unknown {
  if (typeof value !== 'string') return expectedParts(name, value);
  if (flags.includes(name)) return value === 'true';
  if (numbers.includes(name)) return Number(value);
  return name === 'tranDate' ? new Date(value) : value;
}

const rowNames: Readonly<Record<string, string>> = {
  addressbookList: 'addressbook',
  pricingMatrix: 'pricing',
  priceList: 'price',
  itemList: 'item',
};

function expectedParts(name: string, value: Exclude<FieldValue, string>): unknown {
  if ('reference' in value) return { attributes: { internalId: value.reference.id }, name: value.reference.name };
  if ('group' in value) return expectedRow(value.group);
  return { [rowNames[name] ?? name]: value.rows.map(expectedRow) };
}

function expectedRow(row: Readonly<Record<string, FieldValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, expected(name, value)]));
}

function expectedRecord(record: StoredRecord, soapType: string): Record<string, unknown> {
  const created = record.type === 'customer' ? 'dateCreated' : 'createdDate';
  const externalId = record.externalId === null ? {} : { externalId: record.externalId };
  return {
    attributes: { 'xsi:type': soapType, internalId: record.id, ...externalId },
    ...expectedRow(record.fields),
    [created]: new Date(record.createdAt),
    lastModifiedDate: new Date(record.modifiedAt),
  };
}

describe('vendors.md 6, judged by the SOAP client `soap`', () => {
  test.each([
    ['customer', 'Customer', 'listRel:Customer'],
    ['inventoryItem', 'Item', 'listAcct:InventoryItem'],
  ])('over three pages, its %s objects equal the seed field by field', async (type, subject, soapType) => {
    await equalsSeed(type, subject, soapType);
  });

  test('over three pages, its salesOrder objects equal the seed field by field, lines too', async () => {
    await equalsSeed('salesOrder', 'Transaction', 'tranSales:SalesOrder');
  });

  async function equalsSeed(type: string, subject: string, soapType: string): Promise<void> {
    const sandbox = await startedSandbox({ seed: small });
    const client = await clientOf(sandbox.url);
    const body = `<messages:search><messages:searchRecord xsi:type="common:${subject}SearchBasic"/></messages:search>`;
    const pages = [await called(client, 'search', body)];
    const { searchId, totalPages } = resultOf(pages[0] ?? {});
    for (let page = 2; page <= Number(totalPages); page += 1)
      pages.push(await called(client, 'searchMoreWithId', moreWithId(String(searchId), page)));
    const read = pages.flatMap(recordsOf);
    const key = (each: unknown): string => JSON.stringify(isRecord(each) ? each.attributes : each);
    const seeded = seedRecords(small).records.filter((record) => record.type === type);
    const wanted = seeded.map((record) => expectedRecord(record, soapType));
    expect(read.toSorted((a, b) => key(a).localeCompare(key(b)))).toEqual(
      wanted.toSorted((a, b) => key(a).localeCompare(key(b))),
    );
    expect(pages).toHaveLength(3);
  }

  test('it sees each status of a mixed upsertList', async () => {
    const sandbox = await startedSandbox({ settings: { afterSubmitFailedFor: ['c'] } });
    const client = await clientOf(sandbox.url);
    const record = (externalId: string, name: string) =>
      `<messages:record xsi:type="listRel:Customer" externalId="${externalId}"><listRel:companyName>${name}</listRel:companyName></messages:record>`;
    const body = `<messages:upsertList>${record('a', '佐藤')}${record('b', '')}${record('c', 'C')}</messages:upsertList>`;
    const { writeResponseList } = await called(client, 'upsertList', body);
    expect(writeResponseList).toMatchObject({
      status: { attributes: { isSuccess: 'true' } },
      writeResponse: [
        { status: { attributes: { isSuccess: 'true' } }, baseRef: { attributes: { internalId: '1001' } } },
        { status: { statusDetail: [{ code: 'USER_ERROR' }] } },
        { status: { statusDetail: [{ code: 'UNEXPECTED_ERROR', afterSubmitFailed: true }] } },
      ],
    });
  });

  test("its error carries the vendor's fault code, and a repeated call with a new nonce is taken", async () => {
    const sandbox = await startedSandbox();
    const client = await clientOf(sandbox.url);
    const { status, text } = faultAnswer({
      fault: 'exceededConcurrentRequestLimit',
      code: 'WS_REQUEST_BLOCKED',
      message: 'SuiteTalk concurrent request limit exceeded. Request blocked.',
    });
    sandbox.inject({ kind: 'status', status, body: text, headers: { 'content-type': 'text/xml' } });
    const body = '<messages:search><messages:searchRecord xsi:type="common:CustomerSearchBasic"/></messages:search>';
    const error: unknown = await called(client, 'search', body).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      root: {
        Envelope: {
          Body: {
            Fault: {
              faultcode: 'soapenv:Server.userException',
              detail: { exceededConcurrentRequestLimitFault: { code: 'WS_REQUEST_BLOCKED' } },
            },
          },
        },
      },
    });
    expect(resultOf(await called(client, 'search', body))).toMatchObject({ totalRecords: 0 });
    expect(sandbox.requests().map((request) => request.status)).toEqual([500, 200]);
  });
});
