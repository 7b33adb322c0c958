import { conversionRefused, converter, lossy } from './converter.ts';

const isoText = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)$/;

const validDate = (date: Date): Date => {
  if (Number.isNaN(date.getTime())) throw conversionRefused('is not a date');
  return date;
};

/**
 * ISO 8601 text with `Z` or an offset to a `Date` and back to UTC with milliseconds. Text without a zone is refused:
 * it names a different instant on every machine. Digits beyond milliseconds are cut off.
 */
export const isoInstant = converter('ISO instant', {
  decode: (text: string): Date => {
    if (!isoText.test(text)) throw conversionRefused('is not an ISO 8601 instant with Z or an offset');
    if (!isDayOfMonth(text)) throw conversionRefused('is not a date');
    return validDate(new Date(text.endsWith('Z') ? text : plainOffset(text)));
  },
  encode: (instant: Date): string => validDate(instant).toISOString(),
});

/** `Date` rolls 30 February over into March instead of refusing it. Days up to 19 need no calendar. */
const isDayOfMonth = (text: string): boolean => {
  const tens = text.charAt(8);
  if (tens === '0' || tens === '1') return true;
  return Number(text.slice(8, 10)) <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
};

/** Some vendors send `+0000` or `+01`, which only `+00:00` and `+01:00` say in the format that `Date` must know. */
const plainOffset = (text: string): string =>
  text.toUpperCase().replace(/([+-]\d\d):?(\d\d)?$/, (_offset, hours: string, minutes = '00') => `${hours}:${minutes}`);

/** Milliseconds since 1970 to a `Date` and back. */
export const epochMilliseconds = converter('epoch milliseconds', {
  decode: (milliseconds: number): Date => {
    if (!Number.isInteger(milliseconds)) throw conversionRefused('is not a whole number of milliseconds');
    return validDate(new Date(milliseconds));
  },
  encode: (instant: Date): number => validDate(instant).getTime(),
});

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** A number that a vendor sends as text. Text that a `number` would round off is refused, as are NaN and infinity. */
export const numberText = converter('number as text', {
  decode: (text: string): number => {
    if (!decimal.test(text)) throw conversionRefused('is not a number');
    const value = Number(text);
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      throw conversionRefused('is beyond the numbers that keep every digit');
    }
    return value;
  },
  encode: (value: number): string => {
    if (!Number.isFinite(value)) throw conversionRefused('is not a finite number');
    return String(value);
  },
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
