import { isFields } from '../../mapping/key-path.ts';

/** Data of an answer with errors, in which nothing that failed passes for null. */
export interface PartialData {
  readonly data: unknown;
  /** Dotted paths of the fields that are not known, because the vendor could not give them. */
  readonly unknown: readonly string[];
}

/**
 * Takes out of the data what failed: GraphQL puts null there, and up to the next nullable parent, which would read as
 * an emptied field or a deleted record. A field that failed is absent; in a list its place is undefined.
 */
export const withoutFailed = (data: unknown, failed: readonly (readonly (string | number)[])[]): PartialData => {
  const unknown = new Set<string>();
  let known = data;
  for (const path of failed) {
    const at = nullOn(data, path);
    if (at.length === 0) continue;
    unknown.add(at.join('.'));
    known = without(known, at);
  }
  return { data: known, unknown: [...unknown] };
};

/** The part of a path down to the null that the failure left; the whole path where nothing on it is null. */
const nullOn = (data: unknown, path: readonly (string | number)[]): readonly (string | number)[] => {
  let value = data;
  for (const [index, step] of path.entries()) {
    value = isFields(value) && Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined;
    if (value === null || value === undefined) return path.slice(0, index + 1);
  }
  return path;
};

/** A copy of the value without what stands at the path. */
const without = (value: unknown, [step, ...rest]: readonly (string | number)[]): unknown => {
  if (step === undefined) return undefined;
  if (Array.isArray(value)) return value.map((each, index) => (index === Number(step) ? without(each, rest) : each));
  if (!isFields(value)) return value;
  const { [step]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...others, [step]: without(inner, rest) };
};
