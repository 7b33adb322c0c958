import type { RecordKind } from '../records/fields.ts';
import type { Condition } from '../records/table.ts';
import { childrenOf, childText, type XmlElement } from '../xml/tree.ts';
import { SoapFailure, schemaFailure } from './fault.ts';
import { readStamp } from './stamps.ts';

/** What a criterion is read with. */
export type CriteriaOptions = { kind: RecordKind; offsetHours: number };

const day = 86_400_000;

function refuseOperator(element: XmlElement): SoapFailure {
  const message = `The operator ${element.attributes.operator ?? ''} is not valid for ${element.name}.`;
  return new SoapFailure({ fault: 'unexpectedError', code: 'INVALID_SEARCH_OPERATOR', message });
}

function values(element: XmlElement): string[] {
  return childrenOf(element, 'searchValue').map(({ text }) => text.trim());
}

/** The condition of a search date field on a column of Unix milliseconds. Throws a fault. */
export function dateCondition(column: string, element: XmlElement, offsetHours: number): Condition {
  const stamp = (name: string): number => readStamp(childText(element, name) ?? '', offsetHours);
  const from = stamp('searchValue');
  const one = (sql: string): Condition => ({ sql: `${column} ${sql}`, values: [from] });
  switch (element.attributes.operator) {
    case 'after':
      return one('> ?');
    case 'before':
      return one('< ?');
    case 'onOrAfter':
    case 'notBefore':
      return one('>= ?');
    case 'onOrBefore':
    case 'notAfter':
      return one('<= ?');
    case 'on':
      return { sql: `${column} >= ? AND ${column} < ?`, values: [from, from + day] };
    case 'within':
      return { sql: `${column} BETWEEN ? AND ?`, values: [from, stamp('searchValue2')] };
    case 'notWithin':
      return { sql: `${column} NOT BETWEEN ? AND ?`, values: [from, stamp('searchValue2')] };
    default:
      throw refuseOperator(element);
  }
}

const longOperators: Readonly<Record<string, string>> = {
  equalTo: '=',
  notEqualTo: '<>',
  greaterThan: '>',
  greaterThanOrEqualTo: '>=',
  notLessThan: '>=',
  lessThan: '<',
  lessThanOrEqualTo: '<=',
  notGreaterThan: '<=',
};

function longCondition(column: string, element: XmlElement): Condition {
  const [first = ''] = values(element);
  const last = childText(element, 'searchValue2') ?? '';
  const { operator = '' } = element.attributes;
  if (!/^\d{1,18}$/.test(first)) throw schemaFailure('Invalid long value');
  // Texts are cast in SQL: an id may be above 2^53.
  if (operator === 'between' || operator === 'within')
    return { sql: `${column} BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)`, values: [first, last] };
  const symbol = longOperators[operator];
  if (symbol === undefined) throw refuseOperator(element);
  return { sql: `${column} ${symbol} CAST(? AS INTEGER)`, values: [first] };
}

function stringCondition(column: string, element: XmlElement): Condition {
  const [value = ''] = values(element);
  const search = (sql: string): Condition => ({ sql, values: [value] });
  switch (element.attributes.operator) {
    case 'is':
      return search(`lower(${column}) = lower(?)`);
    case 'isNot':
      return search(`lower(${column}) <> lower(?)`);
    case 'contains':
      return search(`instr(lower(${column}), lower(?)) > 0`);
    case 'startsWith':
      return search(`instr(lower(${column}), lower(?)) = 1`);
    case 'empty':
      return { sql: `${column} IS NULL`, values: [] };
    case 'notEmpty':
      return { sql: `${column} IS NOT NULL`, values: [] };
    default:
      throw refuseOperator(element);
  }
}

function selectCondition(column: string, element: XmlElement, attribute: 'internalId' | 'externalId'): Condition {
  const keys = childrenOf(element, 'searchValue').map(({ attributes }) => attributes[attribute] ?? '');
  const marks = keys.map(() => '?').join(', ');
  const { operator } = element.attributes;
  if (operator !== 'anyOf' && operator !== 'noneOf') throw refuseOperator(element);
  return { sql: `CAST(${column} AS TEXT) ${operator === 'anyOf' ? 'IN' : 'NOT IN'} (${marks})`, values: keys };
}

const enumNames: Readonly<Record<string, string>> = { inventoryItem: '_inventoryItem', salesOrder: '_salesOrder' };

function typeCondition(element: XmlElement, { kind }: CriteriaOptions): Condition {
  const holds = values(element).includes(enumNames[kind.type] ?? '') === (element.attributes.operator === 'anyOf');
  return { sql: holds ? '1' : '0', values: [] };
}

type Reader = (element: XmlElement, options: CriteriaOptions) => Condition;

const field = (name: string): string => `json_extract(fields, '$.${name}')`;
const text: Reader = (element) => stringCondition(field(element.name), element);
const createdAt: Reader = (element, options) => dateCondition('created_at', element, options.offsetHours);

const readers: Readonly<Record<string, Reader>> = {
  lastModifiedDate: (element, options) => dateCondition('modified_at', element, options.offsetHours),
  dateCreated: createdAt,
  created: createdAt,
  internalIdNumber: (element) => longCondition('id', element),
  internalId: (element) => selectCondition('id', element, 'internalId'),
  externalId: (element) => selectCondition('external_id', element, 'externalId'),
  externalIdString: (element) => stringCondition('external_id', element),
  isInactive: (element) => ({ sql: `${field('isInactive')} = ?`, values: [childText(element, 'searchValue') ?? ''] }),
  type: typeCondition,
  entity: (element) => selectCondition(field('entity.reference.id'), element, 'internalId'),
  email: text,
  entityId: text,
  companyName: text,
  firstName: text,
  lastName: text,
  phone: text,
  itemId: text,
  displayName: text,
  upcCode: text,
  tranId: text,
  otherRefNum: text,
};

/** The conditions of a `…SearchBasic`; undefined or empty asks for every record of the type. Throws a fault. */
export function conditionsOf(basic: XmlElement | undefined, options: CriteriaOptions): Condition[] {
  const kept: Condition = { sql: 'type = ?', values: [options.kind.type] };
  return [kept, ...(basic?.children ?? []).map((element) => criterion(element, options))];
}

function criterion(element: XmlElement, options: CriteriaOptions): Condition {
  const read = Object.hasOwn(readers, element.name) ? readers[element.name] : undefined;
  if (read === undefined) throw schemaFailure(`${element.name} is not a search field that this stand-in keeps`);
  return read(element, options);
}
