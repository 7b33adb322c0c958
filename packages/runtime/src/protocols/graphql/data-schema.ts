import type { z } from 'zod';
import { type Parsed, recordParser } from '../../contract/schema.ts';
import { connectorError } from '../../errors/connector-error.ts';
import type { CallDescription } from '../../resilience/call-road.ts';

/** Compiling a schema costs more than many answers. */
const parsers = new WeakMap<z.ZodType, (value: unknown) => Parsed<unknown>>();

const parserOf = (schema: z.ZodType) => {
  const known = parsers.get(schema);
  if (known !== undefined) return known;
  const made = recordParser(schema);
  parsers.set(schema, made);
  return made;
};

/**
 * Data that fits its schema.
 * @throws ConnectorError `schema-drift` with the issues; `unknown-outcome` where the answer is that of a write which
 * must not be done twice: it has happened, and what it made cannot be read.
 */
export const checkedData = (schema: z.ZodType, data: unknown, call: CallDescription): unknown => {
  const parsed = parserOf(schema)(data);
  if (parsed.ok) return parsed.value;
  const { method, template, effect } = call;
  const code = effect === 'unsafe' ? 'unknown-outcome' : 'schema-drift';
  const { issues } = parsed;
  throw connectorError(code, 'the data of the answer is not what its schema says', { method, template, issues });
};
