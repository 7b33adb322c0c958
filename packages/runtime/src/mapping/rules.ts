import type { z } from 'zod';
import type { MappingResult } from './issues.ts';
import type { Paths, TuplePath } from './paths.ts';

interface Documented {
  /** Words for the table of `explain`. */
  readonly note?: string;
}

interface AnyConverter {
  readonly name: string;
  readonly decode: (wire: never) => unknown;
  readonly encode: (model: never) => unknown;
  readonly loss?: string;
}

/** What `each` needs of a mapping. */
interface SubMapping {
  readonly title: string;
  readonly tryDecode: (wire: never) => MappingResult<unknown>;
  readonly tryEncode: (model: never) => MappingResult<unknown>;
}

/** One model field from one wire path. */
export interface FieldRule<Path> extends Documented {
  readonly from: Path | TuplePath;
  /** Converts a present value; null, missing and (with `onEmpty`) empty values do not reach it. */
  readonly as?: AnyConverter;
  /** Maps each record of a list. */
  readonly each?: SubMapping;
  readonly onNull?: 'reject' | 'absent' | { readonly use: unknown };
  readonly onMissing?: 'reject' | 'null' | { readonly use: unknown };
  /** What an empty text or list means; without it, an empty text is a text and an empty list a list. */
  readonly onEmpty?: 'reject' | 'null' | 'absent';
  /** The wire value that stands for null, written to clear the field and read back as null. */
  readonly clear?: unknown;
  readonly access?: 'read';
  /** What does not survive a round trip. */
  readonly lossy?: string;
}

/** One model field from several wire fields; with `uncompute`, in both directions. */
export interface ComputeRule<Path, Value, Wire> extends Documented {
  readonly compute: (wire: Wire) => unknown;
  /** Gives back a wire record that holds only the paths of `uses`. */
  readonly uncompute?: (value: Value) => unknown;
  readonly uses: readonly (Path | TuplePath)[];
  /** What does not survive a round trip. */
  readonly lossy?: string;
}

/** A model field that the vendor does not have. */
export interface ConstantRule extends Documented {
  readonly constant: unknown;
}

/** Fields whose names are known at run time only: model name to wire name, all beneath one path. */
export interface BagRule<Path> extends Documented {
  readonly bag: Path | TuplePath;
  readonly names: Readonly<Record<string, string>>;
  readonly access?: 'read';
}

/** Marks where the custom fields lie that a host gives at `open`, under the same names on both sides. */
export interface CustomFieldsRule<Path> extends Documented {
  readonly fields: Path | TuplePath;
  /** What any value there is: custom fields of another type are refused. Without it, any type is taken. */
  readonly values?: z.ZodType;
  readonly access?: 'read';
}

/** A path alone when nothing needs saying, otherwise an object. */
export type Rule<Path, Value, Wire> =
  | Path
  | FieldRule<Path>
  | ComputeRule<Path, Value, Wire>
  | ConstantRule
  | BagRule<Path>
  | CustomFieldsRule<Path>;

/** At most one rule for each field of the model. */
export type Rules<Wire, Model> = {
  readonly [K in keyof Model]?: Rule<Paths<Wire>, Exclude<Model[K], undefined>, Wire>;
};
