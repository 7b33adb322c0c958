// What the bench's SOAP service says: its WSDL and a page of 100 customers, as an ERP sends it.

/** Namespace of the service. */
export const namespace = 'urn:erp.example.com:customers';

const records = 100;

/** The fields of a customer: name and XSD type, in the order of the schema. */
const fields = [
  ['internalId', 'string'],
  ['externalId', 'string'],
  ['entityId', 'string'],
  ['companyName', 'string'],
  ['firstName', 'string'],
  ['lastName', 'string'],
  ['email', 'string'],
  ['phone', 'string'],
  ['street', 'string'],
  ['city', 'string'],
  ['postalCode', 'string'],
  ['country', 'string'],
  ['currency', 'string'],
  ['creditLimit', 'string'],
  ['balance', 'string'],
  ['orderCount', 'int'],
  ['isInactive', 'boolean'],
  ['dateCreated', 'string'],
  ['lastModified', 'string'],
  ['comments', 'string'],
] as const;

const fieldText = (name: string, number: number): string => {
  if (name === 'orderCount') return String(number);
  if (name === 'isInactive') return number % 2 === 0 ? 'false' : 'true';
  if (name === 'comments')
    return `Delivered &amp; paid, see file ${number} of the archive; calls on Mondays before noon only`;
  return `${name} of customer ${number}, unchanged`;
};

const customer = (number: number): string => {
  const inner = fields.map(([name]) => `<c:${name}>${fieldText(name, number)}</c:${name}>`);
  const addresses = [0, 1].map(
    (each) => `<c:address><c:label>${each}</c:label><c:line>Way ${number}</c:line></c:address>`,
  );
  return `<c:customer id="${number}">${inner.join('')}${addresses.join('')}</c:customer>`;
};

/** The answer to every request. */
export const page = (): string => {
  const customers = Array.from({ length: records }, (_, index) => customer(index)).join('');
  const body = `<c:getCustomersResponse xmlns:c="${namespace}">${customers}</c:getCustomersResponse>`;
  return `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
};

const element = (name: string, type: string, occurs = ''): string =>
  `<xs:element name="${name}" type="${type}"${occurs}/>`;
const sequence = (inner: string): string => `<xs:sequence>${inner}</xs:sequence>`;

const types = `<xs:schema targetNamespace="${namespace}" elementFormDefault="qualified" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:complexType name="Address">${sequence(element('label', 'xs:string') + element('line', 'xs:string'))}</xs:complexType>
<xs:complexType name="Customer">${sequence(
  fields.map(([name, type]) => element(name, `xs:${type}`)).join('') +
    element('address', 'tns:Address', ' minOccurs="0" maxOccurs="unbounded"'),
)}<xs:attribute name="id" type="xs:string"/></xs:complexType>
<xs:element name="getCustomers"><xs:complexType>${sequence(element('page', 'xs:int'))}</xs:complexType></xs:element>
<xs:element name="getCustomersResponse"><xs:complexType>${sequence(
  element('customer', 'tns:Customer', ' minOccurs="0" maxOccurs="unbounded"'),
)}</xs:complexType></xs:element>
</xs:schema>`;

/** The service as its WSDL describes it, at the given address. */
export const wsdl = (address: string): string => `<?xml version="1.0"?>
<wsdl:definitions name="Customers" targetNamespace="${namespace}" xmlns:tns="${namespace}" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">
<wsdl:types>${types}</wsdl:types>
<wsdl:message name="request"><wsdl:part name="parameters" element="tns:getCustomers"/></wsdl:message>
<wsdl:message name="answer"><wsdl:part name="parameters" element="tns:getCustomersResponse"/></wsdl:message>
<wsdl:portType name="Port"><wsdl:operation name="getCustomers"><wsdl:input message="tns:request"/><wsdl:output message="tns:answer"/></wsdl:operation></wsdl:portType>
<wsdl:binding name="Binding" type="tns:Port"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
<wsdl:operation name="getCustomers"><soap:operation soapAction="getCustomers"/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation></wsdl:binding>
<wsdl:service name="Customers"><wsdl:port name="Port" binding="tns:Binding"><soap:address location="${address}"/></wsdl:port></wsdl:service>
</wsdl:definitions>`;
