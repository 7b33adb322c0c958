import { conversionRefused, converter, lossy } from './converter.ts';
import { validDate } from './iso-instant.ts';

export { isoInstant } from './iso-instant.ts';

/** Milliseconds since 1970 to a `Date` and back. */
export const epochMilliseconds = converter('epoch milliseconds', {
  decode: (milliseconds: number): Date => {
    if (!Number.isInteger(milliseconds)) throw conversionRefused('is not a whole number of milliseconds');
    return validDate(new Date(milliseconds));
  },
  encode: (instant: Date): number => validDate(instant).getTime(),
});

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

const exact = (value: number): number => {
  if (!Number.isFinite(value)) throw conversionRefused('is not a finite number');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw conversionRefused('is a whole number beyond 2^53, which would lose digits');
  }
  return value;
};

/** A number that a vendor sends as text. Whole numbers beyond 2^53 are refused, as are NaN and infinity. */
export const numberText = converter('number as text', {
  decode: (text: string): number => {
    if (!decimal.test(text)) throw conversionRefused('is not a number');
    return exact(Number(text));
  },
  encode: (value: number): string => String(exact(value)),
});

/** `'true'` or `'false'`, in any case when read; nothing else. */
export const booleanText = converter("'true' | 'false'", {
  decode: (text: string): boolean => {
    const lower = text.toLowerCase();
    if (lower !== 'true' && lower !== 'false') throw conversionRefused("is neither 'true' nor 'false'");
    return lower === 'true';
  },
  encode: (value: boolean): string => String(value),
});

/** Text without surrounding spaces. */
export const trimmed = lossy('trimmed text', {
  loss: 'surrounding spaces',
  decode: (text: string): string => text.trim(),
  encode: (text: string): string => text.trim(),
});
