/** A two-way conversion of one value. Plain data: `name` appears in documentation and in reasons. */
export interface Converter<Wire, Model> {
  /** Short words for tables and reasons, for instance `ISO instant`. */
  readonly name: string;
  /** May throw `conversionRefused(reason)`; null and missing values never reach it. */
  readonly decode: (wire: Wire) => Model;
  /** May throw `conversionRefused(reason)`; null and missing values never reach it. */
  readonly encode: (model: Model) => Wire;
}

/** A converter that does not bring every value back. A rule that uses it must say `lossy` too. */
export interface LossyConverter<Wire, Model> extends Converter<Wire, Model> {
  /** What does not survive, for instance `surrounding spaces`. */
  readonly loss: string;
}

/** The two directions of a converter. */
export type Conversions<Wire, Model> = Pick<Converter<Wire, Model>, 'decode' | 'encode'>;

/**
 * Names a lossless conversion.
 * @example
 * ```ts
 * import { converter } from '@mortise/runtime';
 * const yesNo = converter('yes or no', { decode: (text: string) => text === 'yes', encode: (flag) => (flag ? 'yes' : 'no') });
 * ```
 */
export const converter = <Wire, Model>(
  name: string,
  conversions: Conversions<Wire, Model>,
): Converter<Wire, Model> => ({ name, ...conversions });

/** Names a conversion that loses something, and what. */
export const lossy = <Wire, Model>(
  name: string,
  { loss, ...conversions }: Conversions<Wire, Model> & { readonly loss: string },
): LossyConverter<Wire, Model> => ({ name, loss, ...conversions });

const refusal = Symbol.for('mortise.conversion-refused');

/**
 * What a converter throws when a value is not for it.
 * @param reason What is wrong, without the value: it goes to logs and dead letters.
 */
export const conversionRefused = (reason: string): Error =>
  Object.defineProperty(new Error(reason), refusal, { value: true });

/** Any other error may quote the value, so its message is never passed on. */
export const refusalReason = (who: string, thrown: unknown): string =>
  thrown instanceof Error && refusal in thrown ? `${who}: ${thrown.message}` : `${who} refused the value`;
