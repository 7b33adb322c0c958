import { type ModelConverter, refused } from './converter.ts';

/** Days of a month by the Gregorian calendar; months count from 1. */
const lastDay = (year: number, month: number): number => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

/** Whether the calendar has the day. */
export const isDay = ({ year, month, day }: { year: number; month: number; day: number }): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= lastDay(year, month);

const isoDate = /^(\d{4})-(\d\d)-(\d\d)$/;

const checkedDate = (text: string): string => {
  const [, year, month, day] = isoDate.exec(text) ?? [];
  if (year === undefined) throw refused('is not a date such as 2026-11-23');
  if (!isDay({ year: Number(year), month: Number(month), day: Number(day) }))
    throw refused('is no day of the calendar');
  return text;
};

const partForms: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d\\d)',
  DD: '(?<day>\\d\\d)',
};

/** Each part is one fixed run of digits, so that the pattern is read in one pass, whatever text it is given. */
const formOf = (layout: string): RegExp => {
  const parts = layout.split(/(YYYY|MM|DD)/);
  const complete = Object.keys(partForms).every((part) => parts.filter((each) => each === part).length === 1);
  if (!complete || /\d/.test(layout)) {
    throw new RangeError('a layout of dates has YYYY, MM and DD once each, for instance DD.MM.YYYY');
  }
  const quoted = parts.map((part) => partForms[part] ?? part.replaceAll(/[^\w]/g, '\\$&'));
  return new RegExp(`^${quoted.join('')}$`);
};

/**
 * A day of the calendar without time and zone, as text `2026-11-23`: a `Date` would be another day elsewhere.
 * @param layout How the vendor writes it, made of YYYY, MM and DD, for instance `DD.MM.YYYY`.
 * @throws RangeError for another layout.
 */
export const plainDate = (layout = 'YYYY-MM-DD'): ModelConverter<string, string> => {
  const form = formOf(layout);
  return {
    name: `date ${layout}`,
    decode: (text) => {
      const { year, month, day } = form.exec(text)?.groups ?? {};
      if (year === undefined) throw refused(`is not a date of the form ${layout}`);
      return checkedDate(`${year}-${month}-${day}`);
    },
    encode: (text) => {
      const [year = '', month = '', day = ''] = checkedDate(text).split('-');
      return layout.replace('YYYY', year).replace('MM', month).replace('DD', day);
    },
  };
};
