import { z } from 'zod';
import { type ConnectorError, connectorError } from '../errors/connector-error.ts';
import type { CustomPlace, ExtendAt, ExtendModel, ExtendWritable, ExtendWritten } from '../mapping/custom-fields.ts';
import { pathText } from '../mapping/key-path.ts';
import type { ResourceDefinition, ResourceShape } from './resource.ts';
import { nearestName } from './settings.ts';

type Resources = Readonly<Record<string, ResourceDefinition>>;

type PlaceIn<Definition> =
  Definition extends ResourceDefinition<infer Shape extends ResourceShape>
    ? Extract<Shape['custom'], CustomPlace>
    : never;

type TakesFields<Given> = {
  [Name in keyof Given]: [PlaceIn<Given[Name]>] extends [never] ? never : Name;
}[keyof Given];

/** Custom fields by resource: for each that takes any, a schema of its own. */
export type CustomFields<Given> = { readonly [Name in TakesFields<Given>]?: z.ZodObject };

interface NoSuchResource<Names> {
  readonly 'no resource of this name takes custom fields; these do': Names;
}
interface WrongFieldType<Name, Allowed> {
  readonly 'the vendor keeps no values of this type here': [Name, Allowed];
}

type WrongFields<Fields, Values> = {
  [Name in keyof Fields]-?: [Fields[Name]] extends [Values] ? never : Name;
}[keyof Fields];

type CheckFields<Schema, Values> = Schema extends z.ZodType
  ? [WrongFields<z.output<Schema>, Values>] extends [never]
    ? unknown
    : WrongFieldType<WrongFields<z.output<Schema>, Values>, Values>
  : never;

/** Custom fields beside what the compiler demands of them. */
export type CheckedFields<Given, Fields> = {
  readonly [Name in keyof Fields]: Name extends TakesFields<Given>
    ? Fields[Name] &
        CheckFields<
          Fields[Name],
          PlaceIn<Given[Name & keyof Given]>['values'] extends infer Values
            ? Exclude<Values, undefined> extends z.ZodType<infer Value>
              ? Value
              : unknown
            : never
        >
    : NoSuchResource<TakesFields<Given>>;
};

type Widened<Shape extends ResourceShape, Place extends CustomPlace, Custom> = {
  readonly record: ExtendAt<Shape['record'], Place['keys'], Custom>;
  readonly written: ExtendWritten<Shape['written'], Place, Custom>;
  readonly model: ExtendModel<Shape['model'], Place['field'], Custom>;
  readonly writable: ExtendWritable<Shape['writable'], Place, Custom>;
  readonly operations: Shape['operations'];
};

/** The types of a resource with the custom fields of one account. */
export type ExtendShape<Shape extends ResourceShape, Schema> = Schema extends z.ZodObject
  ? [Extract<Shape['custom'], CustomPlace>] extends [never]
    ? Shape
    : Widened<Shape, Extract<Shape['custom'], CustomPlace>, z.output<Schema>>
  : Shape;

/** What is checked, and of whom. */
interface Place {
  readonly connector: string;
  readonly resource: string;
}

const refusal = ({ connector, resource }: Place, reason: string): ConnectorError =>
  connectorError('invalid-settings', `custom fields of ${connector}.${resource}: ${reason}`, { connector });

/**
 * The resources with the custom fields that a host gives for them.
 * @throws ConnectorError `invalid-settings` for a resource that there is not, one that takes no custom fields, a name
 * that the record has already, and a type that the vendor does not keep there; `invalid-definition` for a schema that
 * changes values.
 */
export const withCustomFields = (
  connector: string,
  { resources, fields }: { readonly resources: Resources; readonly fields: Readonly<Record<string, unknown>> },
): Resources => {
  const extended = { ...resources };
  for (const [resource, schema] of Object.entries(fields)) {
    if (schema === undefined) continue;
    const definition = Object.hasOwn(resources, resource) ? resources[resource] : undefined;
    const place = { connector, resource };
    if (definition === undefined) throw refusal(place, unknownResource(resource, Object.keys(resources)));
    extended[resource] = extendedResource(definition, { place, schema });
  }
  return extended;
};

const unknownResource = (name: string, known: readonly string[]): string => {
  const nearest = nearestName(name, known);
  return `there is no such resource: ${nearest === undefined ? `known are ${known.join(', ')}` : `did you mean '${nearest}'?`}`;
};

const extendedResource = (
  definition: ResourceDefinition,
  { place, schema }: { readonly place: Place; readonly schema: unknown },
): ResourceDefinition => {
  const { mapping, record } = definition;
  const custom = mapping?.custom;
  if (mapping === undefined || custom === undefined) throw refusal(place, 'the resource takes none');
  if (!(schema instanceof z.ZodObject) || !(record instanceof z.ZodObject)) {
    throw refusal(place, 'give them as z.object({ … }) of zod 4');
  }
  const { keys, values } = custom;
  for (const [name, field] of Object.entries<z.core.$ZodType>(schema.shape)) {
    const path = pathText([...keys, name]);
    if (mapping.wirePaths.includes(path)) throw refusal(place, `'${name}' is mapped already, from ${path}`);
    if (values !== undefined && !fits(field, values)) {
      throw refusal(place, `'${name}' takes values of a type that the vendor does not keep in ${pathText(keys)}`);
    }
  }
  return {
    ...definition,
    record: mapping.extendRecord(record, schema.shape),
    mapping: mapping.extended(schema),
    fields: Object.keys(schema.shape),
  };
};

const probes: readonly unknown[] = ['', 'text', '0', 0, 1, 1.5, true, new Date(0), [], ['text'], {}];

const accepts = (schema: z.core.$ZodType, value: unknown): boolean => {
  try {
    return z.safeParse(schema, value).success;
  } catch {
    // An asynchronous refinement runs only on values whose type its schema took.
    return true;
  }
};

/** Schemas cannot be compared. What one takes and the other does not, of values of each type, can be found out. */
const fits = (field: z.core.$ZodType, values: z.ZodType): boolean =>
  [...probes, ...(field._zod.values ?? [])].every((probe) => !accepts(field, probe) || accepts(values, probe));
