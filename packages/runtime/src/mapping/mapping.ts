import type { z } from 'zod';
import { connectorError } from '../errors/connector-error.ts';
import type {
  Checked,
  LossyKeys,
  OptionalKeys,
  PlaceOf,
  RequiredModelFieldWithoutRule,
  WritableKeys,
  WrittenKeys,
} from './checks.ts';
import { type AnyRule, compile, type Definition } from './compile.ts';
import { type CustomPlace, extendSchema } from './custom-fields.ts';
import { explain } from './explain.ts';
import { invalidRecord, type MappingResult } from './issues.ts';
import { type Fields, isFields, type KeyPath, keyPath, pathText } from './key-path.ts';
import type { PickPaths } from './paths.ts';
import type { Rules } from './rules.ts';
import type { Passage, Step } from './step.ts';
import { refuseChangingSchema } from './wire-schema.ts';

type Show<T> = { [K in keyof T]: T[K] } & {};

/** The part of a wire record that a change writes: any fields of it, at any depth; lists are whole. */
export type WireChange<Written> = Written extends readonly unknown[] | Date
  ? Written
  : Written extends object
    ? { readonly [K in keyof Written]?: WireChange<Written[K]> }
    : Written;

/**
 * Documented rules between a wire schema and a model schema. `Writable` is the model without its read-only fields,
 * `Written` the wire record cut down to what the rules write, `Lossy` the names of the lossy fields.
 */
export interface Mapping<
  Wire,
  Model,
  Writable extends object,
  Written,
  Lossy,
  Place extends CustomPlace | undefined = undefined,
> {
  /** For people: `HubSpot contact ⇄ Contact`, from the titles in the schemas' meta data. */
  readonly title: string;
  readonly wireSchema: z.ZodType<Wire>;
  readonly modelSchema: z.ZodType<Model>;
  /** @throws ConnectorError `invalid-record` with one issue for each rule that failed. */
  readonly decode: (wire: Wire) => Model;
  /** As `decode`, for bad data without throwing. */
  readonly tryDecode: (wire: Wire) => MappingResult<Model>;
  /**
   * Whole record: every required writable field is demanded; a null of the model is written as null (or `clear`) even
   * beneath a parent that was null. To update a record use `encodeChange`.
   * @throws ConnectorError `invalid-record` with one issue for each rule that failed.
   */
  readonly encode: (model: Writable) => Written;
  /** As `encode`, for bad data without throwing. */
  readonly tryEncode: (model: Writable) => MappingResult<Written>;
  /**
   * Changed fields only: writes nothing that the change does not name.
   * @throws ConnectorError `invalid-record` with one issue for each rule that failed.
   */
  readonly encodeChange: (change: Partial<Writable>) => WireChange<Written>;
  /** As `encodeChange`, for bad data without throwing. */
  readonly tryEncodeChange: (change: Partial<Writable>) => MappingResult<WireChange<Written>>;
  /** The rules as a Markdown table under a heading of level 3; optional model fields without a rule included. */
  readonly explain: () => string;
  /** Every wire path that a rule reads or writes, once each; a key that holds a dot as `properties['a.b']`. */
  readonly wirePaths: readonly string[];
  /** The same paths, each as its keys. */
  readonly wireKeys: readonly (readonly string[])[];
  /** Model fields that do not survive a round trip. */
  readonly lossyFields: readonly Lossy[];
  /** Each rule as checks and documentation see it. */
  readonly fields: readonly MappedField[];
  /** Where custom fields go; undefined where the mapping takes none. */
  readonly custom: Place;
  /**
   * The same mapping with the custom fields of one account, under the same names on both sides. `open` calls it;
   * `withFields` is the same with types.
   * @throws ConnectorError `invalid-definition` where the mapping takes none, or a schema changes values.
   */
  readonly extended: (fields: z.ZodObject) => AnyMapping;
  /** The same for the schema of a resource. @throws ConnectorError `invalid-definition` */
  readonly extendRecord: ExtendRecord;
}

/** A record's schema with more fields at the place of custom ones. */
type ExtendRecord = (record: z.ZodObject, shape: z.core.$ZodShape) => z.ZodObject;

/** A rule: its model field, its wire paths, whether it is lossy, its words for the table, and whether it writes. */
export type MappedField = Pick<Step, 'field' | 'paths' | 'lossy' | 'row'> & { readonly write?: unknown };

/** Any mapping, where the records do not matter. */
export interface AnyMapping {
  readonly title: string;
  readonly wireSchema: z.ZodType;
  readonly modelSchema: z.ZodType;
  readonly decode: (wire: never) => unknown;
  readonly tryDecode: (wire: never) => MappingResult<unknown>;
  readonly encode: (model: never) => unknown;
  readonly tryEncode: (model: never) => MappingResult<unknown>;
  readonly encodeChange: (change: never) => unknown;
  readonly tryEncodeChange: (change: never) => MappingResult<unknown>;
  readonly explain: () => string;
  readonly wirePaths: readonly string[];
  readonly wireKeys: readonly (readonly string[])[];
  readonly lossyFields: readonly unknown[];
  readonly fields: readonly MappedField[];
  readonly custom: CustomPlace | undefined;
  readonly extended: (fields: z.ZodObject) => AnyMapping;
  readonly extendRecord: ExtendRecord;
}

/** The wire record that a mapping reads. */
export type WireOf<M extends AnyMapping> = M['decode'] extends (wire: infer Wire) => unknown ? Wire : never;
/** The model that a mapping gives. */
export type ModelOf<M extends AnyMapping> = ReturnType<M['decode']>;
/** What `encode` takes: the model without its read-only fields. */
export type WritableOf<M extends AnyMapping> = M['encode'] extends (model: infer Writable) => unknown
  ? Writable
  : never;
/** What `encode` gives: the wire record cut down to what the rules write. */
export type WrittenOf<M extends AnyMapping> = ReturnType<M['encode']>;
/** What `encodeChange` gives. */
export type ChangeOf<M extends AnyMapping> = ReturnType<M['encodeChange']>;

/**
 * Defines a mapping. All types come from the two schemas and the rules; nothing is annotated.
 * @throws ConnectorError `invalid-definition` when the wire schema changes values (transform, default, trim, coerce),
 * when two rules write one wire path, or when a path uses a key that every object inherits.
 * @example
 * ```ts
 * import { isoInstant } from '@mortise/runtime';
 * import { mapping } from '@mortise/runtime/mapping';
 * import { z } from 'zod';
 * const Wire = z.object({ id: z.string(), mail: z.string().nullish(), changed: z.string() });
 * const Person = z.object({ id: z.string(), email: z.string().nullable(), updatedAt: z.date() });
 * const person = mapping(Wire, Person, {
 *   id: { from: 'id', access: 'read' },
 *   email: { from: 'mail', onMissing: 'null' },
 *   updatedAt: { from: 'changed', as: isoInstant, access: 'read' },
 * });
 * ```
 */
export function mapping<
  WireSchema extends z.ZodObject,
  ModelSchema extends z.ZodObject,
  const R extends Rules<z.output<WireSchema>, z.output<ModelSchema>>,
>(
  wire: WireSchema,
  model: ModelSchema,
  rules: R &
    Checked<z.output<WireSchema>, z.output<ModelSchema>, R> &
    RequiredModelFieldWithoutRule<Exclude<keyof z.output<ModelSchema>, OptionalKeys<z.output<ModelSchema>> | keyof R>>,
): Mapping<
  z.output<WireSchema>,
  z.output<ModelSchema>,
  Show<Pick<z.output<ModelSchema>, WritableKeys<R> & keyof z.output<ModelSchema>>>,
  Show<PickPaths<z.input<WireSchema>, WrittenKeys<R>>>,
  LossyKeys<R>,
  PlaceOf<R>
>;
// The seam: outside it every type is inferred from the schemas, inside it records are plain fields.
export function mapping(
  wire: z.ZodObject,
  model: z.ZodObject,
  rules: Readonly<Record<string, AnyRule>>,
): ErasedMapping {
  const title = `${wire.meta()?.title ?? 'wire record'} ⇄ ${model.meta()?.title ?? 'model'}`;
  return defined({ title, wire, model, rules });
}

type ErasedMapping = Mapping<Fields, Fields, Fields, Fields, string, CustomPlace | undefined>;

const defined = (definition: Definition & { readonly wire: z.ZodObject }): ErasedMapping => {
  const { title, wire, model, rules } = definition;
  refuseChangingSchema(wire, title);
  const steps = compile(definition);
  const wireKeys = distinct(steps.flatMap((step) => step.paths));
  const custom = placeOf(rules);
  const extendRecord: ExtendRecord = (record, shape) => {
    if (custom === undefined) throw connectorError('invalid-definition', `${title} takes no custom fields`);
    return extendSchema(record, { keys: custom.keys, shape });
  };
  return {
    title,
    wireSchema: wire,
    modelSchema: model,
    ...directions(title, steps),
    explain: () => explain({ title, steps, fields: Object.keys(model.shape) }),
    wirePaths: wireKeys.map(pathText),
    wireKeys,
    lossyFields: steps.filter((step) => step.lossy).map((step) => step.field),
    fields: steps,
    custom,
    extended: (fields) =>
      defined({
        ...definition,
        wire: extendRecord(wire, fields.shape),
        model: model.safeExtend({ [custom?.field ?? '']: fields }).meta(model.meta() ?? {}),
        custom: Object.keys(fields.shape),
      }),
    extendRecord,
  };
};

const placeOf = (rules: Definition['rules']): CustomPlace | undefined => {
  for (const [field, rule] of Object.entries(rules)) {
    if (typeof rule === 'string' || !('fields' in rule)) continue;
    return { field, keys: keyPath(rule.fields), values: rule.values, written: rule.access !== 'read' };
  }
  return undefined;
};

const distinct = (paths: readonly KeyPath[]): readonly KeyPath[] => [
  ...new Map(paths.map((keys) => [JSON.stringify(keys), keys])).values(),
];

const directions = (title: string, steps: readonly Step[]) => {
  const reads = steps.map((step) => step.read);
  const writes = steps.flatMap(({ write }) => (write ? [write] : []));
  const tryDecode = runner(reads, true);
  const tryEncode = runner(writes, true);
  const tryEncodeChange = runner(writes, false);
  return {
    decode: throwing(`${title}: the wire record cannot be decoded`, tryDecode),
    tryDecode,
    encode: throwing(`${title}: the model cannot be encoded`, tryEncode),
    tryEncode,
    encodeChange: throwing(`${title}: the change cannot be encoded`, tryEncodeChange),
    tryEncodeChange,
  };
};

const runner =
  (steps: readonly ((passage: Passage) => void)[], whole: boolean) =>
  (from: Fields): MappingResult<Fields> => {
    if (!isFields(from)) return { ok: false, issues: [{ path: '', field: '', reason: 'is not a record' }] };
    const passage: Passage = { from, into: {}, issues: [], whole };
    for (const step of steps) step(passage);
    return passage.issues.length === 0 ? { ok: true, value: passage.into } : { ok: false, issues: passage.issues };
  };

const throwing =
  (what: string, attempt: (from: Fields) => MappingResult<Fields>) =>
  (from: Fields): Fields => {
    const result = attempt(from);
    if (!result.ok) throw invalidRecord(what, result.issues);
    return result.value;
  };
