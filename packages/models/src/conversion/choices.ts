import { type LossyModelConverter, type ModelConverter, refused } from './converter.ts';

type Pairs = Readonly<Record<string, string>>;

/** What becomes of a value that is not in the table. */
export type UnknownChoice = 'reject' | 'keep' | { readonly use: string };

/** The table both ways. */
interface Tables {
  readonly models: ReadonlyMap<string, string>;
  readonly wires: ReadonlyMap<string, string>;
}

const tablesOf = (pairs: Pairs, also: Pairs): Tables => {
  const models = new Map([...Object.entries(also), ...Object.entries(pairs)]);
  const wires = new Map(Object.entries(pairs).map(([wire, model]) => [model, wire]));
  if (wires.size < Object.keys(pairs).length) {
    throw new RangeError("two values of the vendor stand for one choice: put the one that is not written into 'also'");
  }
  return { models, wires };
};

const unknownDecoder =
  ({ wires }: Tables, unknown: UnknownChoice) =>
  (wire: string): string => {
    if (unknown === 'reject') throw refused('is none of the known choices');
    if (unknown !== 'keep') return unknown.use;
    // Kept, it would be written back as the value that the choice of this name stands for.
    if (wires.has(wire)) throw refused('is an unknown choice that has the name of a known one');
    return wire;
  };

const unknownEncoder =
  ({ models }: Tables, unknown: UnknownChoice) =>
  (model: string): string => {
    if (unknown !== 'keep' || models.has(model)) throw refused('is no choice that the vendor has a value for');
    return model;
  };

/**
 * A vendor's choices by name: wire value to model value. Values that are not in the table are refused, or kept as they
 * are, or fall back to a named choice, which does not survive the round trip. `also` holds further wire values that are
 * read and never written.
 * @throws RangeError when two wire values of `pairs` stand for one choice.
 * @example
 * ```ts
 * import { choice } from '@mortise/models';
 * const state = choice({ A: 'active', C: 'closed' }, { unknown: { use: 'other' } });
 * state.decode('X'); // 'other'
 * ```
 */
export function choice<const P extends Pairs>(pairs: P): ModelConverter<string, P[keyof P], keyof P & string>;
export function choice(pairs: Pairs, options: { readonly unknown: 'keep' }): ModelConverter<string, string>;
export function choice<const P extends Pairs, const Use extends string, const A extends Pairs = Record<never, never>>(
  pairs: P,
  options: { readonly unknown: { readonly use: Use }; readonly also?: A },
): LossyModelConverter<string, P[keyof P] | A[keyof A] | Use>;
export function choice<const P extends Pairs, const A extends { readonly [wire: string]: P[keyof P] }>(
  pairs: P,
  options: { readonly also: A; readonly unknown?: 'reject' | 'keep' },
): LossyModelConverter<string, P[keyof P]>;
export function choice(
  pairs: Pairs,
  { unknown = 'reject', also }: { readonly unknown?: UnknownChoice; readonly also?: Pairs } = {},
): ModelConverter<string, string> {
  const tables = tablesOf(pairs, also ?? {});
  const decodeUnknown = unknownDecoder(tables, unknown);
  const encodeUnknown = unknownEncoder(tables, unknown);
  const losses = [also && 'spellings that are only read', typeof unknown === 'object' && 'unknown choices'];
  const loss = losses.filter((each) => typeof each === 'string').join(', ');
  return {
    name: `choice of ${Object.keys(pairs).join(', ')}${unknownText(unknown)}`,
    decode: (wire) => tables.models.get(wire) ?? decodeUnknown(wire),
    encode: (model) => tables.wires.get(model) ?? encodeUnknown(model),
    ...(loss !== '' && { loss }),
  };
}

const unknownText = (unknown: UnknownChoice): string => {
  if (unknown === 'reject') return '';
  return unknown === 'keep' ? '; unknown: kept' : `; unknown: ${unknown.use}`;
};
