import { z } from 'zod';
import { attribute, soapOperation } from '../../src/protocols/soap/index.ts';

/** Namespace of the service that the `soap` package and we both speak. */
export const serviceNamespace = 'urn:shop.example.com';

const element = (name: string, type: string, rest = ''): string => `<xs:element name="${name}" type="${type}"${rest}/>`;
const sequence = (...inner: string[]): string => `<xs:sequence>${inner.join('')}</xs:sequence>`;
const many = ' minOccurs="0" maxOccurs="unbounded"';

const item = `<xs:complexType name="Item">${sequence(
  element('sku', 'xs:string'),
  element('price', 'xs:string'),
  element('count', 'xs:int'),
  element('active', 'xs:boolean'),
  element('note', 'xs:string', ' minOccurs="0" nillable="true"'),
  element('tag', 'xs:string', many),
)}<xs:attribute name="id" type="xs:string"/></xs:complexType>`;

const wrapper = (name: string, ...inner: string[]): string =>
  `<xs:element name="${name}"><xs:complexType>${sequence(...inner)}</xs:complexType></xs:element>`;

const documentTypes =
  item +
  wrapper('putItems', element('place', 'xs:string'), element('item', 'tns:Item', many)) +
  wrapper('putItemsResponse', element('place', 'xs:string'), element('item', 'tns:Item', many));

const messages = {
  document: '<wsdl:part name="parameters" element="tns:putItems"/>',
  documentAnswer: '<wsdl:part name="parameters" element="tns:putItemsResponse"/>',
  rpc: '<wsdl:part name="place" type="xs:string"/><wsdl:part name="item" type="tns:Item"/>',
};

/** The service as its WSDL describes it. */
export const serviceWsdl = (style: 'document' | 'rpc', address: string): string => {
  const answer = style === 'rpc' ? messages.rpc : messages.documentAnswer;
  const body = `<soap:body use="literal"${style === 'rpc' ? ` namespace="${serviceNamespace}"` : ''}/>`;
  return `<?xml version="1.0"?>
<wsdl:definitions name="Shop" targetNamespace="${serviceNamespace}" xmlns:tns="${serviceNamespace}" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">
<wsdl:types><xs:schema targetNamespace="${serviceNamespace}" elementFormDefault="${style === 'rpc' ? 'unqualified' : 'qualified'}">${style === 'rpc' ? item : documentTypes}</xs:schema></wsdl:types>
<wsdl:message name="putItems">${messages[style]}</wsdl:message><wsdl:message name="putItemsResponse">${answer}</wsdl:message>
<wsdl:portType name="ShopType"><wsdl:operation name="putItems"><wsdl:input message="tns:putItems"/><wsdl:output message="tns:putItemsResponse"/></wsdl:operation></wsdl:portType>
<wsdl:binding name="ShopBinding" type="tns:ShopType"><soap:binding style="${style}" transport="http://schemas.xmlsoap.org/soap/http"/>
<wsdl:operation name="putItems"><soap:operation soapAction="${serviceNamespace}/putItems"/><wsdl:input>${body}</wsdl:input><wsdl:output>${body}</wsdl:output></wsdl:operation></wsdl:binding>
<wsdl:service name="Shop"><wsdl:port name="ShopPort" binding="tns:ShopBinding"><soap:address location="${address}"/></wsdl:port></wsdl:service>
</wsdl:definitions>`;
};

const Item = z.object({
  id: attribute(z.string()),
  ...{ sku: z.string(), price: z.string(), count: z.string(), active: z.string() },
  note: z.string().nullish(),
  tag: z.array(z.string()),
});

const bodies = {
  document: z.object({ place: z.string(), item: z.array(Item) }),
  rpc: z.object({ place: z.string(), item: Item }),
};

const facts = { namespace: serviceNamespace, action: `${serviceNamespace}/putItems`, effect: 'idempotent' } as const;

/** The operation as a client sends it, for each style. */
export const putItems = {
  document: soapOperation({ ...facts, name: 'putItems', request: bodies.document, answer: bodies.document }),
  rpc: soapOperation({ ...facts, name: 'putItems', style: 'rpc', request: bodies.rpc, answer: bodies.rpc }),
};

const served = { ...facts, name: 'putItemsResponse', answerName: 'putItems' } as const;

/** The same operation from the server's end: it reads what a client writes, and writes what a client reads. */
export const servedPutItems = {
  document: soapOperation({ ...served, request: bodies.document, answer: bodies.document }),
  rpc: soapOperation({ ...served, style: 'rpc', request: bodies.rpc, answer: bodies.rpc }),
};

/** An item with everything that is easily damaged. */
export const awkwardItem = {
  ...{ id: 'a&"1', sku: '00123', price: '0.10', count: '7', active: 'true', note: null },
  tag: ['<b> & ]]> --> "q"', 'ünïcode 𝄞'],
};
