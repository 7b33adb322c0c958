import type { z } from 'zod';
import { connectorError } from '../../errors/connector-error.ts';
import { factsOf, type XmlFacts } from './annotations.ts';
import { isNcName } from './names.ts';

/** How an element is read and written: a schema, seen from XML. */
export type Plan = TextPlan | ObjectPlan | ChoicePlan | NodePlan;

/** Text without elements in it. */
export interface TextPlan {
  readonly kind: 'text';
  /** The text is a name with a prefix. */
  readonly isName: boolean;
}

/** Elements and attributes, in the order of the schema. */
export interface ObjectPlan {
  readonly kind: 'object';
  readonly fields: readonly Field[];
  readonly keys: ReadonlySet<string>;
  /** The elements among the fields by local name; one name may occur in several namespaces. */
  readonly elements: ReadonlyMap<string, readonly Field[]>;
  readonly attributes: readonly Field[];
  readonly content: Field | undefined;
  readonly type: Field | undefined;
  /** Whether elements that the schema does not know are kept, so that the schema can refuse or keep them. */
  readonly keepsUnknown: boolean;
}

/** One of several objects, told apart by `xsi:type`. */
export interface ChoicePlan {
  readonly kind: 'choice';
  /** By type, `{namespace}name`. */
  readonly types: ReadonlyMap<string, ObjectPlan>;
}

/** Anything: kept as a tree. */
export interface NodePlan {
  readonly kind: 'node';
}

/** A value's place in the element around it. */
export interface Field {
  /** Key in the object of the schema. */
  readonly key: string;
  readonly place: 'element' | 'attribute' | 'content' | 'type';
  readonly name: string;
  /** Namespace URI; empty for none, `*` for any. */
  readonly namespace: string;
  /** Always an array, however many there are. */
  readonly isMany: boolean;
  /** May be left out. */
  readonly isOptional: boolean;
  readonly plan: Plan;
}

/** The plan of everything that no schema describes. */
export const nodePlan: NodePlan = { kind: 'node' };
const textPlan: TextPlan = { kind: 'text', isName: false };
const namePlan: TextPlan = { kind: 'text', isName: true };

type Schema = z.core.$ZodTypes;

/** A schema without what is wrapped around it. */
interface Bare {
  readonly schema: Schema;
  readonly facts: XmlFacts;
  readonly isOptional: boolean;
}

const wrappers = new Set([
  'optional',
  'nullable',
  'default',
  'prefault',
  'nonoptional',
  'catch',
  'readonly',
  'success',
]);
const optionalMakers = new Set(['optional', 'default', 'prefault', 'catch']);

/** As one of zod's own list of everything that a schema can be, so that its kind tells its parts. */
const known = (schema: z.core.$ZodType): Schema => schema as Schema;

/** Takes off wrappers. What is said about an outer one goes before what is said about an inner one. */
const bare = (wrapped: z.core.$ZodType): Bare => {
  let schema = known(wrapped);
  let facts = factsOf(schema);
  let isOptional: boolean | undefined;
  for (let inner = innerOf(schema); inner !== undefined; inner = innerOf(schema)) {
    const { type } = schema._zod.def;
    if (type === 'nonoptional') isOptional ??= false;
    if (optionalMakers.has(type)) isOptional ??= true;
    schema = known(inner);
    facts = { ...factsOf(schema), ...facts };
  }
  return { schema, facts, isOptional: isOptional ?? false };
};

const innerOf = (schema: Schema): z.core.$ZodType | undefined => {
  const { def } = schema._zod;
  if ('innerType' in def && wrappers.has(def.type)) return def.innerType;
  if (def.type === 'lazy') return def.getter();
  // A conversion reads what stands on the wire; `z.preprocess` has its schema behind the conversion.
  if (def.type === 'pipe') return def.in._zod.def.type === 'transform' ? def.out : def.in;
  return undefined;
};

/** Where a schema stands, for the message of its refusal, and what it inherits. */
interface Surroundings {
  readonly path: string;
  /** Namespace of elements here unless said otherwise. */
  readonly namespace: string;
  /** Objects made so far, by schema and namespace: a type may hold itself. */
  readonly known: Map<z.core.$ZodType, Map<string, ObjectPlan>>;
}

const refuse = (path: string, reason: string): never => {
  throw connectorError('invalid-definition', `the SOAP schema at '${path}' ${reason}`);
};

const textual = new Set([
  ...['string', 'number', 'int', 'boolean', 'bigint', 'date', 'literal', 'enum', 'template_literal', 'null', 'custom'],
  ...['transform', 'undefined', 'nan'],
]);

/**
 * The plan of a schema whose elements belong to a namespace.
 * @throws ConnectorError `invalid-definition` where the schema says something that has no form in XML.
 */
export const planOf = (schema: z.core.$ZodType, { path, namespace }: { path: string; namespace: string }): Plan =>
  planWithin(bare(schema), { path, namespace, known: new Map() });

const planWithin = ({ schema, facts }: Bare, around: Surroundings): Plan => {
  if (facts.readAs !== undefined) return planWithin(bare(facts.readAs), around);
  const { def } = schema._zod;
  const inside = { ...around, namespace: facts.inner ?? around.namespace };
  if (def.type === 'object') return objectPlan(schema, def, inside);
  if (def.type === 'union') return unionPlan(def.options, inside);
  if (def.type === 'unknown' || def.type === 'any') return nodePlan;
  if (textual.has(def.type)) return facts.isName === true ? namePlan : textPlan;
  const advice = def.type === 'array' ? 'put the inner list into an element of its own' : 'describe it with z.object';
  return refuse(around.path, `is of the kind '${def.type}', which has no one form in XML: ${advice}`);
};

const objectPlan = (schema: Schema, def: z.core.$ZodObjectDef, around: Surroundings): ObjectPlan => {
  const byNamespace = around.known.get(schema) ?? new Map<string, ObjectPlan>();
  around.known.set(schema, byNamespace);
  const there = byNamespace.get(around.namespace);
  if (there !== undefined) return there;
  const fields: Field[] = [];
  const elements = new Map<string, Field[]>();
  const attributes: Field[] = [];
  const plan: { -readonly [Key in keyof ObjectPlan]: ObjectPlan[Key] } = {
    kind: 'object',
    ...{ fields, elements, attributes, keys: new Set(Object.keys(def.shape)) },
    content: undefined,
    type: undefined,
    keepsUnknown: def.catchall !== undefined,
  };
  // Known before it is filled: a field may lead back here.
  byNamespace.set(around.namespace, plan);
  for (const [key, value] of Object.entries(def.shape)) {
    const field = fieldOf(key, value, around);
    fields.push(field);
    if (field.place === 'element') elements.set(field.name, [...(elements.get(field.name) ?? []), field]);
    else if (field.place === 'attribute') attributes.push(field);
    else plan[field.place] = field;
  }
  return plan;
};

const fieldOf = (key: string, value: z.core.$ZodType, around: Surroundings): Field => {
  const path = `${around.path}.${key}`;
  const outer = bare(value);
  const { def } = outer.schema._zod;
  const isMany = def.type === 'array';
  const inner = def.type === 'array' ? bare(def.element) : outer;
  const facts = { ...inner.facts, ...outer.facts };
  const { place = 'element', name = key } = facts;
  if (!isNcName(name)) refuse(path, 'has a name that XML does not allow: give one with element(schema, { name })');
  const namespace = facts.namespace ?? (place === 'element' ? around.namespace : '');
  const plan = planWithin({ ...inner, facts }, { ...around, path });
  if (place !== 'element' && (isMany || plan.kind !== 'text')) refuse(path, `is an ${place} and must be a plain text`);
  return { key, place, name, namespace, isMany, isOptional: outer.isOptional, plan };
};

const unionPlan = (options: readonly z.core.$ZodType[], around: Surroundings): Plan => {
  const plans = options.map((option) => ({ option, plan: planWithin(bare(option), around) }));
  if (plans.every(({ plan }) => plan.kind === 'text')) return textPlan;
  const types = new Map<string, ObjectPlan>();
  for (const { option, plan } of plans) {
    const type = plan.kind === 'object' ? literalOf(bare(option).schema, plan.type) : undefined;
    if (plan.kind !== 'object' || type === undefined) {
      return refuse(around.path, 'is a union that XML cannot tell apart: give each object a typeName(…)');
    }
    types.set(type, plan);
  }
  return { kind: 'choice', types };
};

const literalOf = ({ _zod: { def } }: Schema, type: Field | undefined): string | undefined => {
  const schema = def.type === 'object' && type !== undefined ? def.shape[type.key] : undefined;
  const literal = schema === undefined ? undefined : bare(schema).schema._zod.def;
  const value = literal?.type === 'literal' ? literal.values[0] : undefined;
  return typeof value === 'string' ? value : undefined;
};
