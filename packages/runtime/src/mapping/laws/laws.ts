import type { z } from 'zod';
import { connectorError } from '../../errors/connector-error.ts';
import type { Random } from '../../resilience/clock.ts';
import type { MappingResult } from '../issues.ts';
import { type Fields, isFields, pathText } from '../key-path.ts';
import type { AnyMapping, MappedField } from '../mapping.ts';
import { oneOf, seededRandom } from './random.ts';
import { isSame, leavesOf, merged, valueAt, withValue } from './records.ts';
import { generated } from './values.ts';

/** How a mapping is checked. */
export interface LawOptions {
  /** The same seed checks the same records. */
  readonly seed?: number;
  /** Records of each side. */
  readonly runs?: number;
  /** Draws numbers from 0 to 1, for instance from fast-check; by the seed unless given. */
  readonly random?: Random;
  /**
   * Real records, mixed with generated ones field by field. Needed where no value of the generator gets through: texts
   * of a form of their own, for instance.
   */
  readonly samples?: { readonly wire?: readonly object[]; readonly model?: readonly object[] };
}

/** A law that does not hold. */
export interface BrokenLaw {
  /**
   * `model`: decode(encode(model)) is the model. `wire`: encode(decode(wire)) is the wire record. `schema`: what encode
   * gives fits the wire schema. `change`: encodeChange writes nothing that the change does not name.
   */
  readonly law: 'model' | 'wire' | 'schema' | 'change';
  readonly field: string;
  readonly path: string;
  readonly reason: string;
  /** Which run of the seed it was: its index, from 0. */
  readonly run: number;
}

/** What was found. */
export interface LawReport {
  readonly broken: readonly BrokenLaw[];
  /** Records that both directions took; the rest were refused by a rule, which is lawful. */
  readonly checked: {
    /** How many models. */
    readonly models: number;
    /** How many wire records. */
    readonly wires: number;
  };
}

/** A mapping whose records are plain fields. */
interface Plain {
  readonly decode: (wire: unknown) => MappingResult<unknown>;
  readonly encode: (model: unknown) => MappingResult<unknown>;
  readonly encodeChange: (change: unknown) => MappingResult<unknown>;
  readonly wireSchema: z.ZodType;
  readonly modelSchema: z.ZodType;
  readonly fields: readonly MappedField[];
  /** Fields that are written. */
  readonly writable: readonly MappedField[];
  /** Of these, the ones that must come back as they went. */
  readonly lawful: readonly MappedField[];
}

const plainOf = (mapping: AnyMapping): Plain => {
  // Custom fields that no host has given yet have no path.
  const writable = mapping.fields.filter(({ write, paths }) => write !== undefined && paths.length > 0);
  return {
    // Every record here was made by the mapping's own schemas.
    decode: (wire) => mapping.tryDecode(wire as never),
    encode: (model) => mapping.tryEncode(model as never),
    encodeChange: (change) => mapping.tryEncodeChange(change as never),
    wireSchema: mapping.wireSchema,
    modelSchema: mapping.modelSchema,
    fields: mapping.fields,
    writable,
    lawful: writable.filter(({ lossy }) => !lossy),
  };
};

const sampled = (made: unknown, { random, samples }: { random: Random; samples: readonly object[] | undefined }) => {
  const [first, ...others] = samples ?? [];
  if (first === undefined || !isFields(made)) return made;
  const sample: Fields = { ...oneOf(random, [first, ...others]) };
  const kept = Object.entries(sample).filter(() => random() < 0.5);
  return { ...made, ...Object.fromEntries(kept) };
};

const mends = 200;

/** A wire record that the mapping decodes: paths that it refuses are drawn anew, the others stay. */
const wireRecord = (mapping: Plain, draw: { random: Random; samples: LawOptions['samples'] }): unknown => {
  const fresh = () => sampled(generated(mapping.wireSchema, draw.random), { ...draw, samples: draw.samples?.wire });
  let wire = fresh();
  for (let attempt = 0; attempt < mends; attempt += 1) {
    const parsed = mapping.wireSchema.safeParse(wire);
    const decoded = parsed.success ? mapping.decode(wire) : undefined;
    if (decoded?.ok) return wire;
    const other = fresh();
    const wrong = (decoded?.issues ?? []).map(({ field }) => field.replace(/[[.].*/, ''));
    const paths = mapping.fields.filter(({ field }) => wrong.includes(field)).flatMap((each) => each.paths);
    if (paths.length === 0) wire = other;
    for (const path of paths) wire = withValue(wire, { path, value: valueAt(other, path) });
  }
  return undefined;
};

const picked = (record: unknown, fields: readonly MappedField[]): Fields => {
  const found: Fields = {};
  for (const { field } of fields) {
    const value = valueAt(record, [field]);
    if (value !== undefined) found[field] = value;
  }
  return found;
};

type Breach = Omit<BrokenLaw, 'run'>;

const breach = ({ field, paths }: MappedField, { law, reason }: Pick<BrokenLaw, 'law' | 'reason'>): Breach => ({
  law,
  field,
  path: paths.map(pathText).join(' + '),
  reason,
});

/** Where null is written as the empty text, an empty text of the model is null to the vendor: they cannot be told apart. */
const isSpellingOfNull = (
  mapping: Plain,
  { each, model, written }: { each: MappedField; model: unknown; written: unknown },
): boolean => {
  if (valueAt(model, [each.field]) !== '') return false;
  const cleared = mapping.encodeChange({ [each.field]: null });
  return cleared.ok && each.paths.every((path) => isSame(valueAt(cleared.value, path), valueAt(written, path)));
};

/** decode(encode(model)) is the model, and what was written fits the wire schema. Undefined where a rule refuses. */
const modelLaws = (mapping: Plain, { model, wire }: { model: unknown; wire: unknown }): Breach[] | undefined => {
  const written = mapping.encode(picked(model, mapping.writable));
  if (!written.ok) return undefined;
  const whole = merged(wire, written.value);
  const parsed = mapping.wireSchema.safeParse(whole);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join('.') ?? '';
    return [{ law: 'schema', field: '', path: at, reason: 'encode wrote what the wire schema does not take' }];
  }
  const back = mapping.decode(whole);
  if (!back.ok) {
    return back.issues.map(({ field, path, reason }) => ({
      law: 'model',
      field,
      path,
      reason: `not read back: ${reason}`,
    }));
  }
  return mapping.lawful
    .filter(({ field }) => valueAt(model, [field]) !== undefined)
    .filter(({ field }) => !isSame(valueAt(back.value, [field]), valueAt(model, [field])))
    .filter((each) => !isSpellingOfNull(mapping, { each, model, written: written.value }))
    .map((each) => breach(each, { law: 'model', reason: 'another value comes back than was written' }));
};

const isAsIs = ({ row }: MappedField): boolean => row.conversion === 'as is';

/**
 * encode(decode(wire)) is the wire record: to the letter where a rule converts nothing, otherwise by what it decodes to,
 * since `12.30` and `12.3` are one amount. What means null is one value in all its spellings.
 */
const wireLaws = (mapping: Plain, wire: unknown): Breach[] | undefined => {
  const decoded = mapping.decode(wire);
  if (!decoded.ok) return undefined;
  const written = mapping.encode(picked(decoded.value, mapping.writable));
  if (!written.ok) {
    return written.issues.map(({ field, path, reason }) => ({
      law: 'wire',
      field,
      path,
      reason: `not written back: ${reason}`,
    }));
  }
  const again = mapping.decode(merged(wire, written.value));
  return mapping.lawful.flatMap((each) => {
    const value = valueAt(decoded.value, [each.field]);
    if (!again.ok || !isSame(valueAt(again.value, [each.field]), value)) {
      return [breach(each, { law: 'wire', reason: 'written back it is read as another value' })];
    }
    if (value === null || value === undefined || !isAsIs(each)) return [];
    const isKept = each.paths.every((path) => isSame(valueAt(written.value, path), valueAt(wire, path)));
    return isKept ? [] : [breach(each, { law: 'wire', reason: 'another value is written back than was read' })];
  });
};

const isWithin = (path: readonly string[], allowed: readonly string[]): boolean =>
  allowed.every((key, index) => path[index] === key);

/** encodeChange writes the paths of the fields that it is given, and leaves all other fields as they are. */
const changeLaws = (
  mapping: Plain,
  { model, wire, random }: { model: unknown; wire: unknown; random: Random },
): Breach[] => {
  const given = mapping.writable.filter(() => random() < 0.4);
  const written = mapping.encodeChange(picked(model, given));
  const before = mapping.decode(wire);
  if (!written.ok || !before.ok) return [];
  const leaves = given.length === 0 && isSame(written.value, {}) ? [] : leavesOf(written.value);
  const allowed = given.flatMap(({ paths }) => paths);
  const beyond = leaves.filter((leaf) => leaf.length > 0 && !allowed.some((path) => isWithin(leaf, path)));
  const after = mapping.decode(merged(wire, written.value));
  const others = mapping.writable.filter((each) => !given.includes(each));
  const moved = others.filter(
    ({ field }) => !after.ok || !isSame(valueAt(after.value, [field]), valueAt(before.value, [field])),
  );
  return [
    ...beyond.map(
      (leaf): Breach => ({
        law: 'change',
        field: '',
        path: pathText(leaf),
        reason: 'written, but not named by the change',
      }),
    ),
    ...(after.ok
      ? moved.map((each) => breach(each, { law: 'change', reason: 'changed by a change of other fields' }))
      : []),
  ];
};

/**
 * Checks the laws of a mapping on generated records: what is written comes back, what is read is written back, and a
 * change writes nothing else. Lossy and read-only fields are held to none of it. Throws nothing for a broken law.
 * @throws ConnectorError `invalid-definition` where no record comes through: the check would have checked nothing.
 * @example
 * ```ts
 * import { isoInstant } from '@mortise/runtime';
 * import { checkLaws, mapping } from '@mortise/runtime/mapping';
 * import { z } from 'zod';
 * const Wire = z.object({ mail: z.string().nullish(), seen: z.string() });
 * const Person = z.object({ email: z.string().nullable(), seenAt: z.date() });
 * const person = mapping(Wire, Person, {
 *   email: { from: 'mail', onMissing: 'null' },
 *   seenAt: { from: 'seen', as: isoInstant },
 * });
 * checkLaws(person, { seed: 7, runs: 200 }).broken; // []
 * ```
 */
export const checkLaws = (mapping: AnyMapping, options: LawOptions = {}): LawReport => {
  const { seed = 1, runs = 200, random = seededRandom(seed), samples } = options;
  const plain = plainOf(mapping);
  const broken: BrokenLaw[] = [];
  const checked = { models: 0, wires: 0 };
  for (let run = 0; run < runs; run += 1) {
    const wire = wireRecord(plain, { random, samples });
    const model = sampled(generated(plain.modelSchema, random), { random, samples: samples?.model });
    // Three times nothing in 200 attempts: more of the same would only take long.
    if (wire === undefined && checked.wires === 0 && run >= 2) break;
    if (wire === undefined) continue;
    const found = wireLaws(plain, wire) ?? [];
    checked.wires += 1;
    const ofModel = plain.modelSchema.safeParse(model).success ? modelLaws(plain, { model, wire }) : undefined;
    if (ofModel !== undefined) checked.models += 1;
    found.push(...(ofModel ?? []), ...changeLaws(plain, { model, wire, random }));
    broken.push(...found.map((each) => ({ ...each, run })));
  }
  const isIdle = checked.wires === 0 || (plain.writable.length > 0 && checked.models === 0);
  if (isIdle) {
    const side = checked.wires === 0 ? 'wire record' : 'model';
    throw connectorError('invalid-definition', `${mapping.title}: no generated ${side} comes through: give samples`);
  }
  return { broken, checked };
};
