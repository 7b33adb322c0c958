import { connectorError, type DeletionPage, type ListedPage, type ListRequest } from '@mortise/runtime';
import { checkedId, idOfCursor } from '../internal-id.ts';
import type { RecordApi } from '../record-api.ts';
import type { RecordKind } from '../record-kind.ts';
import type { NetSuiteCall } from '../vendor.ts';
import { limits } from '../vendor-facts.ts';
import { listDeleted } from './deletions.ts';
import { type IdRange, type RangeAnswer, walkIdRanges } from './id-ranges.ts';
import { type Criteria, type KindOperations, kindOperations, searchTypeName } from './operations.ts';
import { searchPreferences } from './preferences.ts';
import { readBack } from './read-back.ts';
import { statusMeaning } from './status.ts';
import { removeRecord, updateRecord, upsertRecords } from './writes.ts';

/** A kind of record with its operations. */
export interface SoapRecords {
  readonly kind: RecordKind;
  readonly operations: KindOperations;
}

interface Search {
  readonly criteria: Criteria;
  readonly pageSize: number;
}

const search = async (
  call: NetSuiteCall,
  { kind, operations }: SoapRecords,
  { criteria, pageSize }: Search,
): Promise<RangeAnswer> => {
  const { searchType, hasLines = false } = kind.soap;
  const type = searchType === undefined ? undefined : { operator: 'anyOf', searchValue: [searchType] };
  const searchRecord = { is: searchTypeName(kind.soap.search), ...criteria, ...(type && { type }) };
  const { body } = await call.transports.soap.send({
    operation: operations.search,
    body: { searchRecord },
    soapHeader: searchPreferences({ pageSize, bodyOnly: !hasLines }),
  });
  const { totalRecords = 0, totalPages = 0, recordList } = body.searchResult;
  const records = recordList?.record ?? [];
  const { read = (record: unknown) => record } = kind;
  return { records: records.map((record) => read(record, call.settings)), totalRecords, totalPages };
};

const dateRange = ({ since, until }: ListRequest): Criteria['lastModifiedDate'] => {
  const [from, to] = [since?.toISOString(), until?.toISOString()];
  if (from !== undefined && to !== undefined) return { operator: 'within', searchValue: from, searchValue2: to };
  if (from !== undefined) return { operator: 'onOrAfter', searchValue: from };
  return to === undefined ? undefined : { operator: 'onOrBefore', searchValue: to };
};

const idRange = ({ from, to }: IdRange) =>
  to === undefined
    ? { operator: 'greaterThanOrEqualTo', searchValue: String(from) }
    : { operator: 'between', searchValue: String(from), searchValue2: String(to) };

/** Records changed in a window. What changes while it is read leaves the window, and moves no other record. */
const list = (call: NetSuiteCall, records: SoapRecords, request: ListRequest): AsyncGenerator<ListedPage> => {
  const asked = request.pageSize ?? limits.searchPage;
  const pageSize = Math.min(Math.max(limits.smallestSearchPage, asked), limits.searchPage);
  const lastModifiedDate = dateRange(request);
  return walkIdRanges({
    from: (idOfCursor(request.cursor) ?? 0n) + 1n,
    pageSize,
    search: (range) => {
      const criteria = { internalIdNumber: idRange(range), ...(lastModifiedDate && { lastModifiedDate }) };
      return search(call, records, { criteria, pageSize });
    },
  });
};

const get = async (call: NetSuiteCall, records: SoapRecords, id: string): Promise<unknown> => {
  const [found] = await readBack(call, records, [checkedId(id)]);
  if (found?.record !== undefined && found.record !== null) return found.record;
  const meaning = found === undefined ? undefined : statusMeaning(found.status);
  const { vendorCode, permissions } = meaning ?? {};
  throw connectorError(meaning?.code ?? 'not-found', 'NetSuite did not give the record', { vendorCode, permissions });
};

const find = async (
  call: NetSuiteCall,
  records: SoapRecords,
  { field, value }: { readonly field: string; readonly value: string },
): Promise<unknown> => {
  const criteria = criteriaOf(records.kind, { field, value });
  const found = await search(call, records, { criteria, pageSize: limits.smallestSearchPage });
  if (found.totalRecords > 1) throw connectorError('conflict', `more than one record has this '${field}'`);
  return found.records[0];
};

const criteriaOf = ({ unique }: RecordKind, { field, value }: { field: string; value: string }): Criteria => {
  if (field === 'internalId') return { internalIdNumber: { operator: 'equalTo', searchValue: checkedId(value) } };
  if (field === 'externalId') return { externalId: { operator: 'anyOf', searchValue: [{ externalId: value }] } };
  if (unique.includes(field)) return { [field]: { operator: 'is', searchValue: value } };
  const known = ['internalId', 'externalId', ...unique].map((name) => `'${name}'`).join(', ');
  throw connectorError('invalid-request', `records are found by ${known}, not by '${field}'`);
};

/** The operations of a kind of record over SOAP. */
export const soapRecords = (kind: RecordKind): RecordApi => {
  const records: SoapRecords = { kind, operations: kindOperations(kind) };
  return {
    list: (call, request) => list(call, records, request),
    get: (call, id) => get(call, records, id),
    find: (call, request) => find(call, records, request),
    deletions: (call, request): AsyncGenerator<DeletionPage> => listDeleted(call, kind, request),
    upsert: (call, written) => upsertRecords(call, records, written),
    update: (call, item) => updateRecord(call, records, item),
    remove: (call, id) => removeRecord(call, kind, id),
  };
};
