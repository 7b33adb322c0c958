import type { RecordIssue } from '../errors/connector-error.ts';
import { isFields } from '../mapping/key-path.ts';

/**
 * A value that JSON cannot say and would write as null in silence: NaN, infinity, a date that is none. Undefined where
 * all of the record can be written.
 */
export const unwritable = (value: unknown, path = ''): RecordIssue | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { path, reason: 'is not a finite number' };
  if (!isFields(value)) return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? { path, reason: 'is not a date' } : undefined;
  const isList = Array.isArray(value);
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner !== 'number' && typeof inner !== 'object') continue;
    const below = path === '' ? key : `${path}.${key}`;
    const issue = unwritable(inner, isList ? `${path}[${key}]` : below);
    if (issue !== undefined) return issue;
  }
  return undefined;
};
