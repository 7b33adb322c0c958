import { isRecord } from '@mortise/testing';
import { RecordFailure } from '../records/failure.ts';
import { type Field, recordKinds } from '../records/fields.ts';
import type { Draft } from '../records/save.ts';
import { findRecord } from '../records/table.ts';
import { withStamps } from '../soap/record-xml.ts';
import type { Context, FieldRow, FieldValue, RecordType, StoredRecord } from '../types.ts';
import { invalid } from './failure.ts';

/** Path of the record service. */
export const recordPath = '/services/rest/record/v1';

/** Where links lead, and whether sublists are told or only linked. */
export type JsonOptions = { origin: string; expand: boolean };

const nameOfField = (field: Field): string => (field.kind === 'rows' ? field.rest : (field.rest ?? field.name));

/** Seconds in UTC, as the REST service writes a time; SOAP's offset is not its affair. */
const restStamp = (iso: string): string => iso.replace(/\.\d+Z$/, 'Z');

function textJson(field: Field, value: string): unknown {
  if (field.kind === 'boolean') return value === 'true';
  if (field.kind === 'decimal' || field.kind === 'integer') return Number(value);
  if (field.name === 'tranDate') return value.slice(0, 10);
  if (field.kind === 'dateTime') return restStamp(value);
  if (field.kind !== 'enum') return value;
  const found = field.values.find(({ soap }) => soap === value);
  return { id: found?.id ?? value, refName: found?.label ?? value };
}

function rowsJson(field: Extract<Field, { kind: 'rows' }>, rows: readonly FieldRow[], place: Place): unknown {
  const links = [{ rel: 'self', href: `${place.href}/${field.rest}` }];
  if (!place.expand) return { links };
  return { links, items: rows.map((row) => rowJson(field.fields, row, place)), totalResults: rows.length };
}

type Place = JsonOptions & { href: string };

function valueJson(field: Field, value: FieldValue, place: Place): unknown {
  if (typeof value === 'string') return textJson(field, value);
  if ('reference' in value) {
    const { id, name } = value.reference;
    const target = field.kind === 'reference' ? field.target : '';
    const links = [{ rel: 'self', href: `${place.origin}${recordPath}/${target}/${id}` }];
    return { links, id, ...(name === undefined ? {} : { refName: name }) };
  }
  if ('group' in value && field.kind === 'group') return rowJson(field.fields, value.group, place);
  return 'rows' in value && field.kind === 'rows' ? rowsJson(field, value.rows, place) : undefined;
}

function rowJson(fields: readonly Field[], row: FieldRow, place: Place): Record<string, unknown> {
  const told = fields.flatMap((field): [string, unknown][] => {
    const value = row[field.name];
    return value === undefined ? [] : [[nameOfField(field), valueJson(field, value, place)]];
  });
  return Object.fromEntries(told);
}

/** Address of a record. */
export function recordHref({ type, id }: { type: RecordType; id: string }, origin: string): string {
  return `${origin}${recordPath}/${type}/${id}`;
}

/** A record as the REST service tells it. */
export function recordJson(record: StoredRecord, options: JsonOptions): Record<string, unknown> {
  const href = recordHref(record, options.origin);
  const fields = rowJson(recordKinds[record.type].fields, withStamps(record), { ...options, href });
  const externalId = record.externalId === null ? {} : { externalId: record.externalId };
  return { links: [{ rel: 'self', href }], id: record.id, ...externalId, ...fields };
}

function refuse(path: string): RecordFailure {
  return new RecordFailure('INVALID_CONTENT', `Invalid value for the field ${path}.`, { path });
}

function referenceOf(field: Extract<Field, { kind: 'reference' }>, value: unknown, context: Context): FieldValue {
  const given = isRecord(value) ? value : { id: value };
  if (typeof given.id === 'string' || typeof given.id === 'number') return { reference: { id: String(given.id) } };
  const { target } = field;
  const isKept = target === 'customer' || target === 'inventoryItem' || target === 'salesOrder';
  const { externalId } = given;
  const key = typeof externalId === 'string' ? { externalId } : undefined;
  const found = isKept && key !== undefined ? findRecord(context.database, target, { key }) : undefined;
  if (found !== undefined) return { reference: { id: found.id } };
  throw new RecordFailure('INVALID_KEY_OR_REF', `Invalid reference for the field ${field.name}.`, { path: field.name });
}

function enumOf(field: Extract<Field, { kind: 'enum' }>, value: unknown): string {
  const id = isRecord(value) ? value.id : value;
  const found = field.values.find((each) => each.id === id || each.soap === id);
  if (found === undefined) throw refuse(field.name);
  return found.soap;
}

function rowsOf(field: Extract<Field, { kind: 'rows' }>, value: unknown, context: Context): FieldValue {
  const items = isRecord(value) ? value.items : value;
  if (!Array.isArray(items) || !items.every(isRecord)) throw refuse(nameOfField(field));
  return { rows: items.map((item) => rowOf(field.fields, item, context)) };
}

function fieldValue(field: Field, value: unknown, context: Context): FieldValue {
  if (field.kind === 'reference') return referenceOf(field, value, context);
  if (field.kind === 'enum') return enumOf(field, value);
  if (field.kind === 'rows') return rowsOf(field, value, context);
  if (field.kind === 'group') {
    if (isRecord(value)) return { group: rowOf(field.fields, value, context) };
    throw refuse(nameOfField(field));
  }
  if (!['string', 'number', 'boolean'].includes(typeof value)) throw refuse(field.name);
  const text = String(value);
  if (field.kind !== 'dateTime') return text;
  if (Number.isNaN(Date.parse(text))) throw refuse(field.name);
  return new Date(text).toISOString();
}

function entries(fields: readonly Field[], body: Record<string, unknown>): [Field, unknown][] {
  return Object.entries(body).flatMap(([name, value]): [Field, unknown][] => {
    if (name === 'links' || name === 'id' || name === 'externalId') return [];
    const field = fields.find((each) => nameOfField(each) === name);
    if (field === undefined) throw invalid(`Unknown field name ${name}.`, 'INVALID_CONTENT');
    return field.readOnly === true ? [] : [[field, value]];
  });
}

function rowOf(fields: readonly Field[], body: Record<string, unknown>, context: Context): FieldRow {
  const given = entries(fields, body).filter(([, value]) => value !== null);
  return Object.fromEntries(given.map(([field, value]) => [field.name, fieldValue(field, value, context)]));
}

/** Reads the fields of a write; null clears one. Throws a {@link RecordFailure} or the error of an unknown field. */
export function draftFields(type: RecordType, body: Record<string, unknown>, context: Context): Draft['fields'] {
  const given = entries(recordKinds[type].fields, body);
  return Object.fromEntries(
    given.map(([field, value]) => [field.name, value === null ? null : fieldValue(field, value, context)]),
  );
}
