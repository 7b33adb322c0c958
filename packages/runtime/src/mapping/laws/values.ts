import { z } from 'zod';
import type { Random } from '../../resilience/clock.ts';
import type { Fields } from '../key-path.ts';
import { below, oneOf } from './random.ts';

/** Texts that have broken mappings: empty, spaces, signs of other scripts, and what other types look like as text. */
const texts: readonly [string, ...string[]] = [
  ...([
    '',
    ' ',
    'Ada',
    'O’Neil "the" <b>&amp;',
    ' padded ',
    'Zoë Ångström 山田',
    '👩‍👩‍👧',
    'line\nline',
    '0',
    '00123',
  ] as const),
  ...([
    'true',
    'false',
    'null',
    '12.34',
    '-5',
    '1e3',
    '9007199254740993',
    'a;b',
    '__proto__',
    'EUR',
    'JPY',
    'KWD',
  ] as const),
  ...(['ada@example.test', '2026-03-29T02:30:00', '2026-11-23', 'x'.repeat(300)] as const),
  ...(['2026-11-23T08:30:00.000Z', '2024-02-29T23:59:59.999Z', '2038-01-19T03:14:08.000Z'] as const),
];

const numbers: readonly [number, ...number[]] = [
  0,
  1,
  -1,
  2,
  7,
  42,
  100,
  1.5,
  -0.01,
  1234.56,
  2 ** 31,
  Number.MAX_SAFE_INTEGER,
];

const firstInstant = Date.UTC(1990, 0);
const instants = Date.UTC(2060, 0) - firstInstant;

type Make = (schema: z.core.$ZodType, random: Random) => unknown;

const list = (schema: z.core.$ZodType, random: Random): unknown[] =>
  Array.from({ length: below(random, 4) }, () => generated(schema, random));

const object = (shape: z.core.$ZodShape, random: Random): Fields => {
  const made: Fields = {};
  for (const [name, schema] of Object.entries(shape)) {
    const value = generated(schema, random);
    if (value !== undefined) made[name] = value;
  }
  return made;
};

const composite: Make = (schema, random) => {
  if (schema instanceof z.ZodObject) return object(schema.shape, random);
  if (schema instanceof z.ZodArray) return list(schema.def.element, random);
  if (schema instanceof z.ZodUnion) {
    const [first, ...others] = schema.def.options;
    return first === undefined ? undefined : generated(oneOf(random, [first, ...others]), random);
  }
  if (schema instanceof z.ZodTuple) return schema.def.items.map((item) => generated(item, random));
  if (schema instanceof z.ZodRecord) return random() < 0.5 ? {} : { key: generated(schema.def.valueType, random) };
  if (schema instanceof z.ZodLazy) return generated(schema.def.getter(), random);
  return undefined;
};

const simple: Make = (schema, random) => {
  if (schema instanceof z.ZodString) return oneOf(random, texts);
  if (schema instanceof z.ZodNumber)
    return random() < 0.5 ? oneOf(random, numbers) : below(random, 2_000_000) - 1_000_000;
  if (schema instanceof z.ZodBoolean) return random() < 0.5;
  if (schema instanceof z.ZodDate) return new Date(firstInstant + below(random, instants));
  if (schema instanceof z.ZodBigInt) return BigInt(below(random, 2_000_000)) * 2n ** 40n;
  if (schema instanceof z.ZodUnknown || schema instanceof z.ZodAny) return oneOf(random, [...texts, 1, true, null, []]);
  if (schema instanceof z.ZodNull) return null;
  return composite(schema, random);
};

/** A value of the schema's type, which may still break its refinements: `fitting` tries again. */
export const generated: Make = (schema, random) => {
  const { values } = schema._zod;
  if (schema instanceof z.ZodOptional) return random() < 0.3 ? undefined : generated(schema.def.innerType, random);
  if (schema instanceof z.ZodNullable) return random() < 0.3 ? null : generated(schema.def.innerType, random);
  if (schema instanceof z.ZodReadonly) return generated(schema.def.innerType, random);
  if (values !== undefined && values.size > 0) {
    const [first, ...others] = values;
    return oneOf(random, [first, ...others]);
  }
  return fitting(schema, random);
};

const attempts = 50;

/** Whether a type alone does not say what fits: formats and refinements do. */
const isPicky = ({ _zod: { def } }: z.core.$ZodType): boolean =>
  'format' in def || 'pattern' in def || (def.checks?.length ?? 0) > 0 || def.type === 'custom';

/** A value that the schema takes, refinements included, where one comes up in 50 attempts. */
const fitting: Make = (schema, random) => {
  let value = simple(schema, random);
  if (!isPicky(schema)) return value;
  for (let attempt = 1; attempt < attempts && !z.safeParse(schema, value).success; attempt += 1) {
    value = simple(schema, random);
  }
  return value;
};
