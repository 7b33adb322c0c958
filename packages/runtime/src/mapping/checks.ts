/**
 * What the compiler demands of each rule. The names of these types are the error messages, and TypeScript prints
 * type arguments, so the short ones come first.
 */
import type { z } from 'zod';
import type { Converter } from './converter.ts';
import type { CustomPlace } from './custom-fields.ts';
import type { At, HasPath, KeysOf, Paths, PickPaths, TuplePath } from './paths.ts';
import type { BagRule, ComputeRule, ConstantRule, CustomFieldsRule, FieldRule } from './rules.ts';

interface NoSuchModelField {
  readonly 'the model has no field of this name': never;
}
interface NoSuchWireField<Path> {
  readonly 'the wire record has no such path': Path;
}
interface NoSuchOption<Name> {
  readonly 'a rule has no option of this name': Name;
}
interface WrongValue<Name, Allowed> {
  readonly 'this value is not allowed here': [Name, Allowed];
}
interface NeedsConverter<Wire, Model> {
  readonly as: Converter<Wire, Model>;
}
interface NeedsPolicyForNull<Allowed> {
  readonly onNull: Allowed;
}
interface NeedsPolicyForMissing<Allowed> {
  readonly onMissing: Allowed;
}
interface NeedsValueThatClears<Wire> {
  readonly clear: Wire;
}
interface SayWhatIsLost {
  readonly lossy: string;
}
interface NeedsEach {
  readonly each: 'a mapping for the sub-records';
}
interface NeedsMappingOfSubRecords<Wire, Model> {
  readonly each: { readonly decode: (wire: Wire) => Model };
}
interface SubRecordsAreWrittenOnlyInPart {
  readonly access: 'read';
}
interface NeedsBagOf<Values> {
  readonly 'the values of the bag do not fit the model': Values;
}
interface ComputesTheWrongType<Wire, Model> {
  readonly compute: (wire: Wire) => Model;
}
interface UncomputesTheWrongType<Model, Wire> {
  readonly uncompute: (value: Model) => Wire;
}
interface CustomFieldsMayBeAbsent {
  readonly 'custom fields are absent until a host gives them: make the model field optional': never;
}
/** Fields that the model demands and no rule supplies. */
export type RequiredModelFieldWithoutRule<Field extends PropertyKey> = { readonly [K in Field]: 'a rule' };

type Present<T> = Exclude<T, null | undefined>;
type Fits<A, B> = [A] extends [B] ? true : false;

/** Whether a rule writes to the vendor. */
export type Writes<R> = R extends
  | { readonly access: 'read' }
  | { readonly constant: unknown }
  | { readonly fields: unknown }
  ? false
  : R extends { readonly compute: unknown }
    ? R extends { readonly uncompute: unknown }
      ? true
      : false
    : true;

type Misspelt<R, Known> = [Exclude<keyof R, Known>] extends [never] ? unknown : NoSuchOption<Exclude<keyof R, Known>>;

/**
 * An option that is missing where needed is named. One that is present and wrong is refused through a property that
 * cannot exist: two different literals in one option would collapse the whole rule to `never`, and say nothing.
 */
type Option<R, Name extends string, Allowed, IfMissing> = R extends { readonly [N in Name]: infer Value }
  ? Value extends Allowed
    ? unknown
    : WrongValue<Name, Allowed>
  : IfMissing;

type CheckSubRecords<WireItem, ModelItem, R, Each> = Each extends {
  readonly decode: (wire: infer In) => infer Out;
  readonly encode: (model: infer Writable) => infer Written;
}
  ? [Fits<WireItem, In>, Fits<Out, ModelItem>] extends [true, true]
    ? (Writes<R> extends true
        ? [Fits<ModelItem, Writable>, Fits<Written, WireItem>] extends [true, true]
          ? unknown
          : SubRecordsAreWrittenOnlyInPart
        : unknown) &
        (Each extends { readonly lossyFields: readonly (infer Lost)[] }
          ? [Lost] extends [never]
            ? unknown
            : SayWhatIsLost
          : unknown)
    : NeedsMappingOfSubRecords<WireItem, ModelItem>
  : never;

type CheckEach<Wire, Model, R, Each> = Wire extends readonly (infer WireItem)[]
  ? Model extends readonly (infer ModelItem)[]
    ? CheckSubRecords<WireItem, ModelItem, R, Each>
    : NeedsEach
  : NeedsEach;

type CheckConverter<Wire, Model, R, Used> = Used extends {
  readonly decode: (wire: infer In) => infer Out;
  readonly encode: (model: infer Back) => infer There;
}
  ? ([Fits<Wire, In>, Fits<Out, Model>] extends [true, true] ? unknown : NeedsConverter<Wire, Model>) &
      (Writes<R> extends true
        ? [Fits<Model, Back>, Fits<There, Wire>] extends [true, true]
          ? unknown
          : NeedsConverter<Wire, Model>
        : unknown) &
      (Used extends { readonly loss: string } ? SayWhatIsLost : unknown)
  : never;

type CheckValue<Wire, Model, R> = R extends { readonly each: infer Each }
  ? CheckEach<Wire, Model, R, Each>
  : R extends { readonly as: infer Used }
    ? CheckConverter<Wire, Model, R, Used>
    : [Fits<Wire, Model>, Writes<R> extends true ? Fits<Model, Wire> : true] extends [true, true]
      ? unknown
      : NeedsConverter<Wire, Model>;

type NullPolicy<Model> = 'reject' | { readonly use: Present<Model> } | (undefined extends Model ? 'absent' : never);
type MissingPolicy<Model> = 'reject' | { readonly use: Present<Model> } | (null extends Model ? 'null' : never);
type EmptyPolicy<Model> =
  | 'reject'
  | (null extends Model ? 'null' : never)
  | (undefined extends Model ? 'absent' : never);

type CheckNull<Wire, Model, R> = Option<
  R,
  'onNull',
  NullPolicy<Model>,
  null extends Wire ? (null extends Model ? unknown : NeedsPolicyForNull<NullPolicy<Model>>) : unknown
>;

type CheckMissing<Wire, Model, R> = Option<
  R,
  'onMissing',
  MissingPolicy<Model>,
  undefined extends Wire ? (undefined extends Model ? unknown : NeedsPolicyForMissing<MissingPolicy<Model>>) : unknown
>;

type CheckClear<Wire, Model, R> = Option<
  R,
  'clear',
  Wire,
  Writes<R> extends true
    ? null extends Model
      ? null extends Wire
        ? unknown
        : NeedsValueThatClears<Present<Wire>>
      : unknown
    : unknown
>;

/** A default of a two-way rule would be written back to the vendor: the rule says so, or is read-only. */
type CheckDefault<R> =
  Writes<R> extends true
    ? R extends { readonly onNull: { readonly use: unknown } } | { readonly onMissing: { readonly use: unknown } }
      ? Option<R, 'lossy', string, SayWhatIsLost>
      : unknown
    : unknown;

type CheckField<Wire, Model, R> = CheckValue<Present<Wire>, Present<Model>, R> &
  CheckNull<Wire, Model, R> &
  CheckMissing<Wire, Model, R> &
  Option<R, 'onEmpty', EmptyPolicy<Model>, unknown> &
  CheckClear<Wire, Model, R> &
  CheckDefault<R>;

type WrongTuples<Wire, Path> = Path extends TuplePath
  ? HasPath<Wire, KeysOf<Path>> extends true
    ? never
    : Path
  : never;
type CheckTuple<Wire, Path> = [WrongTuples<Wire, Path>] extends [never]
  ? unknown
  : NoSuchWireField<WrongTuples<Wire, Path>>;

type CheckCompute<Wire, Model, R> = R extends { readonly compute: (wire: Wire) => infer Out }
  ? [Out] extends [Model]
    ? unknown
    : ComputesTheWrongType<Wire, Model>
  : unknown;

type CheckUncompute<Wire, Model, R> = R extends {
  readonly uncompute: (value: infer Value) => infer Out;
  readonly uses: readonly (infer Used)[];
}
  ? [Fits<Model, Value>, Fits<Out, PickPaths<Wire, KeysOf<Used>>>] extends [true, true]
    ? unknown
    : UncomputesTheWrongType<Model, PickPaths<Wire, KeysOf<Used>>>
  : unknown;

type CheckRule<Wire, Model, R> = R extends string
  ? R extends Paths<Wire>
    ? CheckField<At<Wire, KeysOf<R>>, Model, { readonly from: R }>
    : NoSuchWireField<R>
  : R extends { readonly from: infer Path }
    ? CheckTuple<Wire, Path> & CheckField<At<Wire, KeysOf<Path>>, Model, R> & Misspelt<R, keyof FieldRule<never>>
    : R extends { readonly compute: unknown; readonly uses: readonly (infer Path)[] }
      ? CheckTuple<Wire, Path> &
          CheckCompute<Wire, Model, R> &
          CheckUncompute<Wire, Exclude<Model, undefined>, R> &
          Misspelt<R, keyof ComputeRule<never, never, never>>
      : R extends { readonly constant: infer Value }
        ? ([Value] extends [Model] ? unknown : WrongValue<'constant', Model>) & Misspelt<R, keyof ConstantRule>
        : R extends { readonly bag: infer Path }
          ? ([Present<At<Wire, KeysOf<Path>>>] extends [Present<Model>] ? unknown : NeedsBagOf<Model>) &
              CheckTuple<Wire, Path> &
              Misspelt<R, keyof BagRule<never>>
          : R extends { readonly fields: infer Path }
            ? (undefined extends Model ? unknown : CustomFieldsMayBeAbsent) &
                CheckTuple<Wire, Path> &
                Misspelt<R, keyof CustomFieldsRule<never>>
            : unknown;

/** Every rule beside what the compiler demands of it. */
export type Checked<Wire, Model, R> = {
  readonly [K in keyof R]: K extends keyof Model ? R[K] & CheckRule<Wire, Model[K], R[K]> : NoSuchModelField;
};

/** Fields that may be left out of the model. */
export type OptionalKeys<Model> = { [K in keyof Model]-?: object extends Pick<Model, K> ? K : never }[keyof Model];

/** Model fields that the rules write to the vendor. */
export type WritableKeys<R> = { [K in keyof R]: Writes<R[K]> extends true ? K : never }[keyof R];

/** Model fields that do not survive a round trip. */
export type LossyKeys<R> = { [K in keyof R]: R[K] extends { readonly lossy: string } ? K : never }[keyof R];

type PathsOf<R> = R extends string
  ? R
  : R extends { readonly from: infer Path } | { readonly bag: infer Path } | { readonly uses: readonly (infer Path)[] }
    ? Path
    : never;

/** Wire paths that the rules write, each as its keys. */
export type WrittenKeys<R> = KeysOf<PathsOf<R[WritableKeys<R>]>>;

type ValuesOf<R> = R extends { readonly values: infer Values extends z.ZodType } ? z.output<Values> : unknown;

/** Where the rules take custom fields, or undefined. */
export type PlaceOf<R> = [PlaceIn<R, keyof R>] extends [never] ? undefined : PlaceIn<R, keyof R>;

type PlaceIn<R, Field extends keyof R> = Field extends string
  ? R[Field] extends { readonly fields: infer Path }
    ? CustomPlace<Field, KeysOf<Path>, ValuesOf<R[Field]>, R[Field] extends { readonly access: 'read' } ? false : true>
    : never
  : never;
