import { connectorError, type FindRequest } from '@mortise/runtime';
import { checkedId } from '../internal-id.ts';
import type { RecordApi } from '../record-api.ts';
import type { RecordKind } from '../record-kind.ts';
import type { NetSuiteCall } from '../vendor.ts';
import { listDeleted } from './deletions.ts';
import { readRecord } from './record-read.ts';
import { listRecords, selectRecords } from './rows.ts';
import { quoted } from './suite-ql.ts';
import { removeRecord, updateRecord, upsertRecords } from './writes.ts';

const find = async (call: NetSuiteCall, kind: RecordKind, { field, value }: FindRequest): Promise<unknown> => {
  const { records } = await selectRecords(call, kind, { where: [conditionOf(kind, { field, value })], limit: 2 });
  if (records.length > 1) throw connectorError('conflict', `more than one record has this '${field}'`);
  return records[0];
};

const conditionOf = ({ unique, rest: { columns } }: RecordKind, { field, value }: FindRequest): string => {
  if (field === 'internalId') return `id = ${checkedId(value)}`;
  if (field === 'externalId') return `externalid = ${quoted(value)}`;
  const column = unique.includes(field) ? columns[field] : undefined;
  // As SOAP's searches do, which know no case.
  if (column !== undefined) return `LOWER(${column}) = ${quoted(value.toLowerCase())}`;
  const known = ['internalId', 'externalId', ...unique].map((name) => `'${name}'`).join(', ');
  throw connectorError('invalid-request', `records are found by ${known}, not by '${field}'`);
};

/** The operations of a kind of record over REST and SuiteQL. */
export const restRecords = (kind: RecordKind): RecordApi => ({
  list: (call, request) => listRecords(call, kind, request),
  get: async (call, id) => readRecord(call, kind, { key: checkedId(id) }),
  find: (call, request) => find(call, kind, request),
  deletions: (call, request) => listDeleted(call, kind, request),
  upsert: (call, written) => upsertRecords(call, { kind, given: written }),
  update: (call, item) => updateRecord(call, kind, item),
  remove: (call, id) => removeRecord(call, kind, { id }),
});
