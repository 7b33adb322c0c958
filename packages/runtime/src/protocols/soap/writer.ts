import { connectorError } from '../../errors/connector-error.ts';
import { instanceNamespace } from './frame.ts';
import { defaultXmlLimits } from './limits.ts';
import { type ExpandedName, escapedAttribute, escapedText, isXmlText, parsedClarkName } from './names.ts';
import type { ChoicePlan, Field, ObjectPlan, TextPlan } from './plan.ts';
import type { Prefixes } from './prefixes.ts';

/** Where in a request something is written. */
export interface WritePlace {
  /** For messages, for instance `addItem.lines[2].sku`. */
  readonly path: string;
  readonly depth: number;
  readonly prefixes: Prefixes;
}

/** Refuses a value of a request. @throws ConnectorError `invalid-record`, always. */
export const refuseValue = ({ path }: WritePlace, reason: string): never => {
  throw connectorError('invalid-record', 'the request does not fit its schema', { issues: [{ path, reason }] });
};

/**
 * A value as text. Numbers in exponent form are refused: `1e21` is no xsd:decimal, and only the schema of the vendor
 * knows which is meant.
 */
export const valueText = (value: unknown, place: WritePlace): string => {
  if (typeof value === 'string')
    return isXmlText(value) ? value : refuseValue(place, 'holds a character that XML cannot');
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'number') return refuseValue(place, 'is neither a text nor a number, bigint or boolean');
  const text = String(value);
  return /^-?\d+(?:\.\d+)?$/.test(text)
    ? text
    : refuseValue(place, 'is a number without a plain form: give it as text');
};

/** An element around content that is written already. */
export const wrapped = (tag: string, { attributes = '', inner }: { attributes?: string; inner: string }): string =>
  inner === '' ? `<${tag}${attributes}/>` : `<${tag}${attributes}>${inner}</${tag}>`;

/** ` name="value"`, escaped. */
export const attributeText = (name: ExpandedName, value: string, { prefixes }: WritePlace): string =>
  ` ${prefixes.written(name)}="${escapedAttribute(value)}"`;

/** An element without a value, as XML Schema says it. */
export const nilElement = (tag: string, place: WritePlace): string =>
  `<${tag}${attributeText({ namespace: instanceNamespace, name: 'nil' }, 'true', place)}/>`;

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A name in `{namespace}name` form as one with a prefix. */
const prefixedName = (text: string, { prefixes }: WritePlace): string => prefixes.written(parsedClarkName(text));

/**
 * Writes the elements of a field, in as many as it has.
 * @throws ConnectorError `invalid-record` naming the path for a value that its schema or XML does not allow.
 */
export const writtenField = (field: Field, value: unknown, place: WritePlace): string => {
  if (value === undefined) return field.isOptional ? '' : refuseValue(place, 'is missing');
  if (!field.isMany) return writtenElement(field, value, place);
  if (!Array.isArray(value)) return refuseValue(place, 'is no array');
  const items: readonly unknown[] = value;
  return items
    .map((item, index) => writtenElement(field, item, { ...place, path: `${place.path}[${index}]` }))
    .join('');
};

const writtenElement = (field: Field, value: unknown, place: WritePlace): string => {
  const { plan, namespace } = field;
  if (place.depth > defaultXmlLimits.depth) return refuseValue(place, 'holds itself, or is nested too deep');
  if (namespace === '*' || plan.kind === 'node') {
    const reason = `the SOAP schema of '${place.path}' does for answers only: a request needs names and a schema`;
    throw connectorError('invalid-definition', reason);
  }
  const tag = place.prefixes.written(field);
  if (value === null) return nilElement(tag, place);
  if (plan.kind === 'text') return wrapped(tag, { inner: writtenText(plan, value, place) });
  if (!isFields(value)) return refuseValue(place, 'is no object');
  const chosen = plan.kind === 'choice' ? optionOf(plan, value, place) : plan;
  return wrapped(tag, writtenObject(chosen, value, place));
};

const writtenText = (plan: TextPlan, value: unknown, place: WritePlace): string => {
  const text = valueText(value, place);
  return escapedText(plan.isName ? prefixedName(text, place) : text);
};

const optionOf = (plan: ChoicePlan, value: Readonly<Record<string, unknown>>, place: WritePlace): ObjectPlan => {
  for (const [type, option] of plan.types)
    if (option.type !== undefined && value[option.type.key] === type) return option;
  return refuseValue(place, 'has none of the types that the schema knows');
};

const writtenObject = (plan: ObjectPlan, value: Readonly<Record<string, unknown>>, place: WritePlace) => {
  // What is not written would be lost without a sign.
  for (const key in value) if (!plan.keys.has(key)) refuseValue(place, 'has keys that the schema does not know');
  let attributes = '';
  let inner = '';
  for (const field of plan.fields) {
    const at = { ...place, path: `${place.path}.${field.key}`, depth: place.depth + 1 };
    const own = value[field.key];
    if (field.place === 'element') inner += writtenField(field, own, at);
    else if (own === undefined && field.isOptional) continue;
    else if (field.place === 'content') inner += escapedText(valueText(own, at));
    else if (field.place === 'attribute') attributes += attributeText(field, valueText(own, at), at);
    else attributes += attributeText(typeAttribute, prefixedName(valueText(own, at), at), at);
  }
  return { attributes, inner };
};

const typeAttribute: ExpandedName = { namespace: instanceNamespace, name: 'type' };
