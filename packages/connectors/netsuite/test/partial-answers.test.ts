import { describe, expect, test } from 'vitest';
import { namespaces } from '../src/vendor-facts.ts';
import { apis, connect, drive, errorOf, pagesOf, recordsOf } from './connection.ts';

const seed = { number: 1, customers: 2, items: 3, orders: 1, deleted: 0 };
const product = { sku: 'A', name: 'Lamp', description: null, active: true };
const soapPath = '/services/NetSuitePort_2025_2';
const recordPath = '/services/rest/record/v1/inventoryItem';
const queryPath = '/services/rest/query/v1/suiteql';

const success = '<c:status isSuccess="true"/>';
const refusal =
  '<c:status isSuccess="false"><c:statusDetail type="ERROR"><c:code>WS_REQUEST_BLOCKED</c:code>' +
  '<c:message>secret 4711</c:message></c:statusDetail></c:status>';

/** An answer of NetSuite's over SOAP, in the vendor's place. */
const soapAnswer = (operation: string, content: string) => ({
  kind: 'status' as const,
  status: 200,
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  body:
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>' +
    `<m:${operation}Response xmlns:m="${namespaces.messages}" xmlns:c="${namespaces.core}">${content}` +
    `</m:${operation}Response></e:Body></e:Envelope>`,
});

const searchAnswer = (content: string) => soapAnswer('search', `<c:searchResult>${success}${content}</c:searchResult>`);

const restAnswer = (items: readonly object[]) => ({
  kind: 'status' as const,
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: { count: items.length, hasMore: false, items },
  match: { path: queryPath },
});

describe('over SOAP', () => {
  test('a search that does not say how much there is, is no empty list', async () => {
    const { erp, clock, sandbox } = await connect({ seed });
    sandbox.inject({ ...searchAnswer('<c:totalPages>0</c:totalPages>'), count: 'always' });
    expect(await drive(clock, errorOf(recordsOf(erp.items.list())))).toMatchObject({ code: 'unexpected-content' });
    sandbox.clearFaults();
    sandbox.inject(searchAnswer('<c:totalRecords>0</c:totalRecords>'));
    expect(await drive(clock, errorOf(recordsOf(erp.items.list())))).toMatchObject({ code: 'unexpected-content' });
    sandbox.inject(searchAnswer('<c:totalRecords>0</c:totalRecords><c:totalPages>0</c:totalPages>'));
    expect(await drive(clock, recordsOf(erp.items.list()))).toEqual([]);
  });

  test('deletions that are not counted are not taken for none', async () => {
    const { erp, clock, sandbox } = await connect({ seed });
    sandbox.inject(soapAnswer('getDeleted', `<c:getDeletedResult>${success}</c:getDeletedResult>`));
    const error = await drive(clock, errorOf(pagesOf(erp.items.deletions({ since: new Date(0) }))));
    expect(error).toMatchObject({ code: 'unexpected-content' });
  });

  test('a record that is counted and not given is not taken for absent', async () => {
    const { erp, clock, sandbox } = await connect({ seed });
    sandbox.inject(searchAnswer('<c:totalRecords>1</c:totalRecords><c:totalPages>1</c:totalPages>'));
    const error = await drive(clock, errorOf(erp.items.find({ field: 'itemId', value: '000001' })));
    expect(error).toMatchObject({ code: 'truncated' });
  });

  test('a deleted record without its id is not left out in silence', async () => {
    const { erp, clock, sandbox } = await connect({ seed });
    const gone = '<c:deletedRecord><c:record type="inventoryItem"><c:name>Lamp</c:name></c:record></c:deletedRecord>';
    const counted = '<c:totalRecords>1</c:totalRecords><c:totalPages>1</c:totalPages><c:pageIndex>1</c:pageIndex>';
    const list = `<c:deletedRecordList>${gone}</c:deletedRecordList>`;
    sandbox.inject(soapAnswer('getDeleted', `<c:getDeletedResult>${success}${counted}${list}</c:getDeletedResult>`));
    const error = await drive(clock, errorOf(pagesOf(erp.items.deletions({ since: new Date(0) }))));
    expect(error).toMatchObject({ code: 'unexpected-content' });
  });

  test('a batch that is refused whole is refused for the reason that NetSuite gives, and sent again', async () => {
    const { erp, clock, sandbox, events } = await connect({ seed });
    sandbox.inject(soapAnswer('upsertList', `<m:writeResponseList>${refusal}</m:writeResponseList>`));
    const [outcome] = await drive(clock, erp.items.model.upsert([product]));
    expect(outcome).toMatchObject({ ok: true, record: { sku: 'A' } });
    const failed = events.flatMap((event) => (event.type === 'attempt-failed' ? [event] : []));
    expect(failed).toMatchObject([{ code: 'rate-limited' }]);
    expect(sandbox.writes().map(({ key }) => key)).toEqual(['A']);
  });

  test('a change, a removal and a reading that are refused whole say why', async () => {
    const { erp, clock, sandbox } = await connect({ seed });
    const [first] = await recordsOf(erp.items.list());
    const id = first?.internalId ?? '';
    const denied = refusal.replace('WS_REQUEST_BLOCKED', 'INSUFFICIENT_PERMISSION');
    const refused = async (operation: string, list: string, call: () => Promise<unknown>) => {
      sandbox.inject(soapAnswer(operation, `<m:${list}>${denied}</m:${list}>`));
      return drive(clock, errorOf(call()));
    };
    const errors = [
      await refused('updateList', 'writeResponseList', () => erp.items.model.update(id, { name: 'x' })),
      await refused('deleteList', 'writeResponseList', () => erp.items.remove(id)),
      await refused('getList', 'readResponseList', () => erp.items.get(id)),
    ];
    expect(errors.map(({ code }) => code)).toEqual(['forbidden', 'forbidden', 'forbidden']);
    expect(errors.map(({ message }) => message).join()).not.toContain('4711');
    expect(sandbox.writes()).toEqual([]);
  });

  test('a stock level whose item cannot be read is told, and the others are given', async () => {
    const { erp, clock, sandbox } = await connect({ seed });
    const location = '<c:locationId internalId="1"><c:name>Main</c:name></c:locationId>';
    const rows = [
      `<c:itemAvailability><c:item internalId="5"/>${location}</c:itemAvailability>`,
      `<c:itemAvailability><c:item><c:name>Lamp</c:name></c:item>${location}</c:itemAvailability>`,
      '<c:itemAvailability><c:item internalId="5"/></c:itemAvailability>',
    ].join('');
    const list = `<c:itemAvailabilityList>${rows}</c:itemAvailabilityList>`;
    const content = `<c:getItemAvailabilityResult>${success}${list}</c:getItemAvailabilityResult>`;
    sandbox.inject({ ...soapAnswer('getItemAvailability', content), nth: 2 });
    const [page] = await drive(clock, pagesOf(erp.stockLevels.list()));
    expect(page?.records.map(({ id }) => id)).toEqual(['5/1']);
    expect(page?.rejected).toHaveLength(1);
  });
});

describe('over REST', () => {
  test('a value that is none of its column is not taken for an empty one', async () => {
    const { erp, clock, sandbox } = await connect({ api: 'rest', seed });
    const stamps = { datecreated: '2026-01-01T00:00:00Z', lastmodifieddate: '2026-01-01T00:00:00Z' };
    const rows = [
      { links: [], id: '7', phone: '1', ...stamps },
      { links: [], id: '8', phone: { text: '1' }, ...stamps },
    ];
    sandbox.inject(restAnswer(rows));
    const [page] = await drive(clock, pagesOf(erp.customers.list()));
    expect(page?.records).toMatchObject([{ internalId: '7', phone: '1' }]);
    expect(page?.rejected).toHaveLength(1);
  });

  test('a switch that is neither on nor off is not taken for off', async () => {
    const { erp, clock, sandbox } = await connect({ api: 'rest', seed });
    const stamps = { createddate: '2026-01-01T00:00:00Z', lastmodifieddate: '2026-01-01T00:00:00Z' };
    const row = (id: string, isinactive: string) => ({ links: [], id, itemid: id, isinactive, ...stamps });
    sandbox.inject(restAnswer([row('7', 'T'), row('8', 'F'), row('9', 'maybe')]));
    const [page] = await drive(clock, pagesOf(erp.items.model.list()));
    expect(page?.records).toMatchObject([
      { id: '7', active: false },
      { id: '8', active: true },
    ]);
    expect(page?.rejected).toHaveLength(1);
  });

  test('a deleted record without its id is not left out in silence', async () => {
    const { erp, clock, sandbox } = await connect({ api: 'rest', seed });
    sandbox.inject(restAnswer([{ links: [] }]));
    const error = await drive(clock, errorOf(pagesOf(erp.items.deletions({ since: new Date(0) }))));
    expect(error).toMatchObject({ code: 'unexpected-content' });
  });

  test('a line that names no order is not left out of it in silence', async () => {
    const { erp, clock, sandbox } = await connect({ api: 'rest', seed });
    sandbox.inject({ ...restAnswer([{ links: [], item: '5', quantity: '-1' }]), nth: 2 });
    const error = await drive(clock, errorOf(recordsOf(erp.salesOrders.list())));
    expect(error).toMatchObject({ code: 'unexpected-content' });
  });

  test('stock that lies nowhere is not asked for: a page must end in a level', async () => {
    const bodies: string[] = [];
    const { erp } = await connect({ api: 'rest', seed, bodies });
    const pages = await pagesOf(erp.stockLevels.list({ pageSize: 2 }));
    const queries = bodies.filter((body) => body.includes('aggregateitemlocation'));
    expect(queries).toHaveLength(pages.length);
    expect(queries.every((body) => body.includes('WHERE location IS NOT NULL'))).toBe(true);
    expect(queries[1]).toMatch(/location IS NOT NULL AND \(item > \d+ OR/);
  });
});

/** The requests that read back what was changed. */
const readBack = {
  soap: { match: { path: soapPath }, nth: 2 },
  rest: { match: { method: 'GET', path: `${recordPath}/*` } },
};

test.each(apis)(
  'over %s a change that could not be read back is not told as refused: it is at the vendor',
  async (api) => {
    const { erp, clock, sandbox } = await connect({ api, seed });
    const [first] = await recordsOf(erp.items.list());
    const id = first?.internalId ?? '';
    sandbox.inject({ kind: 'status', status: 500, ...readBack[api], count: 'always' });
    const error = await drive(clock, errorOf(erp.items.model.update(id, { name: 'Renamed' })));
    expect(error).toMatchObject({ code: 'unknown-outcome' });
    sandbox.clearFaults();
    expect(await drive(clock, erp.items.model.get(id))).toMatchObject({ name: 'Renamed' });
    expect(sandbox.writes({ kind: 'update' })).toHaveLength(1);
  },
);
