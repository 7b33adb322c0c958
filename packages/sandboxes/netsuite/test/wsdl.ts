/**
 * A description of the operations that the judge calls, written by hand from what captured messages look like: the
 * vendor's own schema is licensed and not contained.
 */

const version = '2025_2';
const uris = {
  messages: `urn:messages_${version}.platform.webservices.netsuite.com`,
  core: `urn:core_${version}.platform.webservices.netsuite.com`,
  common: `urn:common_${version}.platform.webservices.netsuite.com`,
  listRel: `urn:relationships_${version}.lists.webservices.netsuite.com`,
  listAcct: `urn:accounting_${version}.lists.webservices.netsuite.com`,
  tranSales: `urn:sales_${version}.transactions.webservices.netsuite.com`,
};

const declared = Object.entries(uris)
  .map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`)
  .join(' ');

/** An element line: `name:type`, with `*` behind for a list. */
function element(line: string): string {
  const [name, prefix, type] = line.replace('*', '').split(':');
  const named = type === undefined ? `xsd:${prefix}` : `${prefix}:${type}`;
  return `<xsd:element name="${name}" type="${named}" minOccurs="0"${line.endsWith('*') ? ' maxOccurs="unbounded"' : ''}/>`;
}

function type(name: string, lines: readonly string[], attributes: readonly string[] = []): string {
  const told = attributes.map((attribute) => `<xsd:attribute name="${attribute}" type="xsd:string"/>`).join('');
  return `<xsd:complexType name="${name}"><xsd:sequence>${lines.map(element).join('')}</xsd:sequence>${told}</xsd:complexType>`;
}

/** A record type: extends the abstract record of the core, as the vendor's do. */
function record(name: string, lines: readonly string[]): string {
  const keys = ['internalId', 'externalId'].map((key) => `<xsd:attribute name="${key}" type="xsd:string"/>`).join('');
  return `<xsd:complexType name="${name}"><xsd:complexContent><xsd:extension base="core:Record"><xsd:sequence>${lines
    .map(element)
    .join('')}</xsd:sequence>${keys}</xsd:extension></xsd:complexContent></xsd:complexType>`;
}

function schema(prefix: keyof typeof uris, content: readonly string[]): string {
  return `<xsd:schema targetNamespace="${uris[prefix]}" elementFormDefault="qualified">${content.join('')}</xsd:schema>`;
}

const element0 = (name: string, of: string): string => `<xsd:element name="${name}" type="${of}"/>`;

const core = schema('core', [
  '<xsd:complexType name="Record" abstract="true"><xsd:sequence/></xsd:complexType>',
  type('RecordRef', ['name:string'], ['internalId', 'externalId', 'type']),
  type('StatusDetail', ['code:string', 'message:string', 'afterSubmitFailed:boolean'], ['type']),
  type('Status', ['statusDetail:core:StatusDetail*'], ['isSuccess']),
  type('RecordList', ['record:core:Record*']),
  type('SearchResult', [
    'status:core:Status',
    'totalRecords:int',
    'pageSize:int',
    'totalPages:int',
    'pageIndex:int',
    'searchId:string',
    'recordList:core:RecordList',
  ]),
]);

const messages = schema('messages', [
  type('SearchResponse', ['searchResult:core:SearchResult']),
  type('WriteResponse', ['status:core:Status', 'baseRef:core:RecordRef']),
  type('WriteResponseList', ['status:core:Status', 'writeResponse:messages:WriteResponse*']),
  type('UpsertListResponse', ['writeResponseList:messages:WriteResponseList']),
  type('Any', []),
  ...['search', 'searchMoreWithId', 'upsertList'].map((name) => element0(name, 'messages:Any')),
  element0('searchResponse', 'messages:SearchResponse'),
  element0('searchMoreWithIdResponse', 'messages:SearchResponse'),
  element0('upsertListResponse', 'messages:UpsertListResponse'),
]);

const common = schema('common', [
  type('Address', ['country:string', 'addressee:string', 'addr1:string', 'city:string', 'zip:string']),
]);

const listRel = schema('listRel', [
  type('CustomerAddressbook', [
    'defaultShipping:boolean',
    'defaultBilling:boolean',
    'addressbookAddress:common:Address',
    'internalId:string',
  ]),
  type('CustomerAddressbookList', ['addressbook:listRel:CustomerAddressbook*']),
  record('Customer', [
    'entityId:string',
    'altName:string',
    'isPerson:boolean',
    'firstName:string',
    'lastName:string',
    'companyName:string',
    'phone:string',
    'email:string',
    'isInactive:boolean',
    'comments:string',
    'dateCreated:dateTime',
    'subsidiary:core:RecordRef',
    'currency:core:RecordRef',
    'lastModifiedDate:dateTime',
    'addressbookList:listRel:CustomerAddressbookList',
  ]),
]);

const listAcct = schema('listAcct', [
  type('Price', ['value:double', 'quantity:double']),
  type('PriceList', ['price:listAcct:Price*']),
  type('Pricing', ['currency:core:RecordRef', 'priceList:listAcct:PriceList']),
  type('PricingMatrix', ['pricing:listAcct:Pricing*']),
  record('InventoryItem', [
    'createdDate:dateTime',
    'lastModifiedDate:dateTime',
    'cost:double',
    'salesDescription:string',
    'upcCode:string',
    'itemId:string',
    'displayName:string',
    'isInactive:boolean',
    'isOnline:boolean',
    'pricingMatrix:listAcct:PricingMatrix',
  ]),
]);

const tranSales = schema('tranSales', [
  type('SalesOrderItem', [
    'item:core:RecordRef',
    'quantity:double',
    'description:string',
    'rate:string',
    'amount:double',
    'line:long',
  ]),
  type('SalesOrderItemList', ['item:tranSales:SalesOrderItem*']),
  record('SalesOrder', [
    'createdDate:dateTime',
    'entity:core:RecordRef',
    'currency:core:RecordRef',
    'tranDate:dateTime',
    'tranId:string',
    'orderStatus:string',
    'otherRefNum:string',
    'memo:string',
    'shippingCost:double',
    'subTotal:double',
    'total:double',
    'location:core:RecordRef',
    'status:string',
    'lastModifiedDate:dateTime',
    'itemList:tranSales:SalesOrderItemList',
  ]),
]);

const names = ['search', 'searchMoreWithId', 'upsertList'];
const message = (name: string): string =>
  `<message name="${name}"><part name="parameters" element="messages:${name}"/></message>`;
const operation = (name: string): string =>
  `<operation name="${name}"><input message="here:${name}"/><output message="here:${name}Response"/></operation>`;
const bound = (name: string): string =>
  `<operation name="${name}"><soap:operation soapAction="${name}"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>`;

/** The description, for a service at this address. */
export function wsdl(address: string): string {
  const here = `urn:platform_${version}.webservices.netsuite.com`;
  return `<?xml version="1.0"?><definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:here="${here}" targetNamespace="${here}" ${declared}><types>${core}${common}${messages}${listRel}${listAcct}${tranSales}</types>${names.map(message).join('')}${names.map((name) => message(`${name}Response`)).join('')}<portType name="Port">${names.map(operation).join('')}</portType><binding name="Binding" type="here:Port"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>${names.map(bound).join('')}</binding><service name="NetSuiteService"><port name="NetSuitePort" binding="here:Binding"><soap:address location="${address}"/></port></service></definitions>`;
}
