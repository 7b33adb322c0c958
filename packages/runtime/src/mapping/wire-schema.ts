import { z } from 'zod';
import { connectorError } from '../errors/connector-error.ts';
import { isFields } from './key-path.ts';

/** Kinds of schema whose output is another value than their input. */
const changing: Readonly<Record<string, string>> = {
  transform: 'transforms its value',
  default: 'has a default',
  prefault: 'has a default',
  catch: 'has a fallback value',
  success: 'transforms its value',
};

/**
 * A wire schema describes what the vendor sends and takes. If it changed values on parse, the rules would be checked
 * against one type and write another.
 * @throws ConnectorError `invalid-definition` naming the field path.
 */
export const refuseChangingSchema = (schema: z.core.$ZodType, title: string): void => {
  const found = findChange(schema, { path: '', seen: new Set() });
  if (found === undefined) return;
  throw connectorError(
    'invalid-definition',
    `${title}: the wire schema ${found.what} at '${found.path || 'the record itself'}': ` +
      'describe the vendor’s value as it is and convert it in a rule (as, onMissing, onNull)',
  );
};

interface Walk {
  readonly path: string;
  readonly seen: Set<z.core.$ZodType>;
}

interface Change {
  readonly path: string;
  readonly what: string;
}

const findChange = (schema: z.core.$ZodType, walk: Walk): Change | undefined => {
  if (walk.seen.has(schema)) return undefined;
  walk.seen.add(schema);
  const what = changeOf(schema);
  if (what !== undefined) return { path: walk.path, what };
  for (const [suffix, child] of childrenOf(schema)) {
    const path = suffix.startsWith('.') && walk.path === '' ? suffix.slice(1) : `${walk.path}${suffix}`;
    const found = findChange(child, { ...walk, path });
    if (found !== undefined) return found;
  }
  return undefined;
};

const changeOf = (schema: z.core.$ZodType): string | undefined => {
  const { def } = schema._zod;
  if (def.type in changing) return changing[def.type];
  if ('coerce' in def && def.coerce === true) return 'coerces its value';
  if ('normalize' in def && def.normalize === true) return 'normalizes its value';
  if ('transform' in def && typeof def.transform === 'function') return 'transforms its value';
  if (def.checks?.some((check) => check._zod.def.check === 'overwrite')) return 'rewrites its value';
  return undefined;
};

/** Every schema that a schema's definition holds, whatever its kind: no list of kinds to keep up to date. */
const childrenOf = (schema: z.core.$ZodType): readonly (readonly [string, z.core.$ZodType])[] => {
  if (schema instanceof z.core.$ZodLazy) return [['', schema._zod.innerType]];
  return Object.entries(schema._zod.def).flatMap(([slot, value]: [string, unknown]) => {
    if (slot === 'shape' && isFields(value)) {
      return Object.entries(value).flatMap(([key, child]: [string, unknown]) => schemas(`.${key}`, child));
    }
    return schemas(suffixes[slot] ?? '', value);
  });
};

const suffixes: Readonly<Record<string, string>> = {
  element: '[]',
  items: '[]',
  rest: '[]',
  valueType: '.*',
  catchall: '.*',
};

const schemas = (suffix: string, value: unknown): readonly (readonly [string, z.core.$ZodType])[] => {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => schemas(suffix, item));
  return value instanceof z.core.$ZodType ? [[suffix, value]] : [];
};
