import { invalid } from '../failure.ts';
import { requiredText, textField, textList } from '../fields.ts';
import { stampProperty } from '../object-types.ts';
import { findUnique } from '../objects/table.ts';
import { uniqueKey } from '../objects/write.ts';
import type { PropertyDefinition } from '../properties/standard.ts';
import { timeOf } from '../properties/values.ts';
import type { HubSpotState, ObjectType } from '../types.ts';

/** A piece of SQL and its values. */
export type Condition = { sql: string; values: (string | number | bigint)[] };

/** A property of a type. */
export type PropertyName = { type: ObjectType; name: string };

/** Where a property's value stands in SQL, and how a filter value compares with it. */
type Operand = { sql: string; bind: (value: string) => string | number | bigint };

function integerValue(name: string): (value: string) => bigint {
  return (value) => {
    if (/^-?\d{1,18}$/.test(value)) return BigInt(value);
    throw invalid(`Filter value for ${name} must be a whole number`);
  };
}

function timeValue(name: string): (value: string) => number {
  return (value) => {
    const time = timeOf(value);
    if (time !== undefined) return time;
    throw invalid(`Filter value for ${name} must be a time in milliseconds or in ISO 8601`);
  };
}

function jsonOperand({ name, type }: PropertyDefinition): Operand {
  const json = `json_extract(properties, '$."${name}"')`;
  if (type === 'number') return { sql: `CAST(${json} AS REAL)`, bind: Number };
  if (type === 'datetime') return { sql: json, bind: (value) => new Date(timeValue(name)(value)).toISOString() };
  if (type === 'date')
    return { sql: json, bind: (value) => new Date(timeValue(name)(value)).toISOString().slice(0, 10) };
  return { sql: `lower(${json})`, bind: (value) => value.toLowerCase() };
}

/** The operand of a property. Throws 400 for a property that the type does not have. */
export function operandOf(state: HubSpotState, { type, name }: PropertyName): Operand {
  const definition = state.properties.find(type, name);
  if (definition === undefined)
    throw invalid(`There was a problem with the request: property "${name}" does not exist`);
  if (name === 'hs_object_id') return { sql: 'id', bind: integerValue(name) };
  if (name === 'createdate') return { sql: 'created_at', bind: timeValue(name) };
  if (name === stampProperty(type)) return { sql: 'updated_at', bind: timeValue(name) };
  return jsonOperand(definition);
}

const comparisons: Record<string, string> = { EQ: '=', NEQ: '<>', LT: '<', LTE: '<=', GT: '>', GTE: '>=' };

function tokenPattern(value: string): string {
  // '*' is the vendor's wildcard; everything else that LIKE would take for one is escaped.
  return `% ${value
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')} %`;
}

/** Words are cut at spaces and punctuation, but an e-mail address also counts as one word. */
function tokenCondition(operand: Operand, value: string): Condition {
  let words = operand.sql;
  for (const mark of [',', ';', '@', '.', '-']) words = `replace(${words}, '${mark}', ' ')`;
  const pattern = tokenPattern(value);
  const like = (text: string): string => `(' ' || ${text} || ' ') LIKE ? ESCAPE '\\'`;
  return { sql: `(${like(operand.sql)} OR ${like(words)})`, values: [pattern, pattern] };
}

/** Looked up beforehand: the plain list of ids is what makes the database use its primary key. */
function uniqueCondition(
  state: HubSpotState,
  type: ObjectType,
  { name, values }: { name: string; values: string[] },
): Condition {
  const ids = values.map((value) => findUnique(state.database, type, { name, value: uniqueKey(name, value) }));
  const found = ids.filter((id) => id !== undefined).map(BigInt);
  return { sql: `documents.id IN (${found.map(() => '?').join(', ')})`, values: found };
}

/** A lagging index must answer from its own documents, so the table of unique values serves only without a lag. */
function canUseUnique(state: HubSpotState, { type, name }: PropertyName): boolean {
  return state.settings.searchLagMs <= 0 && state.properties.uniqueNames(type).includes(name);
}

function listCondition(operand: Operand, { operator, values }: { operator: string; values: string[] }): Condition {
  const marks = values.map(() => '?').join(', ');
  return { sql: `${operand.sql} ${operator === 'IN' ? 'IN' : 'NOT IN'} (${marks})`, values: values.map(operand.bind) };
}

/** One filter as SQL. Throws 400 for an unknown operator, property or value. */
export function filterCondition(state: HubSpotState, type: ObjectType, filter: Record<string, unknown>): Condition {
  const name = requiredText(filter, 'propertyName');
  const operator = requiredText(filter, 'operator');
  const operand = operandOf(state, { type, name });
  if (operator === 'HAS_PROPERTY') return { sql: `${operand.sql} IS NOT NULL`, values: [] };
  if (operator === 'NOT_HAS_PROPERTY') return { sql: `${operand.sql} IS NULL`, values: [] };
  if (operator === 'IN' || operator === 'NOT_IN') {
    const values = textList(filter, 'values');
    if (values.length === 0) throw invalid(`Operator ${operator} needs "values"`);
    if (operator === 'IN' && canUseUnique(state, { type, name })) {
      return uniqueCondition(state, type, { name, values });
    }
    return listCondition(operand, { operator, values });
  }
  const value = requiredText(filter, 'value');
  if (operator === 'CONTAINS_TOKEN') return tokenCondition(operand, value);
  if (operator === 'NOT_CONTAINS_TOKEN') {
    const found = tokenCondition(operand, value);
    return { sql: `NOT ${found.sql}`, values: found.values };
  }
  if (operator === 'BETWEEN') {
    const high = textField(filter, 'highValue');
    if (high === undefined) throw invalid('Operator BETWEEN needs "highValue"');
    return { sql: `${operand.sql} BETWEEN ? AND ?`, values: [operand.bind(value), operand.bind(high)] };
  }
  const comparison = comparisons[operator];
  if (comparison === undefined) throw invalid(`Operator "${operator}" is not one of the search operators`);
  if (operator === 'EQ' && canUseUnique(state, { type, name })) {
    return uniqueCondition(state, type, { name, values: [value] });
  }
  return { sql: `${operand.sql} ${comparison} ?`, values: [operand.bind(value)] };
}
