import { type LossyModelConverter, type ModelConverter, refused } from './converter.ts';

/** The date, where it is one. */
export const validDate = (date: Date): Date => {
  if (Number.isNaN(date.getTime())) throw refused('is not a date');
  return date;
};

/** Milliseconds since 1970 to a `Date` and back. */
export const epochMilliseconds: ModelConverter<number, Date> = {
  name: 'epoch milliseconds',
  decode: (milliseconds) => {
    if (!Number.isInteger(milliseconds)) throw refused('is not a whole number of milliseconds');
    return validDate(new Date(milliseconds));
  },
  encode: (instant) => validDate(instant).getTime(),
};

/** Whole seconds since 1970 to a `Date` and back; beyond 2038 too, which is a limit of 32 bits. */
export const epochSeconds: LossyModelConverter<number, Date> = {
  name: 'epoch seconds',
  loss: 'fractions of a second',
  decode: (seconds) => {
    if (!Number.isInteger(seconds)) throw refused('is not a whole number of seconds');
    return validDate(new Date(seconds * 1_000));
  },
  encode: (instant) => Math.floor(validDate(instant).getTime() / 1_000),
};
