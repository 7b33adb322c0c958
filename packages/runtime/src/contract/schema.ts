import { z } from 'zod';
import type { RecordIssue } from '../errors/connector-error.ts';

/** A parsed value, or why it does not fit. */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issues: readonly RecordIssue[] };

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');

/** zod's messages name types and allowed values, never the value found; keys that are not in the schema are data. */
const reasonOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'unrecognized_keys' ? 'has keys that the schema does not know' : issue.message;

/** zod's issues as ours: a path and a reason, without the value. */
export const recordIssues = (error: z.core.$ZodError): RecordIssue[] =>
  error.issues.map((issue) => ({ path: pathText(issue.path), reason: reasonOf(issue) }));

/**
 * A parser in zod's compiled form, which falls back to the plain one where code generation is not allowed.
 * Made once, used for every record.
 */
export const recordParser = <Schema extends z.ZodType>(
  schema: Schema,
): ((value: unknown) => Parsed<z.output<Schema>>) => {
  const compiled = z.compile(schema);
  return (value) => {
    const result = compiled.safeParse(value);
    return result.success ? { ok: true, value: result.data } : { ok: false, issues: recordIssues(result.error) };
  };
};
