import { type RecordKind, recordKinds } from '../records/fields.ts';
import type { Condition } from '../records/table.ts';
import { invalid } from './failure.ts';

// One condition of `q`: a field, an operator and, but for EMPTY, a value or a list of values.
const pattern = /^(\w+)\s+([A-Z_]+)(?:\s+(?:"((?:[^"\\]|\\.)*)"|\[([^\]]*)\]|(\S+)))?$/;

type Given = { column: string; operator: string; values: string[]; isDate: boolean };

function dateValue(text: string): number {
  const time = Date.parse(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? `${text}Z` : text);
  if (Number.isNaN(time)) throw invalid(`Invalid search query. ${text} is no date.`);
  return time;
}

const comparisons: Readonly<Record<string, string>> = {
  EQUAL: '=',
  ON: '=',
  GREATER: '>',
  AFTER: '>',
  LESS: '<',
  BEFORE: '<',
  GREATER_OR_EQUAL: '>=',
  ON_OR_AFTER: '>=',
  LESS_OR_EQUAL: '<=',
  ON_OR_BEFORE: '<=',
};

function conditionOf({ column, operator, values, isDate }: Given): Condition {
  const [value = ''] = values;
  const symbol = comparisons[operator];
  if (symbol !== undefined && isDate) return { sql: `${column} ${symbol} ?`, values: [dateValue(value)] };
  if (symbol !== undefined) return { sql: `${column} ${symbol} CAST(? AS NUMERIC)`, values: [value] };
  if (operator === 'WITHIN' || operator === 'BETWEEN') {
    const bounds = isDate ? values.map(dateValue) : values;
    return { sql: `${column} BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)`, values: bounds.slice(0, 2) };
  }
  if (operator === 'IS') return { sql: `lower(CAST(${column} AS TEXT)) = lower(?)`, values: [value] };
  if (operator === 'CONTAIN') return { sql: `instr(lower(${column}), lower(?)) > 0`, values: [value] };
  if (operator === 'START_WITH') return { sql: `instr(lower(${column}), lower(?)) = 1`, values: [value] };
  if (operator === 'EMPTY') return { sql: `${column} IS NULL`, values: [] };
  if (operator === 'ANY_OF') return { sql: `CAST(${column} AS TEXT) IN (${values.map(() => '?').join(', ')})`, values };
  throw invalid(`Invalid search query. There is no operator ${operator}.`);
}

function columnOf(name: string, kind: RecordKind): { column: string; isDate: boolean } {
  if (name === 'id') return { column: 'id', isDate: false };
  if (name === 'externalId') return { column: 'external_id', isDate: false };
  if (name === 'lastModifiedDate') return { column: 'modified_at', isDate: true };
  if (name === kind.createdField) return { column: 'created_at', isDate: true };
  const field = kind.fields.find((each) => each.name === name && each.kind !== 'rows');
  if (field === undefined) throw invalid(`Invalid search query. The field ${name} does not exist.`);
  const path = field.kind === 'reference' ? `${name}.reference.id` : name;
  return { column: `json_extract(fields, '$.${path}')`, isDate: false };
}

function unquoted(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1');
}

function readOne(text: string, kind: RecordKind): Condition {
  const [, name = '', operator = '', quoted, list, bare] = pattern.exec(text.trim()) ?? [];
  if (name === '') throw invalid(`Invalid search query. A part has not the form "field OPERATOR value".`);
  const values =
    list === undefined ? [quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? ''] : list.split(',').map(unquoted);
  return conditionOf({ ...columnOf(name, kind), operator, values });
}

/** The conditions of a list's `q`, joined by AND. Throws 400 for what cannot be read. */
export function filterConditions(query: string | null, type: RecordKind['type']): Condition[] {
  if (query === null || query.trim() === '') return [];
  return query.split(/\s+AND\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((part) => readOne(part, recordKinds[type]));
}
