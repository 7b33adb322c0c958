import { z } from 'zod';
import { connectorError } from '../errors/connector-error.ts';
import type { Mapping } from './mapping.ts';

/** Where a mapping takes custom fields, carried in its type. Made by the rule `{ fields: 'properties' }`. */
export interface CustomPlace<
  Field extends string = string,
  Keys extends readonly string[] = readonly string[],
  Values = unknown,
  Written extends boolean = boolean,
> {
  /** Field of the model that holds them. */
  readonly field: Field;
  /** Keys of the wire record beneath which they lie. */
  readonly keys: Keys;
  /** What any value there is, as the connector's author says. */
  readonly values: z.ZodType<Values> | undefined;
  readonly written: Written;
}

/** A record type with more fields at the end of a path; parents that are not there are made. */
export type ExtendAt<T, Keys, Custom> = Keys extends readonly [infer Head extends string, ...infer Rest]
  ? T extends null | undefined
    ? T
    : Head extends keyof T
      ? { [K in keyof T]: K extends Head ? ExtendAt<T[K], Rest, Custom> : T[K] }
      : T & { readonly [K in Head]: ExtendAt<unknown, Rest, Custom> }
  : T extends null | undefined
    ? T
    : T & Custom;

/** A model whose field of custom fields is known. */
export type ExtendModel<Model, Field, Custom> = {
  [K in keyof Model as K extends Field ? never : K]: Model[K];
} & { [K in Field & string]: Custom };

/** What may be written: only the custom fields that a record names are. */
export type ExtendWritable<Writable, Place, Custom> = Place extends {
  readonly written: true;
  readonly field: infer Field;
}
  ? Writable & { readonly [K in Field & string]?: Partial<Custom> }
  : Writable;

/** The wire record that is written, with the custom fields. */
export type ExtendWritten<Written, Place, Custom> = Place extends { readonly written: true; readonly keys: infer Keys }
  ? ExtendAt<Written, Keys, Partial<Custom>>
  : Written;

/** A mapping with the custom fields of one account in its wire record and its model. */
export type ExtendedMapping<M, Custom> =
  M extends Mapping<infer Wire, infer Model, infer Writable, infer Written, infer Lossy, infer Place>
    ? Place extends CustomPlace
      ? Mapping<
          ExtendAt<Wire, Place['keys'], Custom>,
          ExtendModel<Model, Place['field'], Custom>,
          ExtendWritable<Writable, Place, Custom> & object,
          ExtendWritten<Written, Place, Custom>,
          Lossy,
          undefined
        >
      : never
    : never;

/** What is added to a schema, and where. */
interface Extension {
  readonly keys: readonly string[];
  readonly shape: z.core.$ZodShape;
}

const misplaced = () =>
  connectorError('invalid-definition', 'the rule of custom fields must lead through objects to an object');

/**
 * The schema with more fields at the end of a path. What is optional or nullable on the way stays so.
 * @throws ConnectorError `invalid-definition` where the path does not lead through objects.
 */
export const extendSchema = (schema: z.ZodObject, { keys, shape }: Extension): z.ZodObject => {
  const [head, ...rest] = keys;
  const child = head === undefined ? undefined : schema.shape[head];
  if (head !== undefined && child === undefined) throw misplaced();
  const more = head === undefined || child === undefined ? shape : { [head]: extended(child, { keys: rest, shape }) };
  return schema.safeExtend(more).meta(schema.meta() ?? {});
};

const extended = (schema: z.core.$ZodType, extension: Extension): z.core.$ZodType => {
  if (schema instanceof z.ZodOptional) return z.optional(extended(schema.def.innerType, extension));
  if (schema instanceof z.ZodNullable) return z.nullable(extended(schema.def.innerType, extension));
  if (schema instanceof z.ZodObject) return extendSchema(schema, extension);
  throw misplaced();
};
