import { type LossyModelConverter, type ModelConverter, refused } from './converter.ts';

/** Spellings that are read too, and never written. */
export interface OtherSpellings {
  readonly alsoTrue?: readonly (string | number)[];
  readonly alsoFalse?: readonly (string | number)[];
}

/** A literal's own type is what is written; any value of its kind may come to be read. */
type Kind<Value> = Value extends string ? string : number;

/**
 * A boolean in the vendor's own spelling: `spelledBoolean('T', 'F')`, `spelledBoolean('yes', 'no')`,
 * `spelledBoolean(1, 0)`. Read exactly as declared, anything else is refused: a `'false'` that counts as true because it
 * is not empty is how wrong data comes to be. Other spellings are read where declared, and do not survive the round trip.
 * @throws RangeError when one spelling stands for both.
 */
export function spelledBoolean<const Yes extends string | number, const No extends Kind<Yes>>(
  yes: Yes,
  no: No,
): ModelConverter<Kind<Yes>, boolean, (Yes | No) & Kind<Yes>>;
export function spelledBoolean(
  yes: string | number,
  no: string | number,
  others: OtherSpellings,
): LossyModelConverter<string | number, boolean>;
export function spelledBoolean(
  yes: string | number,
  no: string | number,
  others?: OtherSpellings,
): ModelConverter<string | number, boolean> {
  const meanings = new Map<string | number, boolean>();
  const learn = (spelling: string | number, meaning: boolean) => {
    if (meanings.get(spelling) === !meaning) throw new RangeError('one spelling stands for both true and false');
    meanings.set(spelling, meaning);
  };
  for (const spelling of [yes, ...(others?.alsoTrue ?? [])]) learn(spelling, true);
  for (const spelling of [no, ...(others?.alsoFalse ?? [])]) learn(spelling, false);
  const both = `${JSON.stringify(yes)} | ${JSON.stringify(no)}`;
  return {
    name: both,
    decode: (wire) => {
      const meaning = meanings.get(wire);
      if (meaning === undefined) throw refused('is no spelling of true or false that is declared');
      return meaning;
    },
    encode: (value) => (value ? yes : no),
    ...(others && { loss: `spellings other than ${both}` }),
  };
}
