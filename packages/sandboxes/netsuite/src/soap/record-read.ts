import { RecordFailure } from '../records/failure.ts';
import type { Field, RecordKind } from '../records/fields.ts';
import { recordKinds } from '../records/fields.ts';
import type { Draft } from '../records/save.ts';
import { findRecord } from '../records/table.ts';
import type { FieldRow, FieldValue } from '../types.ts';
import { childrenOf, type XmlElement } from '../xml/tree.ts';
import type { SoapCall } from './call.ts';
import { schemaFailure } from './fault.ts';
import type { NamespacePrefix } from './namespaces.ts';
import { readStamp } from './stamps.ts';

type Place = { prefix: NamespacePrefix; call: SoapCall };

function fieldOf(fields: readonly Field[], element: XmlElement, { prefix, call }: Place): Field {
  const field = fields.find(({ name }) => name === element.name);
  if (field === undefined || element.namespace !== call.namespaces[prefix])
    throw schemaFailure(`{${element.namespace}}${element.name} is not a legal property`);
  return field;
}

function referenced(field: Extract<Field, { kind: 'reference' }>, element: XmlElement, { call }: Place): FieldValue {
  const { internalId, externalId } = element.attributes;
  if (internalId !== undefined) return { reference: { id: internalId } };
  const { target } = field;
  const isRecord = target === 'customer' || target === 'inventoryItem' || target === 'salesOrder';
  const { database } = call.context;
  const found =
    isRecord && externalId !== undefined ? findRecord(database, target, { key: { externalId } }) : undefined;
  if (found === undefined)
    throw new RecordFailure('INVALID_KEY_OR_REF', `Invalid ${field.name} reference key.`, { path: field.name });
  return { reference: { id: found.id } };
}

function fieldValue(field: Field, element: XmlElement, place: Place): FieldValue {
  if (field.kind === 'reference') return referenced(field, element, place);
  if (field.kind === 'group')
    return { group: rowOf(field.fields, element.children, { ...place, prefix: field.prefix }) };
  if (field.kind === 'rows')
    return { rows: childrenOf(element, field.row).map((row) => rowOf(field.fields, row.children, place)) };
  if (field.kind === 'text') return element.text;
  const text = element.text.trim();
  const offset = place.call.context.state.settings.soapOffsetHours;
  return field.kind === 'dateTime' ? new Date(readStamp(text, offset)).toISOString() : text;
}

function rowOf(fields: readonly Field[], elements: readonly XmlElement[], place: Place): FieldRow {
  const row: Record<string, FieldValue> = {};
  for (const element of elements) {
    const field = fieldOf(fields, element, place);
    if (field.readOnly !== true) row[field.name] = fieldValue(field, element, place);
  }
  return row;
}

/** The record type of an element by its `xsi:type`. Throws the fault of a type that is not kept. */
export function kindOf(element: XmlElement, { namespaces }: SoapCall): RecordKind {
  const { type } = element;
  const kind = Object.values(recordKinds).find((each) => each.soap === type?.name);
  if (kind === undefined || namespaces[kind.prefix] !== type?.namespace)
    throw schemaFailure('the record has no xsi:type, or one that this stand-in does not keep');
  return kind;
}

/** Reads the record of a write; `nullFieldList` clears fields. Throws a fault, or a {@link RecordFailure}. */
export function draftOf(element: XmlElement, call: SoapCall): Draft {
  const kind = kindOf(element, call);
  const [lists, others] = [
    childrenOf(element, 'nullFieldList'),
    element.children.filter(({ name }) => name !== 'nullFieldList'),
  ];
  const cleared = lists
    .flatMap((list) => childrenOf(list, 'name'))
    .map(({ text }): [string, null] => [text.trim(), null]);
  const fields = rowOf(kind.fields, others, { prefix: kind.prefix, call });
  const { internalId, externalId } = element.attributes;
  return { type: kind.type, id: internalId, externalId, fields: { ...fields, ...Object.fromEntries(cleared) } };
}
