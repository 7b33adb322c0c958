import { type LossyModelConverter, type ModelConverter, refused } from './converter.ts';

const anyNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const plainDecimal = /^-?\d+(?:\.\d+)?$/;

/** A double keeps every decimal number of this many digits, and not every one of more. */
const exactDigits = 15;

const exact = (value: number): number => {
  if (!Number.isFinite(value)) throw refused('is not a finite number');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw refused('is a whole number beyond 2^53, which would lose digits');
  }
  return value;
};

/** A number that a vendor sends as text. Whole numbers beyond 2^53 are refused, as are NaN and infinity. */
export const numberText: ModelConverter<string, number> = {
  name: 'number as text',
  decode: (text) => {
    if (!anyNumber.test(text)) throw refused('is not a number');
    return exact(Number(text));
  },
  encode: (value) => String(exact(value)),
};

const plain = (text: string): string => {
  if (!plainDecimal.test(text)) throw refused('is not a plain decimal number such as 12.34');
  return text;
};

/** Decimal text kept as it is, digit by digit, whatever its length: `12.3400` stays `12.3400`. Never a float. */
export const decimalText: ModelConverter<string, string> = { name: 'decimal text', decode: plain, encode: plain };

/** Digits that say something: no sign, no point, no zeros in front or behind. */
const significant = (text: string): number => text.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '').length;

/** `1e-7` as `0.0000001`: JavaScript writes small and large numbers with an exponent. */
const withoutExponent = (value: number): string => {
  const [mantissa = '', exponent] = String(value).split('e');
  if (exponent === undefined) return mantissa;
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const sign = value < 0 ? '-' : '';
  const places = Number(exponent);
  if (places >= 0) return `${sign}${whole}${fraction.padEnd(places, '0')}`;
  return `${sign}0.${'0'.repeat(-places - 1)}${whole}${fraction}`;
};

/**
 * A number that a vendor sends as a JSON number, as decimal text: `12.34` stays 12.34, and is never calculated with.
 * A number of more than 15 digits is refused in both directions: a double does not keep all of those.
 */
export const decimalNumber: LossyModelConverter<number, string> = {
  name: 'decimal number',
  loss: 'zeros in front and behind',
  decode: (value) => {
    const text = withoutExponent(exact(value));
    if (significant(text) > exactDigits)
      throw refused('is a number of more than 15 digits, which a float does not keep');
    return text === '-0' ? '0' : text;
  },
  encode: (text) => {
    if (significant(plain(text)) > exactDigits) throw refused('has more than 15 digits, which a float does not keep');
    return Number(text) + 0;
  },
};
