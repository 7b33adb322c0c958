import { conversionRefused, converter } from './converter.ts';

const isoText = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)$/;

/**
 * ISO 8601 text with `Z` or an offset to a `Date` and back to UTC with milliseconds. Text without a zone is refused:
 * it names a different instant on every machine. Digits beyond milliseconds are cut off, and a leap second is read as the
 * last millisecond before it: the instant is never later than the text says.
 */
export const isoInstant = converter('ISO instant', {
  decode: (text: string): Date => {
    const milliseconds = instantMilliseconds(text);
    if (milliseconds === undefined) throw conversionRefused('is not an ISO 8601 instant with Z or an offset');
    return validDate(new Date(milliseconds));
  },
  encode: (instant: Date): string => validDate(instant).toISOString(),
});

/**
 * The date, where it is one.
 * @throws what a converter refuses a value with
 */
const validDate = (date: Date): Date => {
  if (Number.isNaN(date.getTime())) throw conversionRefused('is not a date');
  return date;
};

/** An ISO 8601 instant as Unix milliseconds; undefined for other text, NaN for a date that does not exist. */
export const instantMilliseconds = (text: string): number | undefined =>
  isoText.test(text) ? (plainUtc(text) ?? anyZone(text)) : undefined;

/**
 * What almost every vendor sends, `2026-11-23T08:30:00Z` with or without milliseconds, read digit by digit: two such
 * fields per record make `Date`'s own parser the slowest part of a mapping. Undefined for anything less plain.
 */
const plainUtc = (text: string): number | undefined => {
  const withMilliseconds = text.length === 24;
  if (!text.endsWith('Z') || !(withMilliseconds || text.length === 20)) return undefined;
  const [year, month, day] = [twoDigits(text, 0) * 100 + twoDigits(text, 2), twoDigits(text, 5), twoDigits(text, 8)];
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  const inRange = year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  if (!inRange || hour > 23 || minute > 59 || second > 59) return undefined;
  const milliseconds = withMilliseconds ? twoDigits(text, 20) * 10 + text.charCodeAt(22) - 48 : 0;
  return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
};

const twoDigits = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

const anyZone = (text: string): number => {
  if (!isDayOfMonth(text)) return Number.NaN;
  const milliseconds = Date.parse(plainOffset(text.replace(leapSecond, '$1:59.999')));
  // Leap seconds come at the end of a day of UTC alone.
  return leapSecond.test(text) && milliseconds % dayMs !== dayMs - 1 ? Number.NaN : milliseconds;
};

const dayMs = 86_400_000;

/** `Date` has no second 60. Read as the end of the one before, so that a mark made of it never passes a record. */
const leapSecond = /(T\d\d:\d\d):60(?:\.\d+)?/i;

/** `Date` rolls 30 February over into March instead of refusing it. */
const isDayOfMonth = (text: string): boolean => {
  const lastOfMonth = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0));
  return Number(text.slice(8, 10)) <= lastOfMonth.getUTCDate();
};

/** Some vendors send `+0000` or `+01`, which only `+00:00` and `+01:00` say in the format that `Date` must know. */
const plainOffset = (text: string): string =>
  text.toUpperCase().replace(/([+-]\d\d):?(\d\d)?$/, (_offset, hours: string, minutes = '00') => `${hours}:${minutes}`);
