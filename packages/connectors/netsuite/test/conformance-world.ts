import {
  type Fault,
  type NetSuiteSandbox,
  type RecordType,
  setStock,
  soapFaultRule,
  startNetSuiteSandbox,
} from '@mortise/sandbox-netsuite';
import { type Dialect, type ResourceWorld, virtualClock, type WireReply, type World } from '@mortise/testing';
import { lagMs, namespaces } from '../src/vendor-facts.ts';
import { formats, partOf } from './conformance-format.ts';
import { type Api, noon } from './connection.ts';
import { privateKey, publicKey } from './keys.ts';

interface Stored {
  readonly type: RecordType;
  /** What people know the record by. */
  readonly name: string;
  readonly fields: object;
  readonly at: number;
}

/** Puts a record behind the connector's back, as another user's work would. Answers its id. */
const putRecord = ({ database, state }: NetSuiteSandbox, { type, name, fields, at }: Stored): string => {
  const id = state.nextId();
  const values = JSON.stringify(fields);
  database.statement('INSERT INTO records VALUES (?, ?, NULL, ?, ?, ?, ?)').run(type, BigInt(id), name, values, at, at);
  return id;
};

const idsOf = ({ database }: NetSuiteSandbox, type: RecordType): readonly string[] =>
  database
    .statement('SELECT CAST(id AS TEXT) AS id FROM records WHERE type = ? ORDER BY records.id')
    .all(type)
    .map(({ id }) => String(id));

/** What the suite can do with every kind of record. */
const hands = (sandbox: NetSuiteSandbox, type: RecordType, put: (at: number) => string): ResourceWorld => {
  const { database, state } = sandbox;
  return {
    ids: async () => idsOf(sandbox, type),
    put: async (count, { at = state.clock.now() } = {}) => Array.from({ length: count }, () => put(at)),
    touch: async (id, at) => {
      const sql = 'UPDATE records SET modified_at = ? WHERE type = ? AND id = ?';
      database.statement(sql).run(at, type, BigInt(id));
    },
    delete: async (id) => {
      database
        .statement(`INSERT INTO deleted_records (type, id, external_id, name, deleted_at)
          SELECT type, id, external_id, name, ? FROM records WHERE type = ? AND id = ?`)
        .run(state.clock.now(), type, BigInt(id));
      database.statement('DELETE FROM records WHERE type = ? AND id = ?').run(type, BigInt(id));
    },
    lagMs,
    granularityMs: state.settings.stampPrecisionMs,
  };
};

const tooLong = 'x'.repeat(100);

/** Numbers that differ between all records of a sandbox. */
const counter = () => {
  let made = 0;
  return () => {
    made += 1;
    return String(made).padStart(5, '0');
  };
};

const itemPutter =
  (sandbox: NetSuiteSandbox, next = counter()) =>
  (at: number): string => {
    const sku = `PUT-${next()}`;
    const fields = { itemId: sku, displayName: `Lamp ${sku}`, isInactive: 'false', isOnline: 'false' };
    return putRecord(sandbox, { type: 'inventoryItem', name: sku, fields, at });
  };

const items = (sandbox: NetSuiteSandbox): ResourceWorld => {
  const sample = (index: number, name = `Lamp ${index}`) => {
    const sku = `SKU-${index}-end`;
    return { itemId: sku, externalId: sku, displayName: name, salesDescription: 'plain', isInactive: 'false' };
  };
  return {
    ...hands(sandbox, 'inventoryItem', itemPutter(sandbox)),
    sample: (index) => sample(index),
    refused: (index) => sample(index, tooLong),
    change: () => ({ displayName: 'Changed', salesDescription: 'changed too' }),
  };
};

const customerPutter =
  (sandbox: NetSuiteSandbox, next = counter()) =>
  (at: number): string => {
    const number = `C-${next()}`;
    const person = {
      isPerson: 'true',
      firstName: 'Zoë',
      lastName: 'Müller',
      altName: 'Zoë Müller',
      isInactive: 'false',
    };
    const fields = { entityId: number, ...person, email: `${number}@example.test`.toLowerCase(), phone: '+49 30 1' };
    return putRecord(sandbox, { type: 'customer', name: number, fields, at });
  };

const customers = (sandbox: NetSuiteSandbox): ResourceWorld => {
  const sample = (index: number, lastName = 'Schröder') => {
    const email = `person${index}@example.test`;
    return { email, externalId: email, firstName: 'Zoë', lastName, phone: '+49 30 901820', companyName: '' };
  };
  return {
    ...hands(sandbox, 'customer', customerPutter(sandbox)),
    sample: (index) => sample(index),
    refused: (index) => sample(index, tooLong),
    change: () => ({ phone: '+49 30 1234567' }),
  };
};

/** The item and the customer of every order. */
const orderParts = (sandbox: NetSuiteSandbox) => {
  let parts: { readonly item: string; readonly customer: string } | undefined;
  return () => {
    parts ??= { item: itemPutter(sandbox)(noon), customer: customerPutter(sandbox)(noon) };
    return parts;
  };
};

const currencyCode = 'EUR';

const salesOrders = (sandbox: NetSuiteSandbox): ResourceWorld => {
  const [partsOf, next] = [orderParts(sandbox), counter()];
  const put = (at: number): string => {
    const { item, customer } = partsOf();
    const name = `PUT-${next()}`;
    const row = { item: { reference: { id: item, name: 'PUT-00001' } }, quantity: '2', rate: '1.50', amount: '3.00' };
    const fields = {
      entity: { reference: { id: customer, name: 'C-00001' } },
      currency: { reference: { id: '4', name: 'Euro' } },
      tranId: name,
      orderStatus: '_pendingFulfillment',
      total: '3.00',
      itemList: { rows: [{ ...row, description: 'Lamp', line: '1' }] },
    };
    return putRecord(sandbox, { type: 'salesOrder', name, fields, at });
  };
  const sample = (index: number, internalId = partsOf().customer) => {
    const line = {
      item: { internalId: partsOf().item },
      quantity: '2',
      description: 'Lamp',
      rate: '19.99',
      currencyCode,
    };
    return { externalId: `ORDER-${index}-end`, entity: { internalId }, itemList: { item: [line] } };
  };
  return {
    ...hands(sandbox, 'salesOrder', put),
    sample: (index) => sample(index),
    refused: (index) => sample(index, '4711'),
    change: () => ({ externalId: 'ORDER-changed' }),
  };
};

/** Stock has no records of its own at NetSuite: an item, and what lies of it at a location. */
const stockLevels = (sandbox: NetSuiteSandbox): ResourceWorld => {
  const putItem = itemPutter(sandbox);
  const { database } = sandbox;
  const put = (at: number): string => {
    const [itemId, locationId] = [putItem(at), '1'];
    setStock(sandbox.state, { item: { id: itemId }, location: { id: locationId }, onHand: 7, committed: 2 });
    return `${itemId}/${locationId}`;
  };
  return {
    ids: async () => {
      const sql = "SELECT CAST(item AS TEXT) || '/' || CAST(location AS TEXT) AS id FROM stock";
      return database
        .statement(sql)
        .all()
        .map(({ id }) => String(id));
    },
    put: async (count, { at = sandbox.state.clock.now() } = {}) => Array.from({ length: count }, () => put(at)),
    delete: async (id) => {
      const [item = '', location = ''] = id.split('/');
      database.statement('DELETE FROM stock WHERE item = ? AND location = ?').run(BigInt(item), BigInt(location));
    },
    lagMs,
  };
};

const faultReply = (fault: Fault['fault'], code: string): WireReply => {
  const { status = 500, headers = {}, body } = soapFaultRule({ fault, code, message: code });
  return { status, headers, body };
};

const restReply = (status: number, code: string): WireReply => ({
  status,
  body: { status, title: code, 'o:errorDetails': [{ detail: code, 'o:errorCode': code }] },
});

const tokenPath = '/services/rest/auth/oauth2/v1/token';

/** A range of ids without a record, or items without stock: more may lie behind. SuiteQL has no such answer. */
const emptyRange = (body: unknown): unknown => {
  const search = partOf(body, 'searchResult');
  if (search !== undefined) Object.assign(search, { totalRecords: 0, totalPages: 0, recordList: '' });
  const stock = partOf(body, 'getItemAvailabilityResult');
  if (stock !== undefined) stock.itemAvailabilityList = '';
  return body;
};

/** A search that NetSuite no longer keeps, as its failed status says it. */
const searchGone = (): WireReply => ({
  status: 200,
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  body:
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>' +
    `<m:searchResponse xmlns:m="${namespaces.messages}" xmlns:c="${namespaces.core}"><c:searchResult>` +
    '<c:status isSuccess="false"><c:statusDetail type="ERROR"><c:code>INVALID_JOB_ID</c:code>' +
    '<c:message>refused</c:message></c:statusDetail></c:status>' +
    '</c:searchResult></m:searchResponse></e:Body></e:Envelope>',
});

/** NetSuite names no wait with a refusal: what is refused is asked again after the connector's own back-off. */
const dialects: Readonly<Record<Api, Dialect>> = {
  soap: {
    format: formats.soap,
    throttled: () => faultReply('exceededConcurrentRequestLimit', 'WS_REQUEST_BLOCKED'),
    throttledMs: 0,
    unauthenticated: () => faultReply('invalidCredentials', 'USER_ERROR'),
    forbidden: () => faultReply('insufficientPermission', 'INSUFFICIENT_PERMISSION'),
    refusing: (said) => faultReply('exceededRequestSize', said),
    emptyPage: emptyRange,
    pageExpired: searchGone,
  },
  rest: {
    format: formats.rest,
    throttled: () => restReply(429, 'CONCURRENCY_LIMIT_EXCEEDED'),
    throttledMs: 0,
    unauthenticated: () => restReply(401, 'INVALID_LOGIN'),
    forbidden: () => restReply(403, 'INSUFFICIENT_PERMISSION'),
    refusing: (said) => restReply(400, said),
    isTokenRequest: ({ path }) => path === tokenPath,
  },
};

const credentials: Readonly<Record<Api, object>> = {
  soap: {
    tokens: {
      consumerKey: 'sandbox-consumer-key',
      consumerSecret: 'sandbox-consumer-secret',
      tokenId: 'sandbox-token',
      tokenSecret: 'sandbox-token-secret',
    },
  },
  rest: { certificate: { clientId: 'sandbox-client', certificateId: 'sandbox-certificate', privateKey } },
};

/** The stand-in, asked over one of the two transports. */
export const worldOf = (api: Api): World => ({
  name: `NetSuite sandbox over ${api === 'soap' ? 'SOAP' : 'REST'}`,
  kind: 'sandbox',
  start: async () => {
    const clock = virtualClock(noon);
    // Searches and SuiteQL lag as long as is declared: writes must be answered, and records read, by what does not.
    const settings = { oauth: { publicKey }, searchLagMs: lagMs };
    const sandbox = await startNetSuiteSandbox({ clock, settings });
    return {
      url: sandbox.url,
      settings: (baseUrl) => ({ account: '123456_SB1', api, baseUrl, currencies: { 4: currencyCode } }),
      credentials: credentials[api],
      clock,
      resources: {
        items: items(sandbox),
        customers: customers(sandbox),
        salesOrders: salesOrders(sandbox),
        stockLevels: stockLevels(sandbox),
      },
      stop: () => sandbox.close(),
    };
  },
  dialect: dialects[api],
});
