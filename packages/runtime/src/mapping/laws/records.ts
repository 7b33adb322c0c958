import { type Fields, isFields, type KeyPath } from '../key-path.ts';

const isPlain = (value: unknown): value is Fields =>
  isFields(value) && !Array.isArray(value) && !(value instanceof Date);

/** One record over another, object by object; lists and values are whole. */
export const merged = (under: unknown, over: unknown): unknown => {
  if (!isPlain(under) || !isPlain(over)) return over;
  const made: Fields = { ...under };
  for (const [key, value] of Object.entries(over)) made[key] = key in under ? merged(under[key], value) : value;
  return made;
};

/** The value at a path; undefined where any part is missing. */
export const valueAt = (record: unknown, path: KeyPath): unknown =>
  path.reduce<unknown>((value, key) => (isFields(value) ? value[key] : undefined), record);

/** A copy with one more value; parents that are no records are made. */
export const withValue = (
  record: unknown,
  { path, value }: { readonly path: KeyPath; readonly value: unknown },
): Fields => {
  const [key = '', ...rest] = path;
  const copy: Fields = isPlain(record) ? { ...record } : {};
  copy[key] = rest.length === 0 ? value : withValue(copy[key], { path: rest, value });
  return copy;
};

/** The paths of everything that is no record; an empty record is a value. */
export const leavesOf = (record: unknown, path: KeyPath = []): readonly KeyPath[] => {
  if (!isPlain(record)) return [path];
  return Object.entries(record).flatMap(([key, value]) => leavesOf(value, [...path, key]));
};

/** Whether two values are the same: dates by their instant, records by their fields. Absent and undefined are one. */
export const isSame = (one: unknown, other: unknown): boolean => {
  if (Object.is(one, other) || one === other) return true;
  if (one instanceof Date || other instanceof Date) {
    return one instanceof Date && other instanceof Date && one.getTime() === other.getTime();
  }
  if (!isFields(one) || !isFields(other) || Array.isArray(one) !== Array.isArray(other)) return false;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => isSame(one[key], other[key]));
};
