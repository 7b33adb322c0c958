import { z } from 'zod';
import { clarkName } from './names.ts';

/** What XML knows about a value and zod does not. */
export interface XmlFacts {
  /** Where the value stands; an element unless said. */
  readonly place?: 'attribute' | 'content' | 'type';
  /** Local name; the key in the schema's object unless given. */
  readonly name?: string;
  /** Namespace of the element or attribute itself. */
  readonly namespace?: string;
  /** Namespace of the elements inside. */
  readonly inner?: string;
  /** The text is a name with a prefix. */
  readonly isName?: boolean;
  /** Read as this schema says, and not checked against it. */
  readonly readAs?: z.core.$ZodType;
}

const facts = new WeakMap<z.core.$ZodType, XmlFacts>();

/** What has been said about a schema, or about the one that it was made from by a check such as `.min(1)`. */
export const factsOf = (schema: z.core.$ZodType): XmlFacts => {
  for (let each: z.core.$ZodType | undefined = schema; each !== undefined; each = each._zod.parent) {
    const known = facts.get(each);
    if (known !== undefined) return known;
  }
  return {};
};

/** The same schema with more said about it. A copy, because one schema may stand in several places. */
const noted = <Schema extends z.ZodType>(schema: Schema, more: XmlFacts): Schema => {
  const known = factsOf(schema);
  const copy = schema.clone();
  facts.set(copy, { ...known, ...more });
  return copy;
};

/** A name and a namespace other than those that follow from the place in the schema. */
export interface OwnName {
  /** Local name; the key in the schema's object unless given. */
  readonly name?: string;
  /** Namespace URI; an empty one is none, `*` takes any in an answer. */
  readonly namespace?: string;
}

/** A value that stands in an attribute. Without a namespace unless one is given, as almost all attributes are. */
export const attribute = <Schema extends z.ZodType>(schema: Schema, own: OwnName = {}): Schema =>
  noted(schema, { ...own, place: 'attribute' });

/** An element whose name or namespace differs from what the schema around it says. */
export const element = <Schema extends z.ZodType>(schema: Schema, own: OwnName): Schema => noted(schema, own);

/** The text of an element that also has attributes. */
export const content = <Schema extends z.ZodType>(schema: Schema): Schema => noted(schema, { place: 'content' });

/**
 * The elements inside belong to this namespace, as in a type of an XSD with `elementFormDefault="qualified"`; an empty
 * one for unqualified elements. Objects further inside take it over unless they name one of their own.
 */
export const inNamespace = <Schema extends z.ZodType>(namespace: string, schema: Schema): Schema =>
  noted(schema, { inner: namespace });

/** The `xsi:type` of an element as `{namespace}name`. Tells the options of a union apart. */
export const typeName = <const Name extends string, const Namespace extends string>(
  namespace: Namespace,
  name: Name,
): z.ZodLiteral<`{${Namespace}}${Name}`> => {
  // What clarkName gives for a namespace that is not empty; a type of an XSD always has one.
  const literal = clarkName({ namespace, name }) as `{${Namespace}}${Name}`;
  return noted(z.literal(literal), { place: 'type' });
};

/** An element that holds a name with a prefix: `{namespace}name` here, whatever its prefix on the wire. */
export const qualifiedName = (): z.ZodString => noted(z.string(), { isName: true });

/**
 * Elements read as the schema says, their values still text, and not checked. For the records of a page: the resource
 * checks each by its own schema, so that a bad one does not spoil the page.
 */
export const unparsed = (schema: z.ZodType): z.ZodUnknown => noted(z.unknown(), { readAs: schema });
