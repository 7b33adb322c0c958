import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { attribute, soapOperation } from '@mortise/runtime/soap';
import { startFaultProxy } from '@mortise/testing';
import soapPackage from 'soap';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { refusal } from '../support/refusal.ts';
import { openSoap, serveSoap, serveXml, startBait } from '../support/soap-vendor.ts';

const namespace = 'urn:erp.example.com';

const Item = z.object({ sku: z.string(), name: z.string().optional() });

const getItems = soapOperation({
  ...{ name: 'getItems', namespace, effect: 'read' },
  request: z.object({}),
  answer: z.object({ item: z.array(Item) }),
});

const envelope = (inner: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><getItemsResponse xmlns="${namespace}">${inner}</getItemsResponse></s:Body></s:Envelope>`;

const item = (sku: string): string => `<item><sku>${sku}</sku></item>`;
const page = envelope(item('alice-1') + item('alice-2') + item('alice-3'));

/** What becomes of a document that is the answer to a read. */
const outcome = async (
  document: string | Buffer,
  { type, ...options }: Parameters<typeof openSoap>[1] & { type?: string } = {},
) => {
  const { url } = await serveXml(document, type);
  const error = await refusal(openSoap(url, options)({ operation: getItems, body: {} }));
  expect(JSON.stringify(error)).not.toContain('alice');
  return error;
};

const itemsOf = async (document: string | Buffer, type?: string) => {
  const { url } = await serveXml(document, type);
  return (await openSoap(url)({ operation: getItems, body: {} })).body.item;
};

const wsdl = (address: string): string => `<?xml version="1.0"?>
<wsdl:definitions name="Erp" targetNamespace="${namespace}" xmlns:tns="${namespace}" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">
<wsdl:types><xs:schema targetNamespace="${namespace}" elementFormDefault="qualified"><xs:element name="getItems"><xs:complexType/></xs:element><xs:element name="getItemsResponse"><xs:complexType/></xs:element></xs:schema></wsdl:types>
<wsdl:message name="in"><wsdl:part name="parameters" element="tns:getItems"/></wsdl:message><wsdl:message name="out"><wsdl:part name="parameters" element="tns:getItemsResponse"/></wsdl:message>
<wsdl:portType name="Type"><wsdl:operation name="getItems"><wsdl:input message="tns:in"/><wsdl:output message="tns:out"/></wsdl:operation></wsdl:portType>
<wsdl:binding name="Binding" type="tns:Type"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="getItems"><soap:operation soapAction="getItems"/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation></wsdl:binding>
<wsdl:service name="Erp"><wsdl:port name="Port" binding="tns:Binding"><soap:address location="${address}"/></wsdl:port></wsdl:service>
</wsdl:definitions>`;

test('case 24: a SOAP fault in a 200 is a failure, here from the soap package’s own server', async () => {
  const server = createServer((_request, response) => void response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  // A TCP server has an address and a port once it listens.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/erp`;
  const faults = [
    [{ faultcode: 'soap:Client', faultstring: 'alice is not known', statusCode: 200 }, 'invalid-request', 'Client'],
    [{ faultcode: 'soap:Server', faultstring: 'alice is away', statusCode: 200 }, 'unavailable', 'Server'],
    [
      { Code: { Value: 'soap:Sender', Subcode: { Value: 'NoItems' } }, Reason: { Text: 'alice' }, statusCode: 200 },
      'invalid-request',
      'NoItems',
    ],
  ] as const;
  let number = 0;
  const answer = () => Promise.reject({ Fault: { ...faults[number]?.[0] } });
  soapPackage.listen(server, { path: '/erp', services: { Erp: { Port: { getItems: answer } } }, xml: wsdl(url) });
  for (const [, code, vendorCode] of faults) {
    const error = await refusal(openSoap(url)({ operation: getItems, body: {} }));
    expect(error).toMatchObject({ code, vendorCode, status: 200 });
    expect(JSON.stringify(error)).not.toContain('alice');
    number += 1;
  }
  expect(number).toBe(3);
});

test('case 65: a document that ends anywhere before its end is truncated, and no record of it is taken', async () => {
  // Every cut behind the root's start tag, in tags, texts and attributes alike.
  const cuts = Array.from({ length: 40 }, (_, index) => 80 + Math.floor((index * (page.length - 81)) / 39));
  for (const length of cuts) {
    expect(await outcome(page.slice(0, length)), page.slice(0, length)).toMatchObject({
      code: 'truncated',
      status: 200,
    });
  }
  expect(await outcome('<')).toMatchObject({ code: 'truncated' });
});

test('case 65: an answer that the line cuts short is truncated, and asked for again', async () => {
  const { url, requests } = await serveXml(page);
  const proxy = await startFaultProxy({ target: url });
  onTestFinished(() => proxy.close());
  proxy.set({ kind: 'truncate', bytes: 300 });
  const send = openSoap(proxy.url, { limits: { attempts: 2, backoffBaseMs: 1, backoffCapMs: 1 } });
  expect(await refusal(send({ operation: getItems, body: {} }))).toMatchObject({ code: 'truncated', attempts: 2 });
  expect(requests).toHaveLength(2);
  proxy.clear();
  expect((await send({ operation: getItems, body: {} })).body.item).toHaveLength(3);
});

test('case 65: mismatched tags are refused', async () => {
  const documents = [
    envelope('<item><sku>alice</item></sku>'),
    page.replace('</item>', '</itme>'),
    page.replace('</s:Envelope>', '</s:Envelope></s:Envelope>'),
    envelope('<item a="1" a="2"/>'),
    envelope('<undeclared:item/>'),
    envelope('alice & bob;'),
    envelope(item('&unknown;')),
    envelope(item('&constructor;')),
    envelope('a\u0000b'),
    envelope(']]>'),
  ];
  for (const document of documents) {
    expect(await outcome(document), document).toMatchObject({ code: 'unexpected-content', attempts: 1 });
  }
  // A bare ampersand takes everything behind it for the name of an entity, up to the end of the document.
  expect(await outcome(envelope('alice & bob'))).toMatchObject({ code: 'truncated' });
});

test('case 66: a page of HTML, another root, two roots and plain text are refused', async () => {
  const documents: [text: string, type?: string][] = [
    ['<!doctype html><html><body>alice</body></html>', 'text/html'],
    ['<html><body>alice</body></html>', 'text/html; charset=utf-8'],
    ['<html><body><p>alice</p></body></html>'],
    ['<getItemsResponse xmlns="urn:erp.example.com"/>'],
    ['<Envelope><Body/></Envelope>'],
    ['<s:Envelope xmlns:s="urn:soap-of-nobody"><s:Body/></s:Envelope>'],
    [page + page],
    [`${page}alice`],
    ['alice'],
    [page, 'application/json'],
  ];
  for (const [text, type] of documents) {
    const error = await outcome(text, type === undefined ? {} : { type });
    expect(error, text).toMatchObject({ code: 'unexpected-content', status: 200 });
  }
});

test('case 66: an envelope without the element that was asked for is not an empty page', async () => {
  const soapBody = (inner: string) =>
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">${inner}</s:Envelope>`;
  const documents = [
    soapBody(''),
    soapBody('<s:Body/>'),
    soapBody('<s:Body><otherResponse xmlns="urn:erp.example.com"/></s:Body>'),
    soapBody('<s:Body><getItemsResponse xmlns="urn:another"/></s:Body>'),
  ];
  for (const document of documents) {
    const error = await outcome(document);
    expect(error).toMatchObject({ code: 'unexpected-content' });
    expect(error.message).toMatch(/has no body|does not hold 'getItemsResponse'/);
  }
});

const laughs = Array.from({ length: 9 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`).join(
  '',
);

test('case 67: entities that multiply are refused at the DOCTYPE, before one of them is read', async () => {
  const documents = [
    `<!DOCTYPE x [<!ENTITY l0 "lol">${laughs}]>${envelope('<item><sku>&l9;</sku></item>')}`,
    `<!DOCTYPE x [<!ENTITY e "${'x'.repeat(9_900)}">]>${envelope(item('&e;'.repeat(1_000)))}`,
    `<!DOCTYPE x [<!ENTITY e "x">]>${envelope(item('&e;'.repeat(1_000_000)))}`,
    // Behind everything that may stand before a DOCTYPE.
    `<?xml version="1.0"?>\n<!-- > --><?pi ?>\n<!DOCTYPE x [<!ENTITY e "x">]>${envelope(item('&e;'))}`,
  ];
  for (const document of documents) {
    expect((await outcome(document)).message).toBe('the answer has a DOCTYPE, which SOAP forbids');
  }
  // What follows is no XML at all: a parser that had read on would say so.
  expect((await outcome(`<!DOCTYPE x [ <<< alice`)).message).toContain('DOCTYPE');
});

test('case 67: a million references without a DOCTYPE are refused before the parser begins', async () => {
  for (const reference of ['&#65;', '&#x41;', '&amp;']) {
    const error = await outcome(envelope(item(reference.repeat(1_000_000))));
    expect(error).toMatchObject({ code: 'too-large', message: expect.stringContaining('500000 character and entity') });
  }
  // As many as an honest page holds are decoded.
  const [first] = await itemsOf(envelope(item('&#65;&#x42;&amp;'.repeat(1_000))));
  expect(first?.sku).toBe('AB&'.repeat(1_000));
});

test('case 67: an answer that does not end is cut off at the cap on bytes, and its socket closed', async () => {
  let isClosed: Promise<unknown> = Promise.resolve();
  const { url } = await serveSoap((response) => {
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.write(envelope('').slice(0, 100));
    const more = () => {
      while (response.write(item('x').repeat(1_000)));
    };
    response.on('drain', more);
    isClosed = new Promise((resolve) => response.once('close', resolve));
    more();
  });
  const proxy = await startFaultProxy({ target: url });
  onTestFinished(() => proxy.close());
  const maxBodyBytes = 256 * 1024;
  const send = openSoap(proxy.url, { limits: { attempts: 1, maxBodyBytes } });
  expect(await refusal(send({ operation: getItems, body: {} }))).toMatchObject({ code: 'too-large' });
  await isClosed;
  // What was under way in the buffers of two sockets comes on top of the cap.
  expect(proxy.counters().responseBytes).toBeLessThan(maxBodyBytes + 16 * 1024 * 1024);
});

test('case 68: no external entity or DTD is ever fetched, from the network or from a file', async () => {
  const { bait, url: baitUrl } = await startBait();
  const folder = mkdtempSync(join(tmpdir(), 'soap-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'secret.txt');
  writeFileSync(file, 'alice');
  const body = envelope(item('&e;'));
  const documents = [
    `<!DOCTYPE x [<!ENTITY e SYSTEM "${baitUrl}/e">]>${body}`,
    `<!DOCTYPE x [<!ENTITY e PUBLIC "-//x" "${baitUrl}/e">]>${body}`,
    `<!DOCTYPE x SYSTEM "${baitUrl}/x.dtd">${body}`,
    `<!DOCTYPE x PUBLIC "-//x" "${baitUrl}/x.dtd">${body}`,
    `<!DOCTYPE x [<!ENTITY % p SYSTEM "${baitUrl}/p">%p;]>${body}`,
    `<!DOCTYPE x [<!ENTITY e SYSTEM "${pathToFileURL(file)}">]>${body}`,
    `<?xml-stylesheet href="${baitUrl}/x.xsl"?>${envelope(item('1')).replace('</s:Body>', '')}`,
    `${envelope(item('&e;')).replace('<s:Body>', `<s:Body xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="${baitUrl}"/>`)}`,
  ];
  for (const document of documents) expect(await outcome(document)).toMatchObject({ code: 'unexpected-content' });
  expect(bait.connections).toBe(0);
});

test('case 69: 100,000 elements inside each other are refused at the hundredth, whatever they are', async () => {
  const deep = (tag: string, rest: string) => envelope(`<${tag}>`.repeat(100_000) + rest);
  const refused = { code: 'too-large', message: 'the answer has elements more than 100 deep' };
  expect(await outcome(deep('item', '</item>'.repeat(100_000)))).toMatchObject(refused);
  expect(await outcome(deep('nobody', '</nobody>'.repeat(100_000)))).toMatchObject(refused);
  // Cut off, or broken just behind the limit: what comes later was never read.
  expect(await outcome(deep('item', ''))).toMatchObject(refused);
  expect(await outcome(envelope(`${'<a>'.repeat(101)}<<< alice`))).toMatchObject(refused);
  // 100 with envelope, body and answer is within the limit.
  expect(await itemsOf(envelope('<a>'.repeat(97) + '</a>'.repeat(97)))).toEqual([]);
});

test('case 70: 200,000 attributes are refused at the 257th', async () => {
  const attributes = (count: number) => Array.from({ length: count }, (_, index) => ` a${index}="1"`).join('');
  const refused = { code: 'too-large', message: 'an element of the answer has more than 256 attributes' };
  expect(await outcome(envelope(`<item${attributes(200_000)}/>`))).toMatchObject(refused);
  expect(
    await outcome(envelope(`<item${Array.from({ length: 200_000 }, (_, i) => ` xmlns:a${i}="u"`).join('')}/>`)),
  ).toMatchObject(refused);
  // Broken just behind the limit: what comes later was never read.
  expect(await outcome(envelope(`<item${attributes(257)} <<< alice`))).toMatchObject(refused);
  expect(await itemsOf(envelope(`<item${attributes(256)}><sku>1</sku></item>`))).toEqual([{ sku: '1' }]);
});

test('case 70: more elements than the limit are refused too', async () => {
  const limits = { elements: 50 };
  expect(await outcome(envelope(item('x').repeat(100)), { soap: { limits } })).toMatchObject({
    code: 'too-large',
    message: 'the answer has more than 50 elements',
  });
});

test('case 71: every text stays as it is until the schema converts it', async () => {
  const texts = [
    '00123',
    '1e5',
    '0x1F',
    '0.10',
    'true',
    'null',
    '',
    ' padded ',
    '9007199254740993',
    'NaN',
    '-0',
    '１２',
  ];
  const items = await itemsOf(envelope(texts.map((text) => item(text)).join('')));
  expect(items.map(({ sku }) => sku)).toEqual(texts);
  const Priced = z.object({ code: attribute(z.string()), count: z.string().transform(Number) });
  const { name, request } = getItems.definition;
  const operation = soapOperation({ name, namespace, request, answer: z.object({ item: z.array(Priced) }) });
  const { url } = await serveXml(envelope('<item code="007"><count>0010</count></item>'));
  const { body } = await openSoap(url)({ operation, body: {} });
  expect(body.item).toEqual([{ code: '007', count: 10 }]);
});

test('case 72: none, one and many are all an array where the schema says so', async () => {
  for (const count of [0, 1, 2, 100]) {
    const items = await itemsOf(envelope(item('x').repeat(count)));
    expect(items).toEqual(Array.from({ length: count }, () => ({ sku: 'x' })));
  }
  // Not next to each other, and in an element that has nothing else.
  expect(await itemsOf(envelope(`${item('1')}<other/>${item('2')}`))).toEqual([{ sku: '1' }, { sku: '2' }]);
});

test('case 73: CDATA, comments, instructions, references and line ends are read as XML says', async () => {
  const inner = [
    ['<![CDATA[<b> & ]]]]><![CDATA[>]]>', '<b> & ]]>'],
    ['a<!-- no -->b<?no no?>c', 'abc'],
    ['&lt;&#65;&#x1F600;&quot;&apos;&gt;&amp;amp;', '<A😀"\'>&amp;'],
    ['a\r\nb\rc&#13;d\u00a0', 'a\nb\nc\rd\u00a0'],
  ] as const;
  const items = await itemsOf(envelope(inner.map(([text]) => item(text)).join('')));
  expect(items.map(({ sku }) => sku)).toEqual(inner.map(([, value]) => value));
});

test('case 73: an element is known by its namespace and not by its prefix', async () => {
  const body = (inner: string, declarations: string) =>
    `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" ${declarations}><SOAP-ENV:Body>${inner}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;
  const ours = `xmlns:q="${namespace}" xmlns:s="urn:another"`;
  const prefixed = '<q:getItemsResponse><q:item><q:sku>1</q:sku></q:item></q:getItemsResponse>';
  expect(await itemsOf(body(prefixed, ours))).toEqual([{ sku: '1' }]);
  const foreign = '<q:getItemsResponse><s:item><s:sku>1</s:sku></s:item></q:getItemsResponse>';
  expect(await itemsOf(body(foreign, ours))).toEqual([]);
});

const utf16 = (text: string, { big, mark }: { big: boolean; mark: boolean }): Buffer => {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return big ? bytes.swap16() : bytes;
};

test('case 73: the encoding is told by the mark, then the media type, then the declaration', async () => {
  const sku = 'Größe 7,5 €'.replace('€', '\u00a4');
  const document = envelope(item(sku));
  const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>${document}`;
  const bodies: [bytes: Buffer, type: string][] = [
    [Buffer.from(document), 'text/xml'],
    [Buffer.from(`\ufeff${declared('utf-8')}`), 'text/xml'],
    [Buffer.from(`\ufeff${declared('iso-8859-1')}`), 'text/xml; charset=iso-8859-1'],
    [Buffer.from(declared('utf-8'), 'latin1'), 'text/xml; charset=iso-8859-1'],
    [Buffer.from(declared('ISO-8859-1'), 'latin1'), 'text/xml'],
    [Buffer.from(declared('windows-1252'), 'latin1'), 'application/xml'],
    [utf16(declared('utf-16'), { big: false, mark: true }), 'text/xml'],
    [utf16(declared('utf-16'), { big: true, mark: true }), 'text/xml; charset=utf-16'],
    [utf16(declared('utf-16'), { big: true, mark: false }), 'text/xml; charset=utf-16'],
    [utf16(document, { big: false, mark: false }), 'text/xml'],
    [utf16(document, { big: true, mark: true }), 'application/soap+xml; charset="UTF-16BE"'],
  ];
  for (const [bytes, type] of bodies) {
    expect(await itemsOf(bytes, type), `${type} ${bytes.subarray(0, 8).toString('hex')}`).toEqual([{ sku }]);
  }
});

test('case 73: bytes that are not of their encoding are refused, and never become question marks', async () => {
  const bodies: [bytes: Buffer, type: string][] = [
    [Buffer.from(envelope(item('Größe')), 'latin1'), 'text/xml; charset=utf-8'],
    [Buffer.from(page), 'text/xml; charset=x-unknown'],
    [Buffer.from(page), 'text/xml; charset=utf-7'],
    [Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('a')]), 'text/xml'],
  ];
  for (const [bytes, type] of bodies) {
    expect(await outcome(bytes, { type }), type).toMatchObject({ code: 'unexpected-content' });
  }
});

const echo = soapOperation({
  ...{ name: 'echo', namespace, answerName: 'echo', effect: 'read' },
  request: z.object({ id: attribute(z.string()), text: z.array(z.string()) }),
  answer: z.object({ id: attribute(z.string()), text: z.array(z.string()) }),
});

/** Answers with the very bytes that were sent. */
const serveEcho = () =>
  serveSoap((response, body) => void response.writeHead(200, { 'content-type': 'text/xml' }).end(body));

test('case 74: what is built reads back the same, markup and line ends included', async () => {
  const { url, requests } = await serveEcho();
  const texts = [
    ']]>',
    '-->',
    '<!--',
    '<![CDATA[x]]>',
    '<',
    '&',
    '&amp;',
    '</text>',
    '"\'',
    '\r\n\t ',
    '\r',
    '\u0085\u2028',
    '𝄞',
    '',
  ];
  for (const id of texts) {
    const { body } = await openSoap(url)({ operation: echo, body: { id, text: texts } });
    expect(body).toEqual({ id, text: texts });
  }
  for (const request of requests) expect(request).not.toMatch(/\]\]>|-->|<!/);
});

test('case 74: characters that XML cannot hold are refused before anything is sent', async () => {
  const { url, requests } = await serveEcho();
  for (const text of ['\u0000', '\u0008', '\u001b', 'a\ud800b', '\udc00', '\uffff', '\ufffe']) {
    const inElement = openSoap(url)({ operation: echo, body: { id: '', text: [text] } });
    expect(await refusal(inElement)).toMatchObject({ code: 'invalid-record', issues: [{ path: 'echo.text[0]' }] });
    const inAttribute = openSoap(url)({ operation: echo, body: { id: text, text: [] } });
    expect(await refusal(inAttribute)).toMatchObject({ code: 'invalid-record', issues: [{ path: 'echo.id' }] });
  }
  expect(requests).toHaveLength(0);
});

test('case 74: odd keys are refused, in a body and in a header block', async () => {
  const { url, requests } = await serveEcho();
  const keys = ['a b><evil/', 'x y', '1st', 'a>b', '', '-a', 'a:b:c', '<', 'a"'];
  for (const key of keys) {
    // A record from elsewhere may hold keys that its type does not.
    const body = { id: '', text: [], [key]: 'x' } as unknown as { id: string; text: string[] };
    expect((await refusal(openSoap(url)({ operation: echo, body }))).code, key).toBe('invalid-record');
    const soapHeader = { [`{urn:x}${key}`]: 'x' };
    const inHeader = openSoap(url)({ operation: echo, body: { id: '', text: [] }, soapHeader });
    expect((await refusal(inHeader)).code, key).toBe('invalid-definition');
    const define = () =>
      soapOperation({ name: 'echo', namespace, request: z.object({ [key]: z.string() }), answer: z.undefined() });
    expect(define).toThrow(/has a name that XML does not allow/);
  }
  expect(requests).toHaveLength(0);
});
