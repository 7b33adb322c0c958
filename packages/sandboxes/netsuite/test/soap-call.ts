import { randomUUID } from 'node:crypto';
import { defaultSettings, signPassport } from '../src/index.ts';
import { parseXml } from '../src/xml/parse.ts';
import { child, childrenOf, childText, type XmlElement } from '../src/xml/tree.ts';

const version = '2025_2';
const namespaces = ['core', 'common', 'messages'].map(
  (name) => `xmlns:${name}="urn:${name}_${version}.platform.webservices.netsuite.com"`,
);
const lists = [
  `xmlns:listRel="urn:relationships_${version}.lists.webservices.netsuite.com"`,
  `xmlns:listAcct="urn:accounting_${version}.lists.webservices.netsuite.com"`,
  `xmlns:tranSales="urn:sales_${version}.transactions.webservices.netsuite.com"`,
];

/** What differs from a good call. */
export type Sent = {
  /** Parts of the passport, or '' for none at all. */
  passport?: string;
  nonce?: string;
  timestamp?: number;
  signature?: string;
  /** More header elements. */
  header?: string;
  path?: string;
};

/** A good passport at a time (Unix milliseconds), unless told otherwise. */
export function passportOf(
  { nonce = randomUUID().replaceAll('-', ''), timestamp, signature }: Sent,
  now: number,
): string {
  const { account, tba } = defaultSettings;
  const seconds = String(timestamp ?? Math.floor(now / 1000));
  const signed = signature ?? signPassport({ account, ...tba, nonce, timestamp: seconds });
  return `<messages:tokenPassport><core:account>${account}</core:account><core:consumerKey>${tba.consumerKey}</core:consumerKey><core:token>${tba.token}</core:token><core:nonce>${nonce}</core:nonce><core:timestamp>${seconds}</core:timestamp><core:signature algorithm="HMAC-SHA256">${signed}</core:signature></messages:tokenPassport>`;
}

/** What a SOAP call answered: `result` is the content of the response, `fault` the vendor's code and element. */
export type SoapAnswered = {
  status: number;
  text: string;
  result: XmlElement | undefined;
  fault: { element: string; code: string; message: string } | undefined;
};

function faultOf(body: XmlElement | undefined): SoapAnswered['fault'] {
  const fault = child(body, 'Fault');
  if (fault === undefined) return undefined;
  const detail = child(fault, 'detail')?.children.find(({ name }) => name.endsWith('Fault'));
  return {
    element: detail?.name ?? '',
    code: childText(detail, 'code') ?? '',
    message: childText(fault, 'faultstring') ?? '',
  };
}

/** Calls the SOAP endpoint with a body in the prefixes messages, core, common, listRel, listAcct and tranSales. */
export async function soapCall(
  sandbox: { url: string },
  body: string,
  { now = Date.now(), ...sent }: Sent & { now?: number } = {},
): Promise<SoapAnswered> {
  const header = `${sent.passport ?? passportOf(sent, now)}${sent.header ?? ''}`;
  const envelope = `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ${[...namespaces, ...lists].join(' ')}><s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
  const response = await fetch(`${sandbox.url}${sent.path ?? `/services/NetSuitePort_${version}`}`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: 'search' },
    body: envelope,
  });
  const text = await response.text();
  const answered = child(parseXml(text), 'Body');
  return { status: response.status, text, result: answered?.children[0]?.children[0], fault: faultOf(answered) };
}

/** The header that asks for pages of this size, and for sublists when told. */
export function searchPreferences(pageSize: number, { bodyFieldsOnly = true } = {}): string {
  return `<messages:searchPreferences><messages:bodyFieldsOnly>${bodyFieldsOnly}</messages:bodyFieldsOnly><messages:pageSize>${pageSize}</messages:pageSize></messages:searchPreferences>`;
}

/** A search for customers that changed within a closed window. */
export function customersWithin(from: string, to: string): string {
  return `<messages:search><messages:searchRecord xsi:type="common:CustomerSearchBasic"><common:lastModifiedDate operator="within"><core:searchValue>${from}</core:searchValue><core:searchValue2>${to}</core:searchValue2></common:lastModifiedDate></messages:searchRecord></messages:search>`;
}

/** The next page of a search. */
export function moreWithId(searchId: string, pageIndex: number): string {
  return `<messages:searchMoreWithId><messages:searchId>${searchId}</messages:searchId><messages:pageIndex>${pageIndex}</messages:pageIndex></messages:searchMoreWithId>`;
}

/** The records of a search answer. */
export function recordsOf(answered: SoapAnswered): XmlElement[] {
  return childrenOf(child(answered.result, 'recordList'), 'record');
}

/** A text of the result. */
export function resultText(answered: SoapAnswered, name: string): string {
  return childText(answered.result, name) ?? '';
}

/** Code of the failed status of a result, '' for success. */
export function statusCode(element: XmlElement | undefined): string {
  return childText(child(child(element, 'status'), 'statusDetail'), 'code') ?? '';
}
