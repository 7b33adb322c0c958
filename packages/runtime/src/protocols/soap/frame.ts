import type { SaxesAttributeNS, SaxesTagNS } from 'saxes';
import { clarkName } from './names.ts';
import { type Field, nodePlan, type ObjectPlan, type Plan } from './plan.ts';
import { isXmlNode, type XmlNode } from './xml-node.ts';

/** Namespace of `xsi:nil` and `xsi:type`. */
export const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';
const declarationNamespace = 'http://www.w3.org/2000/xmlns/';

/** Finds the namespace of a prefix where the parser stands. */
export type ResolvePrefix = (prefix: string) => string | undefined;

type Values = Record<string, unknown>;

/** An element that is open. */
export interface Frame {
  /** Its place in the element around it. */
  readonly field: Field;
  readonly plan: Plan;
  /** What is read so far of an element with fields. */
  readonly values: Values;
  readonly node: (XmlNode & { readonly attributes: Map<string, string>; readonly children: XmlNode[] }) | undefined;
  readonly isNil: boolean;
  text: string;
  /** It holds elements although its plan knows only text. */
  isMixed: boolean;
}

/** Sets a value. A second one where the schema knows only one makes an array, so that the schema refuses it. */
const assign = (values: Values, { field, value }: { readonly field: Field; readonly value: unknown }): void => {
  const { key, isMany } = field;
  const there = Object.hasOwn(values, key) ? values[key] : undefined;
  if (isMany && Array.isArray(there)) there.push(value);
  else if (isMany) values[key] = [value];
  else values[key] = there === undefined ? value : [there, value];
};

const isIn = ({ namespace }: Field, uri: string): boolean => namespace === uri || namespace === '*';

/** For what is in no schema: a loose schema keeps it, a strict one refuses it. */
const unknownField = (name: string, { namespace, key = name }: { namespace: string; key?: string }): Field => ({
  ...{ key, place: 'element', name, namespace, isMany: true, isOptional: true, plan: nodePlan },
});

/** The field that an element inside a frame belongs to, or undefined when it is none that the plan asks for. */
export const fieldWithin = ({ plan }: Frame, { local, uri }: SaxesTagNS): Field | undefined => {
  if (plan.kind === 'node') return unknownField(local, { namespace: uri });
  if (plan.kind !== 'object') return undefined;
  const known = plan.elements.get(local)?.find((field) => isIn(field, uri));
  if (known !== undefined || !plan.keepsUnknown || local === '__proto__') return known;
  // A namesake from another namespace must not take the place of a field.
  const key = plan.keys.has(local) ? `{${uri}}${local}` : local;
  return unknownField(local, { namespace: uri, key });
};

/** A name with a prefix as `{namespace}name`. One with an unknown prefix stays as it is, for the schema to judge. */
const expandedName = (text: string, resolve: ResolvePrefix): string => {
  const name = text.trim();
  const colon = name.indexOf(':');
  const namespace = resolve(colon === -1 ? '' : name.slice(0, colon));
  if (colon !== -1 && namespace === undefined) return name;
  return clarkName({ namespace: namespace ?? '', name: name.slice(colon + 1) });
};

const isTrue = (text: string): boolean => text.trim() === 'true' || text.trim() === '1';

/** `xsi:nil` and `xsi:type` of an element. */
interface InstanceFacts {
  readonly isNil: boolean;
  readonly type: string | undefined;
}

const plain: InstanceFacts = { isNil: false, type: undefined };

const instanceFacts = (attributes: readonly SaxesAttributeNS[], resolve: ResolvePrefix): InstanceFacts => {
  let facts = plain;
  for (const { uri, local, value } of attributes) {
    if (uri !== instanceNamespace) continue;
    if (local === 'nil') facts = { ...facts, isNil: isTrue(value) };
    if (local === 'type') facts = { ...facts, type: expandedName(value, resolve) };
  }
  return facts;
};

/** Where no option of a union is of the type that is there: an object that no option takes. */
const foreignType: ObjectPlan = {
  ...{ kind: 'object', fields: [], keys: new Set(), elements: new Map(), attributes: [] },
  ...{ content: undefined, type: undefined, keepsUnknown: false },
};

const chosen = (plan: Plan, type: string | undefined): Plan => {
  if (plan.kind !== 'choice') return plan;
  return (type === undefined ? undefined : plan.types.get(type)) ?? foreignType;
};

const readAttributes = (
  values: Values,
  { plan, attributes }: { readonly plan: ObjectPlan; readonly attributes: readonly SaxesAttributeNS[] },
): void => {
  for (const { uri, local, value } of attributes) {
    if (uri === declarationNamespace || uri === instanceNamespace) continue;
    const field = plan.attributes.find(({ name, namespace }) => name === local && namespace === uri);
    if (field !== undefined) assign(values, { field, value });
    // Under a name that no element has, so that a strict schema refuses it.
    else if (plan.keepsUnknown) values[`@${local}`] = value;
  }
};

/** For elements without fields: most of a page, and an object for each would be most of its garbage. */
const noValues: Values = Object.freeze({});
const noAttributes: readonly SaxesAttributeNS[] = [];

const attributesOf = (tag: SaxesTagNS): readonly SaxesAttributeNS[] => {
  // Most elements have none, and making a list costs as much as reading a short text.
  for (const _ in tag.attributes) return Object.values(tag.attributes);
  return noAttributes;
};

/** Begins an element. */
export const openFrame = (field: Field, tag: SaxesTagNS, resolve: ResolvePrefix): Frame => {
  const attributes = attributesOf(tag);
  const { isNil, type } = attributes.length === 0 ? plain : instanceFacts(attributes, resolve);
  const plan = chosen(field.plan, type);
  const values: Values = plan.kind === 'object' ? {} : noValues;
  if (plan.kind === 'object') {
    for (const { key, isMany, isOptional } of plan.fields) if (isMany && !isOptional) values[key] = [];
    if (plan.type !== undefined && type !== undefined) values[plan.type.key] = type;
    if (attributes.length > 0) readAttributes(values, { plan, attributes });
  }
  const node = plan.kind === 'node' ? nodeOf(tag, attributes) : undefined;
  return { field, plan, values, node, isNil, text: '', isMixed: false };
};

const nodeOf = ({ local, uri }: SaxesTagNS, attributes: readonly SaxesAttributeNS[]): NonNullable<Frame['node']> => {
  const own = attributes.filter((attribute) => attribute.uri !== declarationNamespace);
  const named = own.map(({ uri: namespace, local: name, value }) => [clarkName({ namespace, name }), value] as const);
  return { name: local, namespace: uri, attributes: new Map(named), children: [], text: '' };
};

/** The value of an element that has ended. */
export const elementValue = (frame: Frame, resolve: ResolvePrefix): unknown => {
  const { plan, values, node, text, isNil, isMixed } = frame;
  if (node !== undefined) return { ...node, text };
  if (isNil) return null;
  if (plan.kind === 'text') {
    // An object is nothing that a schema of a text takes.
    if (isMixed) return values;
    return plan.isName ? expandedName(text, resolve) : text;
  }
  if (plan.kind === 'object' && plan.content !== undefined) values[plan.content.key] = text;
  else if (plan.kind === 'object' && plan.keepsUnknown && text.trim() !== '') values['#text'] = text;
  return values;
};

/** Puts the value of an element into the one around it. */
export const addToFrame = (
  { values, node }: Frame,
  ended: { readonly field: Field; readonly value: unknown },
): void => {
  if (node === undefined) assign(values, ended);
  // Whatever stands in a node is a node.
  else if (isXmlNode(ended.value)) node.children.push(ended.value);
};
