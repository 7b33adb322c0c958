import { decimalToMinor, type Money } from '@mortise/models';
import { conversionRefused } from '@mortise/runtime';

const scientific = /^(-?)(\d+)\.(\d+)E(-?\d{1,3})$/;

/** `1.23456789E7` as `12345678.9`: SOAP writes its doubles as Java does. By text alone, never through a float. */
export const plainDecimal = (text: string): string => {
  const [, sign = '', whole, fraction = '', exponent] = scientific.exec(text) ?? [];
  if (whole === undefined) return text;
  const places = Number(exponent);
  const digits = `${whole}${fraction}`;
  const point = whole.length + places;
  const padded = point <= 0 ? `${'0'.repeat(1 - point)}${digits}` : digits.padEnd(point, '0');
  const split = Math.max(point, 1);
  const rest = padded.slice(split).replace(/0+$/, '');
  return `${sign}${padded.slice(0, split)}${rest === '' ? '' : `.${rest}`}`;
};

/** An amount in the currency that the settings name for the order's. */
export const moneyOf = (amount: string | null | undefined, currency: string | null | undefined): Money => {
  if (currency === null || currency === undefined) {
    throw conversionRefused("is in a currency that the setting 'currencies' does not list");
  }
  if (amount === null || amount === undefined) throw conversionRefused('is missing');
  return decimalToMinor(plainDecimal(amount), currency);
};
