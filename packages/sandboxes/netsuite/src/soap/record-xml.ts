import type { Field, RecordKind } from '../records/fields.ts';
import { recordKinds } from '../records/fields.ts';
import type { NetSuiteSettings } from '../settings.ts';
import type { FieldRow, FieldValue, StoredRecord } from '../types.ts';
import { node, withAttributes, type XmlNode } from '../xml/write.ts';
import type { NamespacePrefix } from './namespaces.ts';
import { soapStamp } from './stamps.ts';

/** How records are written: without sublists when the caller asked for body fields only. */
export type WriteOptions = { settings: NetSuiteSettings; bodyFieldsOnly: boolean };

type Place = WriteOptions & { prefix: NamespacePrefix };

function valueXml(field: Field, value: FieldValue, place: Place): XmlNode | undefined {
  const name = `${place.prefix}:${field.name}`;
  if (typeof value === 'string') {
    const text = field.kind === 'dateTime' ? soapStamp(Date.parse(value), place.settings.soapOffsetHours) : value;
    return node(name, text);
  }
  if ('reference' in value) {
    const { id, name: label } = value.reference;
    return withAttributes(node(name, label !== undefined && node('platformCore:name', label)), { internalId: id });
  }
  if ('group' in value && field.kind === 'group')
    return node(name, ...rowXml(field.fields, value.group, { ...place, prefix: field.prefix }));
  if (!('rows' in value) || field.kind !== 'rows' || place.bodyFieldsOnly) return undefined;
  const rows = value.rows.map((row) => node(`${place.prefix}:${field.row}`, ...rowXml(field.fields, row, place)));
  return node(name, ...rows);
}

function rowXml(fields: readonly Field[], row: FieldRow, place: Place): XmlNode[] {
  return fields.flatMap((field) => {
    const value = row[field.name];
    const written = value === undefined ? undefined : valueXml(field, value, place);
    return written === undefined ? [] : [written];
  });
}

/** A record's fields with the two stamps that the vendor keeps. */
export function withStamps(record: StoredRecord): FieldRow {
  const { createdField } = recordKinds[record.type];
  return {
    ...record.fields,
    [createdField]: new Date(record.createdAt).toISOString(),
    lastModifiedDate: new Date(record.modifiedAt).toISOString(),
  };
}

/** The `xsi:type` of a record type. */
export function soapType({ prefix, soap }: RecordKind): string {
  return `${prefix}:${soap}`;
}

/** A record as an element of this name. */
export function recordXml(name: string, record: StoredRecord, options: WriteOptions): XmlNode {
  const kind = recordKinds[record.type];
  const content = rowXml(kind.fields, withStamps(record), { ...options, prefix: kind.prefix });
  return withAttributes(node(name, ...content), {
    internalId: record.id,
    externalId: record.externalId ?? undefined,
    'xsi:type': soapType(kind),
  });
}

/** A reference to a record as an element of this name. */
export function referenceXml(
  name: string,
  { type, id, externalId }: Omit<StoredRecord, 'fields' | 'createdAt' | 'modifiedAt'>,
): XmlNode {
  return withAttributes(node(name), {
    internalId: id,
    externalId: externalId ?? undefined,
    type,
    'xsi:type': 'platformCore:RecordRef',
  });
}
