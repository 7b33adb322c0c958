import { recordKinds } from '../records/fields.ts';
import type { NetSuiteSettings } from '../settings.ts';
import type { FieldValue, RecordType, StoredRecord } from '../types.ts';
import { node, withAttributes, type XmlNode } from '../xml/write.ts';
import { withStamps } from './record-xml.ts';
import { soapStamp } from './stamps.ts';

const rowTypes: Readonly<Record<RecordType, { type: string; prefix: string }>> = {
  customer: { type: 'listRel:CustomerSearchRow', prefix: 'listRel' },
  inventoryItem: { type: 'listAcct:ItemSearchRow', prefix: 'listAcct' },
  salesOrder: { type: 'tranSales:TransactionSearchRow', prefix: 'tranSales' },
};

function keyXml(column: string, record: StoredRecord): XmlNode | undefined {
  const key = column === 'internalId' ? record.id : column === 'externalId' ? record.externalId : undefined;
  if (key === undefined || key === null) return undefined;
  return withAttributes(node('platformCore:searchValue'), { internalId: key });
}

function valueXml(value: FieldValue, offsetHours: number | undefined): XmlNode | undefined {
  if (typeof value === 'string')
    return node(
      'platformCore:searchValue',
      offsetHours === undefined ? value : soapStamp(Date.parse(value), offsetHours),
    );
  if (!('reference' in value)) return undefined;
  return withAttributes(node('platformCore:searchValue'), { internalId: value.reference.id });
}

function columnXml(column: string, record: StoredRecord, { soapOffsetHours }: NetSuiteSettings): XmlNode[] {
  const field = recordKinds[record.type].fields.find(({ name }) => name === column);
  const value = withStamps(record)[column];
  const stamped = field?.kind === 'dateTime' ? soapOffsetHours : undefined;
  const written = value === undefined ? keyXml(column, record) : valueXml(value, stamped);
  return written === undefined ? [] : [node(`platformCommon:${column}`, written)];
}

/** A record as a row of an advanced search with columns: only what was asked for, each value in `searchValue`. */
export function rowXml(record: StoredRecord, columns: readonly string[], settings: NetSuiteSettings): XmlNode {
  const { type, prefix } = rowTypes[record.type];
  const basic = node(`${prefix}:basic`, ...columns.flatMap((column) => columnXml(column, record, settings)));
  return withAttributes(node('platformCore:searchRow', basic), { 'xsi:type': type });
}
