import { instantMilliseconds } from '../mapping/iso-instant.ts';
import { isFields } from '../mapping/key-path.ts';

/** Reads a dotted path of a record; undefined where any part is missing. */
export const readField = (record: unknown, path: string): unknown => {
  let value: unknown = record;
  for (const part of path.split('.')) {
    if (!isFields(value)) return undefined;
    value = Object.hasOwn(value, part) ? Reflect.get(value, part) : undefined;
  }
  return value;
};

/** Makes a reader of one dotted path, split once. */
export const fieldReader = (path: string): ((record: unknown) => unknown) => {
  const parts = path.split('.');
  const [only] = parts;
  if (parts.length > 1 || only === undefined) return (record) => readField(record, path);
  return (record) => (isFields(record) ? Reflect.get(record, only) : undefined);
};

/**
 * A key as text: ids come as text or number. Undefined where there is none, and for a text that no database keeps as it
 * is: half a surrogate pair becomes another character, so that two keys could become one, and U+0000 ends a text.
 */
export const keyText = (value: unknown): string | undefined => {
  if (typeof value === 'string') {
    return value !== '' && value.isWellFormed() && !value.includes('\0') ? value : undefined;
  }
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
};

/** A change stamp as Unix milliseconds: ISO text with a zone, or a number of milliseconds. Undefined where unreadable. */
export const stampMilliseconds = (value: unknown): number | undefined => {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const milliseconds = instantMilliseconds(value) ?? (/^\d{10,}$/.test(value) ? Number(value) : Number.NaN);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
};
