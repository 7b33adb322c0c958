import { badQuery } from './tokens.ts';

const parts = /"([^"]*)"|YYYY|MM|DD|HH24|MI|SS|FF\d?|TZH:TZM/g;

type Reading = { pattern: RegExp; names: string[] };

const escapeText = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const digits: Readonly<Record<string, string>> = {
  YYYY: '(\\d{4})',
  FF: '(\\d{1,9})',
  'TZH:TZM': '([+-]\\d\\d:\\d\\d)',
};

function readingOf(format: string): Reading {
  const names: string[] = [];
  let pattern = '';
  let last = 0;
  for (const found of format.matchAll(parts)) {
    pattern += escapeText(format.slice(last, found.index));
    const name = found[0].startsWith('FF') ? 'FF' : found[0];
    if (found[1] === undefined) names.push(name);
    pattern += found[1] === undefined ? (digits[name] ?? '(\\d{1,2})') : escapeText(found[1]);
    last = found.index + found[0].length;
  }
  return { pattern: new RegExp(`^${pattern}${escapeText(format.slice(last))}$`), names };
}

/** Reads a date literal by its format: milliseconds of the wall clock it names. Throws 400 when it does not fit. */
export function wallClock(text: string, format: string): number {
  const { pattern, names } = readingOf(format);
  const found = pattern.exec(text);
  if (found === null) throw badQuery(`ORA-01861: literal does not match format string ${format}`);
  const part = (name: string, otherwise: string): string => found[names.indexOf(name) + 1] ?? otherwise;
  const get = (name: string, otherwise = '0'): number =>
    names.includes(name) ? Number(part(name, otherwise)) : Number(otherwise);
  const fraction = names.includes('FF') ? Number(part('FF', '0').padEnd(3, '0').slice(0, 3)) : 0;
  return Date.UTC(get('YYYY'), get('MM', '1') - 1, get('DD', '1'), get('HH24'), get('MI'), get('SS'), fraction);
}

/** Writes the wall clock of so many milliseconds by an Oracle format. */
export function formatted(milliseconds: number, format: string): string {
  const iso = new Date(milliseconds).toISOString();
  const values: Readonly<Record<string, string>> = {
    YYYY: iso.slice(0, 4),
    MM: iso.slice(5, 7),
    DD: iso.slice(8, 10),
    HH24: iso.slice(11, 13),
    MI: iso.slice(14, 16),
    SS: iso.slice(17, 19),
  };
  return format.replace(parts, (name, literal) => {
    if (typeof literal === 'string') return literal;
    return name.startsWith('FF') ? iso.slice(20, 23) : (values[name] ?? name);
  });
}

/** What a date column gives without TO_CHAR: the day alone, in the format of the user's preferences. */
export function plainDate(milliseconds: number): string {
  const date = new Date(milliseconds);
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
}
