import { z } from 'zod';
import { connectorError } from '../errors/connector-error.ts';
import { type AnyBagRule, bagStep } from './bag-step.ts';
import { type AnyComputeRule, computeStep } from './compute-step.ts';
import { type AnyFieldRule, fieldStep } from './field-step.ts';
import { type KeyPath, keyPath, pathText, refuseKey } from './key-path.ts';
import type { FieldContext, Step } from './step.ts';

interface AnyConstantRule {
  readonly constant: unknown;
  readonly note?: string;
}

interface AnyCustomFieldsRule {
  readonly fields: string | KeyPath;
  readonly values?: z.ZodType;
  readonly access?: 'read';
  readonly note?: string;
}

/** A rule after the compiler has checked it: what it converts is unknown from here on. */
export type AnyRule = string | AnyFieldRule | AnyComputeRule | AnyConstantRule | AnyBagRule | AnyCustomFieldsRule;

/** What a mapping is compiled from. */
export interface Definition {
  readonly title: string;
  readonly model: z.ZodObject;
  readonly rules: Readonly<Record<string, AnyRule>>;
  /** Names of the custom fields; absent where a host gave none. */
  readonly custom?: readonly string[];
}

/**
 * Compiles every rule, once.
 * @throws ConnectorError `invalid-definition` for a path or field of a key that every object inherits, and for two
 * rules that write one wire path.
 */
export const compile = ({ title, model, rules, custom }: Definition): readonly Step[] => {
  const steps = Object.entries(rules).map(([field, rule]) => {
    refuseKey(field, field);
    const schema = model.shape[field];
    const context = {
      field,
      nullable: schema === undefined || accepts(schema, null),
      optional: schema === undefined || accepts(schema, undefined),
    };
    return typeof rule === 'object' && 'fields' in rule ? customStep(rule, { context, custom }) : stepOf(rule, context);
  });
  refuseTwoWriters(title, steps);
  return steps;
};

const stepOf = (rule: Exclude<AnyRule, AnyCustomFieldsRule>, context: FieldContext): Step => {
  if (typeof rule === 'string') return fieldStep({ from: rule }, context);
  if ('from' in rule) return fieldStep(rule, context);
  if ('compute' in rule) return computeStep(rule, context);
  if ('bag' in rule) return bagStep(rule, context);
  return constantStep(rule, context);
};

/** The custom fields of an account are a bag whose names are the same on both sides. */
const customStep = (
  { fields: bag, access, note }: AnyCustomFieldsRule,
  { context, custom }: { readonly context: FieldContext; readonly custom: readonly string[] | undefined },
): Step => {
  if (custom !== undefined) {
    const names = Object.fromEntries(custom.map((name) => [name, name]));
    const rule = { bag, names, ...(access && { access }), ...(note !== undefined && { note }) };
    // A record of a source that has none of them is written without.
    return bagStep(rule, { ...context, optional: true });
  }
  const row = { wire: `${pathText(keyPath(bag))}.*`, conversion: 'custom fields given at open', notes: [note] };
  const idle = () => {};
  return { field: context.field, paths: [], lossy: false, row, read: idle, ...(access ? {} : { write: idle }) };
};

const constantStep = ({ constant, note }: AnyConstantRule, { field }: FieldContext): Step => ({
  field,
  paths: [],
  lossy: false,
  row: { wire: '(none)', conversion: `constant ${JSON.stringify(constant)}`, notes: [note] },
  read: ({ into }) => {
    into[field] = constant;
  },
});

const accepts = (schema: z.core.$ZodType, value: null | undefined): boolean => {
  try {
    return z.safeParse(schema, value).success;
  } catch {
    // An asynchronous refinement: it runs only on values that its schema took.
    return true;
  }
};

/** One path beneath another counts too: the later rule would overwrite the earlier one. */
const refuseTwoWriters = (title: string, steps: readonly Step[]): void => {
  const written = steps.flatMap(({ field, paths, write }) => (write ? paths.map((keys) => ({ field, keys })) : []));
  for (const [index, one] of written.entries()) {
    const other = written.slice(index + 1).find(({ keys }) => overlap(keys, one.keys));
    if (other === undefined) continue;
    const path = pathText(one.keys.length > other.keys.length ? one.keys : other.keys);
    const who =
      one.field === other.field
        ? `the rule of '${one.field}' writes`
        : `the rules of '${one.field}' and '${other.field}' both write`;
    throw connectorError(
      'invalid-definition',
      `${title}: ${who} the wire path '${path}' twice: give one access: 'read'`,
    );
  }
};

const overlap = (one: KeyPath, other: KeyPath): boolean => {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((key, index) => key === other[index]);
};
